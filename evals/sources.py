"""The documents that the cases are about: the one that is served, and others whose texts are not kept here.

A folder of `evals/cases/` is named for its document. One that is not served has a `document.yaml`, with the name and
the SHA-256 of a file that is looked for in the folder given on the command line; without it its cases are left out.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.pipeline import Bot
from bot.settings import Settings
from evals.case import CASES, Case, load


class SourceChanged(Exception):
    """The file found is not the one that the questions were written on."""


@dataclass(frozen=True, slots=True)
class Source:
    """A document by its id; `folder` holds its cases, and its description where it is not served here."""

    id: str
    folder: Path

    @property
    def is_served(self) -> bool:
        """Whether its text stands in `corpus/documents`."""
        return not (self.folder / "document.yaml").exists()

    def cases(self) -> list[Case]:
        """Every case about it. Raises CaseError."""
        return [case for path in sorted(self.folder.glob("*.jsonl")) for case in load(path)]

    def settings(
        self, documents: Path | None, base: Settings, described: dict[str, object] | None = None
    ) -> Settings | None:
        """The settings of a bot over this document alone; None when its file is not in `documents`.

        `described` is its description where it has no folder with one. Raises SourceChanged.
        """
        if self.is_served and not described:
            return base
        fields = described or yaml.safe_load((self.folder / "document.yaml").read_text(encoding="utf-8"))
        file = documents / str(fields["file"]) if documents else None
        if file is None or not file.exists():
            return None
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != fields.pop("sha256"):
            raise SourceChanged(f"{file} 不是写 {self.folder} 里的题时用的那一份")
        home = base.data_dir / "evals" / self.id
        _put(home / "documents" / self.id, fields, file, data)
        return base.model_copy(update={"data_dir": home, "documents_dir": home / "documents"})


def sources(cases_dir: Path = CASES) -> list[Source]:
    """Every document that cases are about, the one that is served first."""
    found = [Source(path.name, path) for path in sorted(cases_dir.iterdir()) if path.is_dir()]
    return sorted(found, key=lambda source: not source.is_served)


def opened(documents: Path | None, base: Settings, cases_dir: Path = CASES) -> Iterator[tuple[Source, Bot]]:
    """A bot over each document whose file is there, one after the other; each is closed when the next is asked for."""
    for source in sources(cases_dir):
        chosen = source.settings(documents, base)
        if chosen:
            bot = Bot.open(chosen)
            try:
                yield source, bot
            finally:
                bot.close()


def _put(folder: Path, fields: dict[str, object], file: Path, data: bytes) -> None:
    """The document as a folder of its own, as a clerk would put it up."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / file.name).write_bytes(data)
    (folder / "document.yaml").write_text(
        yaml.safe_dump({**fields, "file": file.name}, allow_unicode=True), encoding="utf-8"
    )
