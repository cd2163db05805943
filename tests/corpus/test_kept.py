from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.kept import KeptWords


class Making:
    """Makes words, and counts how often it was asked to."""

    def __init__(self, *words: str) -> None:
        self.words, self.times = words, 0

    def __call__(self) -> tuple[str, ...]:
        self.times += 1
        return self.words


def test_words_are_made_once_of_the_same(tmp_path: Path) -> None:
    make, kept = Making("食堂", "绿道"), KeptWords(tmp_path / "words")
    assert kept.get("own", ["甲", "乙"], make) == kept.get("own", ["甲", "乙"], make) == {"食堂", "绿道"}
    assert make.times == 1


def test_words_are_made_anew_of_something_else(tmp_path: Path) -> None:
    kept = KeptWords(tmp_path)
    kept.get("own", ["甲", "乙"], Making("食堂"))
    assert kept.get("own", ["甲乙"], Making("绿道")) == {"绿道"}


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-9], lambda text: text.replace("食堂", "食常"), lambda _: "[]", lambda _: "{}"]
)
def test_damaged_words_are_made_anew(tmp_path: Path, damage: Callable[[str], str]) -> None:
    kept = KeptWords(tmp_path)
    kept.get("own", ["甲"], Making("食堂"))
    file = tmp_path / "own.json"
    file.write_text(damage(file.read_text(encoding="utf-8")), encoding="utf-8")
    assert kept.get("own", ["甲"], Making("食堂")) == {"食堂"}


def test_words_that_cannot_be_kept_are_made_all_the_same(tmp_path: Path) -> None:
    blocked = tmp_path / "words"
    blocked.write_text("", encoding="utf-8")
    assert KeptWords(blocked).get("own", ["甲"], Making("食堂")) == {"食堂"}
