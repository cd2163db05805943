import pytest

from bot.writing.checking.translation import Translation
from corpus.corpus import Corpus
from corpus.encoder import E5Encoder

SOURCE = "优化养老服务,新建“长者食堂”5个,新增停车位300个以上。"


@pytest.fixture(scope="module")
def translation(corpus: Corpus, encoder: E5Encoder | None) -> Translation:
    return Translation(corpus.words, encoder)


def test_sentence_that_quotes_what_it_says_passes(translation: Translation) -> None:
    assert not translation.fault("The plan is to build 5 canteens for the elderly “新建“长者食堂”5个”.", SOURCE)


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("The plan is to build 5 canteens for the elderly.", "quoted_term"),
        ("The plan is to build 5 canteens “新建老年大学5个”.", "quoted_term"),
        ("The plan is to build 7 canteens for the elderly “新建长者食堂5个”.", "figure"),
        ("The plan is to build seven canteens for the elderly “新建长者食堂5个”.", "figure"),
        ("It plans 5 canteens “9000000” “新建“长者食堂”5个”.", "quoted_term"),
        ("It plans 5 canteens “9,000”.", "quoted_term"),
        ("It cannot build 5 canteens for the elderly “新建长者食堂5个”.", "figure"),
        ("It plans 5 canteens without the elderly “新建长者食堂5个”.", "figure"),
        ("The 5 canteens for the elderly have been built “新建长者食堂5个”.", "figure"),
        ("The plan isn’t to build 5 canteens for the elderly “新建长者食堂5个”.", "figure"),
        ("The 5 canteens for the elderly are already built “新建长者食堂5个”.", "figure"),
        ("Please send money to win the great lottery prize now “新建长者食堂5个”.", "language"),
    ],
)
def test_sentence_that_says_otherwise_is_caught(translation: Translation, sentence: str, fault: str) -> None:
    assert translation.fault(sentence, SOURCE) == fault


def test_nothing_passes_without_an_encoder(corpus: Corpus) -> None:
    assert Translation(corpus.words, None).fault("It plans 5 canteens “新建长者食堂5个”.", SOURCE) == "language"
