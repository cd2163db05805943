"""The queue of turns on disk, one file each: what a killed process leaves is written by the next one."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class Waiting:
    """A folder of small JSON files. They survive the process, but not a power failure."""

    def __init__(self, folder: Path) -> None:
        """The folder is made with the first file."""
        self._folder = folder

    def add(self, name: str, fields: Mapping[str, Any]) -> None:
        """Add a file. What cannot be written (full disk) waits in memory alone."""
        try:
            self._folder.mkdir(exist_ok=True)
            self._file(name).write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
        except OSError as problem:
            log.warning("a turn waits in memory alone: %s", problem)

    def done(self, names: Iterable[str]) -> None:
        """Delete the file of what is in the database now, or never will be."""
        for name in names:
            try:
                self._file(name).unlink(missing_ok=True)
            except OSError as problem:
                log.warning("%s stays although it is written: %s", self._file(name), problem)

    def left(self) -> Iterator[dict[str, Any]]:
        """What an earlier process left; an unreadable file (killed while writing) is logged and stays."""
        for file in sorted(self._folder.glob("*.json")):
            try:
                yield json.loads(file.read_text(encoding="utf-8"))
            except (OSError, ValueError) as problem:
                log.warning("%s cannot be read: %s", file, problem)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.json"
