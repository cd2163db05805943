"""Residents' complaints, each with a receipt number, the only key to its outcome."""

import re
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import numpy as np
from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, RowMapping

from bot.errors import ComplaintUnusable, NotFound
from bot.guarding.privacy import without_personal_data
from bot.records import audit
from bot.records.database import Database, aware
from bot.records.schema import complaints as table

SHORTEST, LONGEST, LONGEST_CONTACT = 5, 1_000, 100
MOST_SENT = 4 * LONGEST  # longer ones fail the form's validation, without a message of ours
RECEIPT_DIGITS = 12  # easy to read out by phone; too many to guess


@dataclass(frozen=True, slots=True)
class Complaint:
    """A resident's complaint. `contact` is kept as written, personal data in `text` is masked.

    `handled` is when it was answered (None: not yet), `reply` is for the resident, `handler` who wrote it.
    """

    receipt: str
    at: datetime
    text: str
    contact: str = ""
    reply: str = ""
    handled: datetime | None = None
    handler: str = ""

    def due(self, working_days: int, zone: tzinfo) -> date:
        """The last day for an answer, in local time: weekends are skipped, public holidays are not known."""
        received = self.at.astimezone(zone).date()
        found = np.busday_offset(np.datetime64(received), working_days, roll="backward").item()
        assert isinstance(found, date)
        return found


def lodge(database: Database, text: str, contact: str = "") -> str:
    """Keep a complaint; returns its receipt number. Raises ComplaintUnusable and NotKept."""
    if not SHORTEST <= len(text) <= LONGEST:
        raise ComplaintUnusable(f"请写{SHORTEST}到{LONGEST}个字，说清楚是什么事")
    if len(contact) > LONGEST_CONTACT:
        raise ComplaintUnusable(f"联系方式不要超过{LONGEST_CONTACT}个字")
    receipt = str(secrets.randbelow(9 * 10 ** (RECEIPT_DIGITS - 1)) + 10 ** (RECEIPT_DIGITS - 1))
    made = Complaint(receipt, datetime.now(UTC), without_personal_data(text), contact)
    with database.begin() as connection:
        connection.execute(table.insert().values(**asdict(made)))
    return receipt


def find(database: Database, receipt: str) -> Complaint:
    """The complaint with a receipt number, however its digits are spaced. Raises NotFound and NotKept."""
    digits = re.sub(r"[\s-]", "", receipt)
    with database.read() as connection:
        row = connection.execute(select(table).where(table.c.receipt == digits)).mappings().first()
    if row is None:
        raise NotFound("没有这个回执号，请核对；处理完并过了保存期的，记录已经删除")
    return _made(row)


def listed(database: Database, actor: str, handled: int = 100) -> list[Complaint]:
    """Open complaints, the oldest first, then the last ones handled; the viewing is audited. Raises NotKept."""
    waiting = select(table).where(table.c.handled.is_(None)).order_by(table.c.at)
    done = select(table).where(table.c.handled.is_not(None)).order_by(table.c.handled.desc()).limit(handled)
    with database.begin() as connection:
        found = [_made(row) for wanted in (waiting, done) for row in connection.execute(wanted).mappings()]
        if found:
            audit.append(connection, actor, "complaints viewed", count=len(found))
    return found


def handle(database: Database, receipt: str, reply: str, actor: str) -> None:
    """Answer a complaint. Raises ComplaintUnusable without a reply, NotFound for an answered one, and NotKept."""
    if not 0 < len(reply.strip()) <= LONGEST:
        raise ComplaintUnusable(f"请写答复，不要超过{LONGEST}个字")
    waiting = (table.c.receipt == receipt) & table.c.handled.is_(None)
    values = {"reply": reply.strip(), "handled": datetime.now(UTC), "handler": actor}
    with database.begin() as connection:
        if not connection.execute(update(table).where(waiting).values(**values)).rowcount:
            raise NotFound("这一件已经答复，请刷新后再看")
        audit.append(connection, actor, "complaint handled", receipt=receipt)


def purge(connection: Connection, before: datetime) -> int:
    """Delete complaints answered before a moment; how many. An open one is never deleted."""
    return connection.execute(delete(table).where(table.c.handled < before)).rowcount


def _made(row: RowMapping) -> Complaint:
    fields: dict[str, Any] = dict(row)
    for name in ("at", "handled"):
        fields[name] = aware(fields[name]) if fields[name] else None
    return Complaint(**fields)
