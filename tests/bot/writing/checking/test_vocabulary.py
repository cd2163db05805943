"""Words that may stand in any sentence, and words that state what their source does not."""

import pytest

from bot.settings import ROOT
from bot.wording import read_yaml
from bot.writing.checking.vocabulary import Vocabulary
from corpus.corpus import Corpus


@pytest.fixture(scope="module")
def vocabulary(corpus: Corpus) -> Vocabulary:
    told = read_yaml(ROOT / "prompts" / "check.yaml")
    neutral, speech = frozenset(told["neutral"].split()), frozenset(told["plain_speech"].split())
    return Vocabulary(corpus.words, neutral, frozenset(told["particles"]), corpus.place_names, speech)


STATE_FACTS = (
    "放弃 拒绝 反对 撤销 没收 延长 缩短 永久 马上 立即 收费 正在 现在 平均 因为 原因 出售 初中 吃饭 看病 拿到 新开"
)


@pytest.mark.parametrize("word", sorted(STATE_FACTS.split()))
def test_word_that_states_a_fact_is_no_plain_speech(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.is_foreign(word, "新建长者食堂5个")
    assert not vocabulary.is_plain_speech(word)


@pytest.mark.parametrize("word", ["而且", "除了", "自己", "这样"])
def test_word_of_everyday_speech_says_nothing(vocabulary: Vocabulary, word: str) -> None:
    assert vocabulary.is_plain_speech(word)


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("体育场", "新建体育馆和停车场"),
        ("养老院", "支持养老机构,改造卫生院"),
        ("图书城", "图书馆在新城"),
        ("幼儿所", "幼儿园和派出所"),
    ],
)
def test_compound_of_two_words_of_a_source_is_foreign(vocabulary: Vocabulary, word: str, source: str) -> None:
    assert vocabulary.is_foreign(word, source)


@pytest.mark.parametrize(
    ("word", "source"), [("将新建", "新建体育馆"), ("体育馆", "新建体育馆"), ("会加快", "加快建设")]
)
def test_word_of_a_source_with_a_particle_is_known(vocabulary: Vocabulary, word: str, source: str) -> None:
    assert not vocabulary.is_foreign(word, source)
