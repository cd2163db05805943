"""A zip archive whose manifest lists the SHA-256 of each part; written and read as a stream."""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from bot.errors import BackupUnusable
from corpus.folder import reason

MANIFEST = "manifest.json"
# Rows compress well at any level; the lowest is the fastest.
LEVEL, BLOCK = 1, 1 << 20
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError, TypeError)
Row = Mapping[str, Any]


class Writer:
    """Writes parts one after the other, and their digests."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._digests: dict[str, str] = {}

    def put(self, name: str, blocks: Iterable[bytes]) -> None:
        """Write a part from blocks of bytes."""
        digest = hashlib.sha256()
        with self._archive.open(name, "w", force_zip64=True) as part:
            for block in blocks:
                digest.update(block)
                part.write(block)
        self._digests[name] = digest.hexdigest()

    def put_file(self, name: str, path: Path) -> None:
        """Write a file as a part. Raises OSError."""
        with path.open("rb") as file:
            self.put(name, iter(lambda: file.read(BLOCK), b""))

    def put_rows(self, name: str, rows: Iterable[Row]) -> int:
        """Write rows as lines of JSON; how many."""
        count = 0

        def lines() -> Iterator[bytes]:
            nonlocal count
            for row in rows:
                count += 1
                yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

        self.put(name, lines())
        return count

    def finish(self, told: Mapping[str, Any]) -> None:
        """Write the manifest: the given fields, and the digests of the parts."""
        text = json.dumps({**told, "parts": self._digests}, ensure_ascii=False, indent=1)
        self._archive.writestr(MANIFEST, text)


class Reader:
    """An archive that passed verification."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
        self._archive, self.manifest = archive, manifest

    def names(self, folder: str) -> list[str]:
        """The names of the parts in a folder."""
        return [name for name in self.manifest["parts"] if name.startswith(f"{folder}/")]

    def digest(self, name: str) -> str:
        """The SHA-256 of a part."""
        return str(self.manifest["parts"][name])

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a part."""
        with self._archive.open(name) as part:
            yield from map(json.loads, part)

    def blocks(self, name: str) -> Iterator[bytes]:
        """A part as blocks of bytes."""
        with self._archive.open(name) as part:
            yield from _blocks(part)


@contextmanager
def writing(file: Path) -> Iterator[Writer]:
    """Write an archive atomically, readable by its owner alone. Raises BackupUnusable when it cannot be."""
    if file.exists():
        raise BackupUnusable(f"{file} 已经有了，请换一个名字")
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with _new(part) as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
                yield Writer(archive)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(file)
    except OSError as problem:
        where = problem.filename or file
        raise BackupUnusable(f"没有写成，{where} 用不了（{reason(problem)}）。请检查权限和剩余空间") from problem
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def reading(file: Path) -> Iterator[Reader]:
    """Open an archive after verifying every byte. Raises BackupUnusable when it is damaged."""
    with ExitStack() as held:
        try:
            archive = held.enter_context(zipfile.ZipFile(file))
            manifest = json.loads(archive.read(MANIFEST))
            _refuse_unlike(archive, manifest["parts"])
        except DAMAGE as problem:
            raise BackupUnusable(f"{file} 已经损坏，不能用（{problem}）") from problem
        except OSError as problem:
            raise BackupUnusable(f"{file} 读不了（{reason(problem)}）") from problem
        yield Reader(archive, manifest)


def _new(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _refuse_unlike(archive: zipfile.ZipFile, parts: Mapping[str, str]) -> None:
    """Raise ValueError when a part is missing, unexpected or changed, or its name leaves the archive."""
    inside = set(archive.namelist()) - {MANIFEST}
    if inside != set(parts):
        raise ValueError(f"缺少或多出 {min(inside ^ set(parts))}")
    for name, digest in parts.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise ValueError(f"名称不对 {name}")
        found = hashlib.sha256()
        with archive.open(name) as part:
            for block in _blocks(part):
                found.update(block)
        if found.hexdigest() != digest:
            raise ValueError(f"{name} 和清单不一样")


def _blocks(part: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: part.read(BLOCK), b"")
