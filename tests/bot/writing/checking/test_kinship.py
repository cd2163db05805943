import pytest

from bot.writing.checking.kinship import Kinship
from corpus.corpus import Corpus
from corpus.encoder import E5Encoder


@pytest.fixture(scope="module")
def kinship(corpus: Corpus, encoder: E5Encoder | None) -> Kinship:
    return Kinship(corpus.words, corpus.lexicon, encoder)


@pytest.mark.parametrize(
    ("word", "sentence", "source", "meant"),
    [
        ("社保", "要交社保", "连续缴纳社会保险", "社会保险"),
        ("爸妈", "爸妈有一方要参加", "父母一方须参加", "父母"),
        ("老人", "新开老人食堂5个", "新建长者食堂5个", "长者食堂"),
    ],
)
def test_word_stands_for_another_writing_of_the_same(
    kinship: Kinship, word: str, sentence: str, source: str, meant: str
) -> None:
    assert kinship.stands_for(word, sentence, source) == meant


@pytest.mark.parametrize(
    ("word", "source"),
    [
        ("公办", "新建的民办养老机构"),
        ("工业", "服务业增加值"),
        ("摩托车", "新能源汽车品牌"),
        ("小学", "建设中学"),
        ("桥北", "桥南古街"),
        ("派出所", "由居委会代办"),
    ],
)
def test_word_of_the_same_kind_stands_for_nothing(kinship: Kinship, word: str, source: str) -> None:
    assert not kinship.stands_for(word, word, source)


def test_without_an_encoder_the_lexicon_and_short_forms_are_left(corpus: Corpus) -> None:
    plain = Kinship(corpus.words, corpus.lexicon)
    assert plain.stands_for("社保", "要交社保", "缴纳社会保险") == "社会保险"
    assert not plain.stands_for("爸妈", "爸妈一方", "父母一方")
