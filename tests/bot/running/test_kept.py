"""The files of a district come back all together, or stay as they were."""

import os
from pathlib import Path

import pytest

from bot.errors import BackupUnusable
from bot.records.accounts import users
from bot.running.backup import restore
from bot.settings import Settings
from tests.bot.running.conftest import PASSWORD, Opened


def changed(settings: Settings) -> dict[str, bytes]:
    """The district's files after one of the documents and one of the lexicon were changed."""
    (text,) = settings.documents_dir.glob("*/report.txt")
    text.write_text("换成了别的")
    (settings.documents_dir / "newer-2026").mkdir()
    (settings.documents_dir / "newer-2026" / "text.txt").write_text("后来上架的")
    (settings.lexicon_dir / "words.txt").write_text("换成了别的")
    return files_of(settings)


def files_of(settings: Settings) -> dict[str, bytes]:
    place = settings.site_file.parent
    found = (path for path in place.rglob("*") if path.is_file())
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in found}


def test_file_that_cannot_be_put_in_its_place_is_told_before_anything_is_changed(
    settings: Settings, opened: Opened, backed_up: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, saved = changed(settings), list[bool]()
    writable = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != settings.lexicon_dir and writable(path, mode))
    target = opened(f"sqlite:///{tmp_path / 'target.db'}")
    with pytest.raises(BackupUnusable, match=f"{settings.lexicon_dir} 里不能写"):
        restore(settings, target, backed_up, replace=True, save=lambda: saved.append(True))
    assert not saved
    assert files_of(settings) == held
    assert not target.file or not target.file.exists()


def test_files_that_were_replaced_come_back_when_a_later_one_fails(
    settings: Settings, opened: Opened, backed_up: Path, tmp_path: Path
) -> None:
    changed(settings)
    (settings.lexicon_dir / "words.txt").unlink()
    (settings.lexicon_dir / "words.txt").mkdir()
    held = files_of(settings)
    target = opened(f"sqlite:///{tmp_path / 'target.db'}")
    users.add(target, "other", "agent", PASSWORD, "command")
    with pytest.raises(BackupUnusable, match=r"words\.txt"):
        restore(settings, target, backed_up, replace=True)
    assert files_of(settings) == held
    assert (settings.documents_dir / "newer-2026").is_dir()
    assert [one["name"] for one in users.every(target)] == ["other"]
