"""One file with all that cannot be rebuilt: records, documents, lexicon, site, settings without secrets.

A zip archive: `records/<table>.jsonl`, `documents/…`, `lexicon/…`, `site/…`, `settings.env`, and a manifest with the
schema revision of the records and the newest audit entry. Everything is streamed.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from bot.errors import BackupUnusable
from bot.records import audit, copies
from bot.records.anchor import AnchorUnreadable, Head
from bot.records.database import Database, revision, revisions
from bot.running import configuration
from bot.running.archive import Reader, Writer, reading, writing
from bot.running.kept import Changes, Folder, folders
from bot.running.versions import program
from bot.settings import Settings
from corpus.folder import reason

FORMAT, KIND = 1, "backup"
RECORDS, SETTINGS = "records", "settings.env"
RESTORED = "records restored"


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup holds: rows by table, how many files, the faults of its audit, the settings as an `.env`."""

    rows: Mapping[str, int]
    files: int
    faults: list[audit.Fault]
    settings: str


def back_up(settings: Settings, database: Database, file: Path) -> Copied:
    """Write a backup, also of a running service: the records are one snapshot. Raises BackupUnusable, NotKept."""
    noted = _noted(database)  # read before the records, which may grow meanwhile
    with writing(file) as archive, database.as_it_is() as connection:
        schema = revision(connection)
        _, faults = copies.chain(connection, noted)
        rows = {
            name: archive.put_rows(f"{RECORDS}/{name}.jsonl", copies.rows(connection, table))
            for name, table in copies.tables(connection).items()
        }
        files = sum(_put_folder(archive, folder) for folder in folders(settings))
        told = configuration.given(settings)
        archive.put(SETTINGS, [told.encode()])
        archive.finish(
            {
                "kind": KIND,
                "format": FORMAT,
                "program": program(),
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "schema": schema,
                "rows": rows,
                "audit": {"noted": asdict(noted) if noted else None, "faults": [asdict(fault) for fault in faults]},
            }
        )
    return Copied(rows, files, faults, told)


def restore(
    settings: Settings, database: Database, file: Path, replace: bool = False, save: Callable[[], object] = lambda: None
) -> Copied:
    """Restore a backup: into an empty database and folders without documents, or with `replace` over what is there.

    `save` is called before the first change, once the backup is verified and every file can be written. Where a step
    fails nothing is changed; replaced files are set apart. Raises BackupUnusable and NotKept.
    """
    with reading(file) as archive, ExitStack() as undo:
        _refuse_unlike(archive.manifest, file)
        changes = [folder.changes(archive) for folder in folders(settings)]
        for change in changes:
            change.refuse_unwritable()
        save()
        noted = _noted(database)
        with database.reshaped() as connection:
            if not replace:
                _refuse_overwriting(copies.is_empty(connection), changes)
            rows = copies.refill(connection, archive.manifest["schema"], _tables(archive))
            head, faults = copies.chain(connection, _noted_in(archive.manifest))
            if [asdict(fault) for fault in faults] != archive.manifest["audit"]["faults"]:
                raise BackupUnusable(f"{file} 里的操作记录和备份时不一样，不能用")
            entry = audit.append(
                connection, "command", RESTORED, made=archive.manifest["made"], rows=rows,
                last=head.number if head else 0, replaced=noted.number if noted else 0, faults=len(faults),
            )  # fmt: skip
            files = _make(changes, archive, undo)
        undo.pop_all()
        if database.anchor:
            database.anchor.renew(Head(entry.number, entry.hash))
        told = b"".join(archive.blocks(SETTINGS)).decode()
    return Copied(rows, files, faults, told)


def before(settings: Settings, what: str) -> Path:
    """An unused name for a backup made before some operation."""
    stem = time.strftime(f"before-{what}-%Y%m%d-%H%M%S")
    names = (settings.data_dir / f"{stem}{more}.zip" for more in chain([""], (f"-{number}" for number in count(2))))
    return next(name for name in names if not name.exists())


def _make(changes: Sequence[Changes], archive: Reader, undo: ExitStack) -> int:
    try:
        return sum(change.make(archive, undo) for change in changes)
    except OSError as problem:
        raise BackupUnusable(f"文件写不进去（{problem.filename}：{reason(problem)}），没有恢复") from problem


def _put_folder(archive: Writer, folder: Folder) -> int:
    files = folder.files()
    for name, path in files.items():
        archive.put_file(name, path)
    return len(files)


def _tables(archive: Reader) -> Iterator[tuple[str, Iterator[Mapping[str, Any]]]]:
    for name in archive.names(RECORDS):
        yield name.removeprefix(f"{RECORDS}/").removesuffix(".jsonl"), archive.rows(name)


def _refuse_unlike(manifest: Mapping[str, Any], file: Path) -> None:
    if manifest["kind"] != KIND:
        raise BackupUnusable(f"{file} 不是备份")
    known = manifest["format"] <= FORMAT and (not manifest["schema"] or manifest["schema"] in revisions())
    if not known:
        raise BackupUnusable(f"{file} 是用更新的程序（{manifest['program']}）备份的，请先把程序更新到那一版")


def _refuse_overwriting(is_empty: bool, changes: Sequence[Changes]) -> None:
    unlike = "；".join(change.summary for change in changes if change.summary)
    if not is_empty:
        raise BackupUnusable("数据库里已经有记录。要用备份代替它们，请加 --replace")
    if unlike:
        raise BackupUnusable(f"和备份里的不一样：{unlike}。要用备份代替它们，请加 --replace")


def _noted_in(manifest: Mapping[str, Any]) -> Head | None:
    noted = manifest["audit"]["noted"]
    return Head(**noted) if noted else None


def _noted(database: Database) -> Head | None:
    """The entry noted beside the database; `records verify` reports a corrupt note."""
    with suppress(AnchorUnreadable, OSError):
        return database.anchor.head() if database.anchor else None
    return None
