"""A change of the documents folder is told once it has come to rest, and only once."""

from pathlib import Path

import pytest

from corpus.watch import Watch, state_of
from tests.corpus.test_shelf import put


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    put(tmp_path / "documents", "good")
    return tmp_path / "documents"


def test_folder_that_does_not_change_is_never_told_of(documents: Path) -> None:
    watch = Watch(documents)
    assert [watch.changed() for _ in range(3)] == [False, False, False]


def test_change_is_told_when_two_looks_find_the_same(documents: Path) -> None:
    watch = Watch(documents)
    put(documents, "new")
    assert watch.changed() is False
    (documents / "new" / "a.txt").write_text("还在复制的文件又长了一些", encoding="utf-8")
    assert watch.changed() is False
    assert watch.changed() is True
    watch.take()
    assert watch.changed() is False


@pytest.mark.parametrize("change", ["rename", "delete", "touch", "describe"])
def test_every_kind_of_change_is_seen(documents: Path, change: str) -> None:
    before = state_of(documents)
    file = documents / "good" / "a.txt"
    if change == "rename":
        (documents / "good").rename(documents / "other")
    elif change == "delete":
        file.unlink()
    elif change == "touch":
        file.write_bytes(file.read_bytes()[::-1])
    else:
        (documents / "good" / "document.yaml").write_text("title: 报告", encoding="utf-8")
    assert state_of(documents) != before


def test_what_holds_no_document_is_not_looked_at(documents: Path) -> None:
    before = state_of(documents)
    put(documents / ".removed", "old")
    put(documents / "_drafts", "half")
    assert state_of(documents) == before


def test_folder_that_cannot_be_read_is_a_change_with_its_reason(tmp_path: Path) -> None:
    assert state_of(tmp_path / "nowhere") == "路径不存在"
