"""The files that a district edits (documents, drafts, lexicon, site): into a backup and back."""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BackupUnusable
from bot.office.documents.drafts import DRAFTS
from bot.running.archive import Reader
from bot.settings import Settings
from corpus.shelving import TAKEN_DOWN


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder and its name in the archive; `only` restricts it to one file, whatever its name here."""

    name: str
    root: Path
    only: str = ""

    def files(self) -> dict[str, Path]:
        """Its files by their names in the archive, without dot files, which the service does not read."""
        if self.only:
            return {f"{self.name}/{self.name}{Path(self.only).suffix}": self.root / self.only}
        found = sorted(path for path in _within(self.root) if path.is_file())
        return {f"{self.name}/{path.relative_to(self.root).as_posix()}": path for path in found}

    def path(self, name: str) -> Path:
        """The path for a file of the archive."""
        return self.root / (self.only or name.removeprefix(f"{self.name}/"))

    def changes(self, archive: Reader) -> "Changes":
        """The changes that make it equal to an archive."""
        has = {name: _digest(path) for name, path in self.files().items()}
        wanted = {name: archive.digest(name) for name in archive.names(self.name)}
        unlike = {name for name in has | wanted if has.get(name) != wanted.get(name)}
        return Changes(self, tuple(sorted(unlike & has.keys())), tuple(sorted(unlike & wanted.keys())))


@dataclass(frozen=True, slots=True)
class Changes:
    """The files removed from a folder, and those written to it, by names in the archive."""

    folder: Folder
    gone: tuple[str, ...]
    come: tuple[str, ...]

    @property
    def summary(self) -> str:
        """What would be replaced, in words; empty when nothing is."""
        some = "、".join(self.folder.path(name).name for name in self.gone[:3])
        return f"{self.folder.root} 里的{some}等 {len(self.gone)} 个文件" if self.gone else ""

    def refuse_unwritable(self) -> None:
        """Raise BackupUnusable when a file cannot be written to its place, or the old one not be set apart."""
        paths = [self.folder.path(name) for name in (*self.gone, *self.come)]
        for place in {path.parent for path in paths} | ({self.folder.root} if paths else set()):
            there = next(path for path in (place, *place.absolute().parents) if path.exists())
            if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
                raise BackupUnusable(f"{there} 里不能写，没有恢复。请检查权限，用服务的账号运行")

    def make(self, archive: Reader, undo: ExitStack) -> int:
        """Set old files apart and write the new ones; how many. Raises OSError; `undo` restores everything."""
        apart = self.folder.root / TAKEN_DOWN / time.strftime("%Y%m%d-%H%M%S")
        for name in self.gone:
            path = self.folder.path(name)
            target = apart / path.relative_to(self.folder.root)
            undo.callback(self._bring_back, target, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
        for name in self.come:
            path = self.folder.path(name)
            undo.callback(self._drop_emptied, path.parent)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                undo.callback(path.unlink)
                file.writelines(archive.blocks(name))
        for name in self.gone:
            self._drop_emptied(self.folder.path(name).parent)
        return len(self.come)

    def _bring_back(self, target: Path, path: Path) -> None:
        if target.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(target, path)

    def _drop_emptied(self, parent: Path) -> None:
        """Remove emptied folders, which would be reported as unreadable documents."""
        if parent != self.folder.root and parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()


def folders(settings: Settings) -> Iterator[Folder]:
    """The folders of the settings."""
    yield Folder("documents", settings.documents_dir)
    yield Folder("drafts", settings.documents_dir / DRAFTS)
    yield Folder("lexicon", settings.lexicon_dir)
    yield Folder("site", settings.site_file.parent, settings.site_file.name)


def _within(root: Path) -> Iterator[Path]:
    for path in root.rglob("*"):
        if not any(part.startswith((".", "__")) for part in path.relative_to(root).parts):
            yield path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
