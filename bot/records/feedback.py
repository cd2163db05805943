"""有用 or 没用: the latest opinion on each answer."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.errors import Conflict
from bot.guarding.privacy import without_personal_data
from bot.records.database import Database
from bot.records.schema import feedback, idempotent_requests


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a resident thinks of an answer; `reason` is a key of the page's reasons, or empty."""

    answer_id: str
    useful: bool
    reason: str = ""
    comment: str = ""


def keep_feedback(database: Database, given: Feedback, key: str = "") -> bool:
    """Keep an opinion, its comment masked; a later one replaces it. True for the first on an answer.

    A repeated request with the same `key` changes nothing and returns the same; a different one raises Conflict.
    Raises NotKept.
    """
    with database.begin() as connection:
        return _once(connection, key, given) if key else _kept(connection, given)


def all_feedback(database: Database) -> list[Feedback]:
    """Every opinion, the oldest first. Raises NotKept."""
    columns = (feedback.c.answer_id, feedback.c.useful, feedback.c.reason, feedback.c.comment)
    with database.read() as connection:
        return [Feedback(*row) for row in connection.execute(select(*columns).order_by(feedback.c.at))]


def _once(connection: Connection, key: str, given: Feedback) -> bool:
    table = idempotent_requests
    digest = hashlib.sha256(repr(given).encode()).hexdigest()
    known = connection.execute(select(table.c.digest, table.c.counted).where(table.c.key == key)).first()
    if known is None:
        counted = _kept(connection, given)
        connection.execute(table.insert().values(key=key, digest=digest, counted=counted, at=datetime.now(UTC)))
        return counted
    if known.digest != digest:
        raise Conflict("同一个 Idempotency-Key 不能用在不同的内容上")
    return bool(known.counted)


def _kept(connection: Connection, given: Feedback) -> bool:
    values = {
        "useful": given.useful,
        "reason": given.reason,
        "comment": without_personal_data(given.comment).replace("\0", ""),  # PostgreSQL keeps no NUL
        "at": datetime.now(UTC),
    }
    try:
        with connection.begin_nested():
            connection.execute(feedback.insert().values(answer_id=given.answer_id, **values))
        return True
    except IntegrityError:
        connection.execute(update(feedback).where(feedback.c.answer_id == given.answer_id).values(**values))
        return False
