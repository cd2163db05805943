"""Decommissioning: the audit is exported, then all data of the service is destroyed, with a report."""

import getpass
import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.office.documents.drafts import DRAFTS
from bot.records import audit, copies
from bot.records.database import Database, revision
from bot.running.archive import reading, writing
from bot.running.backup import FORMAT
from bot.running.versions import program
from bot.settings import Settings
from bot.wording import read_yaml

# What the service writes into its data folder.
WRITTEN = (
    "records.db*",
    "audit-*.json",
    "logs",
    "indexes",
    "index.*",
    "jieba*",
    "words",
    "waiting",
    "trials",
    "documents.problem",
    "damaged-*",
    "before-*.zip",
)
ENDED = "service decommissioned"


@dataclass(frozen=True, slots=True)
class Ended:
    """What was destroyed: rows by table, files and folders; what is left of the data folder; and the export."""

    rows: Mapping[str, int]
    files: tuple[Path, ...]
    left: tuple[Path, ...]
    faults: list[audit.Fault]
    export: Path
    digest: str


def decommission(settings: Settings, database: Database, export: Path) -> Ended:
    """Export the audit, verify the export, then destroy the records and the data folder.

    Nothing is destroyed unless the export can be written and read back. Raises BackupUnusable and NotKept.
    """
    with database.begin() as connection:
        audit.append(connection, "command", ENDED, by=getpass.getuser())
    faults = audit.examine(database)
    _export(database, export, faults)
    with reading(export), export.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with database.reshaped() as connection:
        rows = copies.destroy(connection)
    database.close()
    drafts = set(settings.documents_dir.glob(DRAFTS))
    files = tuple(sorted(set(_written(settings.data_dir)) | drafts | set(_beside(database)) - {export}))
    for path in files:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    left = tuple(sorted(path for path in settings.data_dir.iterdir() if path != export))
    return Ended(rows, files, left, faults, export, digest)


def report(settings: Settings, ended: Ended, site: str) -> str:
    """The report for people to sign, in Chinese."""
    words = read_yaml(settings.prompts_dir / "running.yaml")["ending"]
    lines = [
        words["heading"].format(site=site),
        words["at"].format(at=f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}"),
    ]
    lines.append(words["export"].format(file=ended.export, digest=ended.digest))
    lines.append(words["whole"] if not ended.faults else words["faulty"].format(count=len(ended.faults)))
    lines += [words["rows"], *(f"  {table}\t{count}" for table, count in ended.rows.items())]
    lines += [words["files"], *(f"  {path}" for path in ended.files)]
    lines += [words["left"], *(f"  {path}" for path in (*ended.left, settings.documents_dir))]
    return "\n".join([*lines, *words["remains"], ""])


def _export(database: Database, export: Path, faults: list[audit.Fault]) -> None:
    with writing(export) as archive, database.as_it_is() as connection:
        table = copies.tables(connection)["audit"]
        rows = archive.put_rows("records/audit.jsonl", copies.rows(connection, table))
        archive.finish(
            {
                "kind": "audit",
                "format": FORMAT,
                "program": program(),
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "schema": revision(connection),
                "rows": {"audit": rows},
                "audit": {"faults": [asdict(fault) for fault in faults]},
            }
        )


def _written(folder: Path) -> Iterator[Path]:
    for pattern in WRITTEN:
        yield from folder.glob(pattern)


def _beside(database: Database) -> Iterator[Path]:
    """A SQLite file and its companions, wherever it is."""
    if database.file:
        yield from database.file.parent.glob(f"{database.file.name}*")
