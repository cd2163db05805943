"""The files that a district changes (documents, drafts, lexicon, site): in a backup, and back in their places."""

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
    """A folder with a name in the archive; `only` is the file of it that is meant, whatever it is called here."""

    name: str
    root: Path
    only: str = ""

    def files(self) -> dict[str, Path]:
        """Its files by their names in the archive. What begins with a dot is not read by the service, and left out."""
        if self.only:
            return {f"{self.name}/{self.name}{Path(self.only).suffix}": self.root / self.only}
        found = sorted(path for path in _within(self.root) if path.is_file())
        return {f"{self.name}/{path.relative_to(self.root).as_posix()}": path for path in found}

    def path(self, name: str) -> Path:
        """Where a file of the archive belongs."""
        return self.root / (self.only or name.removeprefix(f"{self.name}/"))

    def changes(self, archive: Reader) -> "Changes":
        """What is to be done so that it holds what an archive does."""
        has = {name: _digest(path) for name, path in self.files().items()}
        wanted = {name: archive.digest(name) for name in archive.names(self.name)}
        unlike = {name for name in has | wanted if has.get(name) != wanted.get(name)}
        return Changes(self, tuple(sorted(unlike & has.keys())), tuple(sorted(unlike & wanted.keys())))


@dataclass(frozen=True, slots=True)
class Changes:
    """What of a folder goes, and what comes into it, by names in the archive."""

    folder: Folder
    gone: tuple[str, ...]
    come: tuple[str, ...]

    @property
    def summary(self) -> str:
        """What would be replaced, for people; empty when nothing is."""
        some = "、".join(self.folder.path(name).name for name in self.gone[:3])
        return f"{self.folder.root} 里的{some}等 {len(self.gone)} 个文件" if self.gone else ""

    def refuse_unwritable(self) -> None:
        """Raise BackupUnusable when a file cannot be put where it belongs, or not be set apart from there."""
        paths = [self.folder.path(name) for name in (*self.gone, *self.come)]
        for place in {path.parent for path in paths} | ({self.folder.root} if paths else set()):
            there = next(path for path in (place, *place.absolute().parents) if path.exists())
            if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
                raise BackupUnusable(f"{there} 里不能写，没有恢复。请检查权限，用服务的账号运行")

    def make(self, archive: Reader, undo: ExitStack) -> int:
        """Set apart what goes, write what comes: how many files came. Raises OSError; `undo` brings it all back."""
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
        """A folder without files would be told as a document that cannot be read."""
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
