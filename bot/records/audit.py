"""Who did what, append-only: each entry holds the SHA-256 over itself and the hash of the one before."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.engine import Connection

from bot.records.database import Database
from bot.records.schema import audit

START = "0" * 64
AUDIT_LOCK = 7_120_346


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
    """Add an entry within a transaction of its own act: both are kept, or neither."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:n)"), {"n": AUDIT_LOCK})
    last = connection.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
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
    return entry


def broken_at(database: Database) -> int | None:
    """The number of the first entry that was changed, or that stands after a gap; None when the chain is whole.

    The oldest entry may follow others that were purged: its own hash is checked, not its predecessor.
    """
    before = None
    with database.begin() as connection:
        for row in connection.execute(select(audit).order_by(audit.c.number)):
            entry = Entry(row.number, row.at, row.actor, row.action, row.detail, row.before)
            if entry.hash != row.hash or (before is not None and entry.before != before):
                return int(row.number)
            before = row.hash
    return None
