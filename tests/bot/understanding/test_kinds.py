from pathlib import Path

import pytest

from bot.understanding.kinds import Cues, Kind
from bot.wording import WordingError
from tests.conftest import ROOT

LEXICON = ROOT / "corpus" / "lexicon"


def test_every_kind_has_its_cues_and_its_label() -> None:
    items = Cues.load(LEXICON).items
    assert {item.kind for item in items} == set(Kind)
    assert all(item.label for item in items)


@pytest.mark.parametrize(("written", "instead"), [("name: price", "name: cost"), ("name: who", "name: whom")])
def test_kind_that_the_program_does_not_know_is_refused_by_name(tmp_path: Path, written: str, instead: str) -> None:
    text = (LEXICON / "asked.yaml").read_text(encoding="utf-8")
    assert written in text
    (tmp_path / "asked.yaml").write_text(text.replace(written, instead, 1), encoding="utf-8")
    with pytest.raises(WordingError, match=instead.removeprefix("name: ")):
        Cues.load(tmp_path)
