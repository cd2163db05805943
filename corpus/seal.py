"""Digests of the files of an index when it was last valid, so that damage is noticed before anything reads them.

The seal is removed before the files are opened, as opening changes them, and written again after. A process killed in
between leaves files without a seal: they are used when their database is sound, unless opening them killed a process
twice, which a counter on disk records.
"""

import hashlib
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.folder import write_whole

SEAL, TRIED = "index.json", "index.tried"
TRIES = 2
CHROMA, KEYWORDS = "chroma", "keywords"
PARTS = (CHROMA, KEYWORDS)
APART = "damaged-"


class Damaged(Exception):
    """Files have changed; the message (Chinese) says which."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The fingerprint of what was indexed, how many rows, and the SHA-256 of every file, by its path."""

    fingerprint: str
    rows: int
    files: dict[str, str]

    def put(self, folder: Path) -> None:
        """Write the seal."""
        write_whole(folder / SEAL, json.dumps(asdict(self)))


def of_files(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of the index, by its path within the folder."""
    return {path.relative_to(folder).as_posix(): _digest(path) for path in sorted(_files(folder))}


def take_off(folder: Path) -> Seal | None:
    """Remove and return the seal of an unchanged index; None where there is none. Raises Damaged."""
    try:
        seal = _read(folder / SEAL)
    except FileNotFoundError:
        _count_try(folder / TRIED)
        _refuse_unsound(folder / CHROMA / "chroma.sqlite3")
        return None
    found = of_files(folder)
    for name in sorted(seal.files.keys() | found.keys()):
        if seal.files.get(name) != found.get(name):
            raise Damaged(f"缺少 {name}" if name not in found else f"{name} 和上次不一样")
    (folder / SEAL).unlink()
    return seal


def reset_tries(folder: Path) -> None:
    """Reset the counter: the files were opened, and the process survived."""
    (folder / TRIED).unlink(missing_ok=True)


def set_apart(folder: Path, data_dir: Path) -> Path:
    """Move an index aside for inspection, replacing one moved earlier; returns where it is."""
    for older in data_dir.glob(f"{APART}*"):
        shutil.rmtree(older)
    apart = data_dir / time.strftime(f"{APART}%Y%m%d-%H%M%S")
    folder.rename(apart)
    reset_tries(apart)
    return apart


def drop_changed(file: Path) -> None:
    """Delete a file that can be rebuilt, when it differs from its digest by `note`."""
    noted = _note_of(file)
    if file.exists() and (not noted.exists() or noted.read_text(encoding="utf-8", errors="replace") != _digest(file)):
        file.unlink()
        noted.unlink(missing_ok=True)


def note(file: Path) -> None:
    """Record the digest of a file, once."""
    noted = _note_of(file)
    if file.exists() and not noted.exists():
        write_whole(noted, _digest(file))


def _note_of(file: Path) -> Path:
    return file.with_suffix(".sha256")


def _read(path: Path) -> Seal:
    try:
        seal = Seal(**json.loads(path.read_text(encoding="utf-8")))
        if not isinstance(seal.files, dict):
            raise TypeError
    except (ValueError, TypeError) as problem:
        raise Damaged(f"{SEAL} 读不了") from problem
    return seal


def _count_try(mark: Path) -> None:
    """Count another unfinished opening; raise Damaged after too many.

    One process may have been killed from outside; for two in a row the files are the likelier cause.
    """
    tries = len(mark.read_bytes()) if mark.exists() else 0
    if tries >= TRIES:
        raise Damaged(f"打开了{tries}次，程序都意外结束")
    mark.write_bytes(b"." * (tries + 1))


def _refuse_unsound(path: Path) -> None:
    """Raise Damaged when a SQLite file is not sound."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("pragma integrity_check").fetchone()
    except sqlite3.DatabaseError as problem:
        raise Damaged(f"{path.name} 读不了") from problem
    if found != ("ok",):
        raise Damaged(f"{path.name} 的内容不完整")


def _files(folder: Path) -> Iterator[Path]:
    for part in PARTS:
        yield from (path for path in (folder / part).rglob("*") if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
