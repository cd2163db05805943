"""The files that a district changes (documents, drafts, lexicon, site): in a backup, and back in their places."""

import hashlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.office.documents.drafts import DRAFTS
from bot.running.archive import Reader
from bot.settings import Settings

APART = ".removed"  # where documents that are taken down lie too


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
    def told(self) -> str:
        """What would be replaced, for people; empty when nothing is."""
        some = "、".join(self.folder.path(name).name for name in self.gone[:3])
        return f"{self.folder.root} 里的{some}等 {len(self.gone)} 个文件" if self.gone else ""

    def make(self, archive: Reader) -> int:
        """Set apart what goes, write what comes: how many files came. Raises OSError."""
        apart = self.folder.root / APART / time.strftime("%Y%m%d-%H%M%S")
        for name in self.gone:
            target = apart / self.folder.path(name).relative_to(self.folder.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self.folder.path(name), target)
        for name in self.come:
            path = self.folder.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.writelines(archive.blocks(name))
        self._drop_emptied()
        return len(self.come)

    def _drop_emptied(self) -> None:
        """A folder without files would be told as a document that cannot be read."""
        for name in self.gone:
            parent = self.folder.path(name).parent
            if parent != self.folder.root and parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()


def folders(settings: Settings) -> Iterator[Folder]:
    """The folders of the settings."""
    yield Folder("documents", settings.documents_dir)
    yield Folder("drafts", settings.data_dir / DRAFTS)
    yield Folder("lexicon", settings.lexicon_dir)
    yield Folder("site", settings.site_file.parent, settings.site_file.name)


def _within(root: Path) -> Iterator[Path]:
    for path in root.rglob("*"):
        if not any(part.startswith((".", "__")) for part in path.relative_to(root).parts):
            yield path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
