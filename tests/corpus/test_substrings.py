import random

import pytest

from corpus.substrings import Substrings

TEXTS = ("新建长者食堂5个", "", "食堂改造", "道路改造5公里,食", "堂")


@pytest.mark.parametrize(
    "word", ["食堂", "长者食堂", "改造5", "5", "堂", "造5公", "飞船", "者堂", "食,堂", "", "\0", "食\0堂"]
)
def test_word_is_found_in_just_the_texts_that_hold_it(word: str) -> None:
    texts = Substrings(TEXTS)
    held = [number for number, text in enumerate(TEXTS) if word in text]
    assert texts.holding(word).tolist() == held
    assert texts.holds(word) is bool(held)


def test_any_texts_are_searched_as_a_walk_would_search_them() -> None:
    drawn = random.Random(7)
    lines = ["".join(drawn.choices("甲乙丙a1", k=drawn.randrange(9))) for _ in range(60)]
    texts = Substrings(lines)
    for word in ("".join(drawn.choices("甲乙丙a1", k=drawn.randrange(1, 5))) for _ in range(300)):
        assert texts.holding(word).tolist() == [number for number, line in enumerate(lines) if word in line]


def test_nothing_stands_in_no_text() -> None:
    assert not Substrings([]).holds("食堂")
    assert not len(Substrings([]).holding("堂"))
