"""Who did what, append-only: each entry holds the SHA-256 over itself and the hash of the one before.

Numbers have no gaps; an entry records each purge; the newest entry is noted outside the database (anchor.py).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from bot.records.anchor import APPENDED, AnchorUnreadable, Head
from bot.records.database import Database, Lock, lock_for_transaction
from bot.records.schema import audit

START = "0" * 64
# The act of a purge entry, and the key in its detail of the last number deleted.
PURGE, PURGED_TO = "purge", "audit_to"


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. `detail` is JSON with sorted keys."""

    number: int
    at: str
    actor: str
    action: str
    detail: str
    before: str

    @property
    def hash(self) -> str:
        """The SHA-256 over every field, in hexadecimal."""
        fields = (self.number, self.at, self.actor, self.action, self.detail, self.before)
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


def append(connection: Connection, actor: str, action: str, **detail: object) -> Entry:
    """Add an entry within the transaction of the act itself: both are kept, or neither."""
    lock_for_transaction(connection, Lock.AUDIT)
    last = newest(connection)
    entry = Entry(
        number=last.number + 1 if last else 1,
        at=datetime.now(UTC).isoformat(),
        actor=actor,
        action=action,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        before=last.hash if last else START,
    )
    connection.execute(
        audit.insert().values(
            number=entry.number,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            detail=entry.detail,
            before=entry.before,
            hash=entry.hash,
        )
    )
    connection.info[APPENDED] = (entry.number, entry.hash)
    return entry


def purge(connection: Connection, before: datetime) -> tuple[int, int]:
    """Delete entries older than a moment, never the newest one: how many, and the last number deleted.

    Only a prefix of the chain goes, whatever the clocks of several machines say. The caller appends an entry with the
    last number.
    """
    newest, kept = func.max(audit.c.number), func.min(audit.c.number)
    last = connection.execute(select(newest)).scalar() or 0
    first_kept = connection.execute(select(kept).where(audit.c.at >= before.isoformat())).scalar()
    end = min(first_kept or last, last)
    gone = connection.execute(delete(audit).where(audit.c.number < end)).rowcount
    return gone, end - 1 if gone else 0


@dataclass(frozen=True, slots=True)
class Fault:
    """Entries `first` to `last` (both included) are `missing`, or were `changed`; or the newest is not noted.

    `unnoted`: there is no note of the newest entry; `unreadable`: the note is corrupt.
    """

    kind: Literal["missing", "changed", "unnoted", "unreadable"]
    first: int = 0
    last: int = 0


def examine(database: Database) -> list[Fault]:
    """The faults of the chain, whose numbers must have no gaps from the first entry kept to the newest one noted."""
    try:
        head = database.anchor.head() if database.anchor else None  # read first, as the table may grow meanwhile
        unread = []
    except (AnchorUnreadable, OSError):
        head, unread = None, [Fault("unreadable")]
    with database.read() as connection:
        found = faults(connection, head)
        if head is None and not unread and newest(connection):
            unread = [Fault("unnoted")]
    return found + unread


def faults(connection: Connection, head: Head | None) -> list[Fault]:
    """The faults of the chain as a transaction sees it; `head` is known to have been in it."""
    chain = _Chain(head)
    for row in connection.execute(select(audit).order_by(audit.c.number)):
        chain.take(Entry(row.number, row.at, row.actor, row.action, row.detail, row.before), row.hash)
    return chain.faults()


def newest(connection: Connection) -> Head | None:
    """The newest entry; None where there is none."""
    last = connection.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    return Head(last.number, last.hash) if last else None


class _Chain:
    """Checks entries as they are read, in the order of their numbers, against the noted head."""

    def __init__(self, head: Head | None) -> None:
        self.last = 0
        self._first = self._purged = 0
        self._head, self._before = head, ""
        self._faults: list[Fault] = []

    def take(self, entry: Entry, hashed: str) -> None:
        """Check the next entry against its stored hash."""
        follows = bool(self.last) and entry.number == self.last + 1
        if self.last and not follows:
            self._faults.append(Fault("missing", self.last + 1, entry.number - 1))
        unlike = self._head is not None and self._head.number == entry.number and self._head.hash != hashed
        if unlike or entry.hash != hashed or (follows and entry.before != self._before):
            self._faults.append(Fault("changed", entry.number, entry.number))
        elif entry.action == PURGE:
            self._purged = max(self._purged, json.loads(entry.detail).get(PURGED_TO, 0))
        self._first = self._first or entry.number
        self.last, self._before = entry.number, hashed

    def faults(self) -> list[Fault]:
        """The faults before the first entry, within, and after the last."""
        before = self._missing(self._purged + 1, self._first - 1)
        noted = self._head.number if self._head else 0
        return before + self._faults + self._missing(max(self.last, self._purged) + 1, noted)

    def _missing(self, first: int, last: int) -> list[Fault]:
        return [Fault("missing", first, last)] if first <= last else []
