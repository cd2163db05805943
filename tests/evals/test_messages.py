from pathlib import Path

import pytest

from evals.messages import MessageError, messages


def test_no_text_is_in_both_halves() -> None:
    halves: dict[str, set[str]] = {}
    for message in messages():
        halves.setdefault(message.half, set()).add(message.text)
    assert set(halves) == {"learned", "blind"}
    assert not halves["learned"] & halves["blind"]


def test_line_without_a_label_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "learned-x.tsv").write_text("ordinary\t好\n没有标签\n", encoding="utf-8")
    with pytest.raises(MessageError, match=r"learned-x\.tsv:2"):
        list(messages(tmp_path))
