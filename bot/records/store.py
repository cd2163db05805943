"""The records' database: SQLite in the data folder, or any that SQLAlchemy knows. Personal data is masked first."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, DateTime, Engine, MetaData, String, Table, create_engine, event, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.errors import Conflict, NotKept
from bot.privacy import without_personal_data

schema = MetaData()
feedback = Table(
    "feedback",
    schema,
    Column("answer_id", String(32), primary_key=True),
    Column("useful", Boolean, nullable=False),
    Column("reason", String(32), nullable=False, default=""),
    Column("comment", String(400), nullable=False, default=""),
    Column("at", DateTime(timezone=True), nullable=False),
)
requests = Table(
    "idempotent_requests",
    schema,
    Column("key", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a resident thinks of an answer; `reason` is a key of the page's reasons, or empty."""

    answer_id: str
    useful: bool
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Records:
    """An open database. Its methods block: call them in a thread."""

    engine: Engine
    failed: str

    @classmethod
    def open(cls, url: str, failed: str) -> "Records":
        """Connect lazily. `failed` is the sentence people get when nothing can be kept."""
        engine = create_engine(url, pool_pre_ping=True)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _durable)
        return cls(engine, failed)

    def keep_feedback(self, given: Feedback, key: str = "") -> bool:
        """Keep one opinion an answer; a later one replaces it. True for the first. Raises NotKept.

        With a `key` the same request sent again changes nothing and returns the same; another with it is a Conflict.
        """
        values = {
            "useful": given.useful,
            "reason": given.reason,
            "comment": without_personal_data(given.comment),
            "at": datetime.now(UTC),
        }
        try:
            schema.create_all(self.engine)
            with self.engine.begin() as connection:
                return _once(connection, key, given, values) if key else _first(connection, given.answer_id, values)
        except SQLAlchemyError as problem:
            raise NotKept(self.failed) from problem

    def all_feedback(self) -> list[Feedback]:
        """Every opinion, the oldest first."""
        columns = (feedback.c.answer_id, feedback.c.useful, feedback.c.reason, feedback.c.comment)
        schema.create_all(self.engine)
        with self.engine.connect() as connection:
            return [Feedback(*row) for row in connection.execute(select(*columns).order_by(feedback.c.at))]

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _once(connection: Connection, key: str, given: Feedback, values: dict[str, object]) -> bool:
    digest = hashlib.sha256(repr(given).encode()).hexdigest()
    known = connection.execute(select(requests.c.digest, requests.c.counted).where(requests.c.key == key)).first()
    if known is None:
        counted = _first(connection, given.answer_id, values)
        connection.execute(requests.insert().values(key=key, digest=digest, counted=counted, at=values["at"]))
        return counted
    if known.digest != digest:
        raise Conflict("同一个 Idempotency-Key 不能用在不同的内容上")
    return bool(known.counted)


def _first(connection: Connection, answer_id: str, values: dict[str, object]) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(feedback.insert().values(answer_id=answer_id, **values))
        return True
    except IntegrityError:
        connection.execute(update(feedback).where(feedback.c.answer_id == answer_id).values(**values))
        return False


def _durable(connection: object, _: object) -> None:
    """SQLite in WAL mode: readers never wait for the writer."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()
