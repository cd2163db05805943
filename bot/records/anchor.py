"""The newest audit entry, noted in a file outside the database, so that deletions at the end of the chain show."""

import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.records.schema import audit

log = logging.getLogger(__name__)
APPENDED = "audit entry"  # key in a connection's info of the entry appended in its transaction


@dataclass(frozen=True, slots=True)
class Head:
    """The number and the hash of the newest entry at some time."""

    number: int
    hash: str


class AnchorUnreadable(Exception):
    """The file is corrupt; the message is its path."""


class Anchor:
    """The file. Entries up to its head were certainly committed; it may lag, but never runs ahead."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def head(self) -> Head | None:
        """The head last noted; None when none was. Raises AnchorUnreadable and OSError."""
        try:
            return Head(**json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as problem:
            raise AnchorUnreadable(str(self.path)) from problem

    def next(self, connection: Connection) -> Head | None:
        """The head to note after a transaction; None when it appended nothing.

        None too when the entry noted before is gone from the table: the note proves that, and stays.
        """
        appended = connection.info.pop(APPENDED, None)
        if appended is None:
            return None
        try:
            known = self.head()
        except (AnchorUnreadable, OSError) as problem:
            log.warning("audit: %s cannot be read, nothing is noted", problem)
            return None
        if known is None or _is_kept(connection, known):
            return Head(*appended)
        log.warning("audit: entry %s is gone or changed; `records verify` tells more", known.number)
        return None

    def note(self, head: Head) -> None:
        """Note a head, unless a newer one is noted. A failure to write is logged."""
        try:
            known = self.head()
            if known is None or known.number < head.number:
                _write(self.path, json.dumps(asdict(head)))
        except (AnchorUnreadable, OSError) as problem:
            log.warning("audit: the newest entry is not noted: %s", problem)

    def renew(self, head: Head | None) -> None:
        """Replace the noted head, or remove it: the entries were replaced on purpose."""
        self.path.unlink(missing_ok=True)
        if head:
            self.note(head)


def _is_kept(connection: Connection, head: Head) -> bool:
    """Whether an entry is unchanged in the table, or was purged (older than all of it)."""
    found = connection.execute(select(audit.c.hash).where(audit.c.number == head.number)).scalar()
    oldest = connection.execute(select(func.min(audit.c.number))).scalar() or 0
    return bool(found == head.hash or head.number < oldest)


def _write(path: Path, text: str) -> None:
    """Write atomically, also across a power failure."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
