"""Questions and answers without personal data, written in the background so that answers never wait."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import DataError, IntegrityError

from bot.answer import Answer
from bot.errors import NotKept
from bot.guarding.privacy import mask
from bot.records import audit
from bot.records.accounts import tries
from bot.records.database import Database, aware
from bot.records.office import complaints
from bot.records.schema import feedback, idempotent_requests, judgements, lookups, turns
from bot.records.waiting import Waiting

log = logging.getLogger(__name__)
Channel = Literal["page", "lite", "api", "v1", "mcp"]
CAPACITY, BATCH = 10_000, 1_000
TOPIC_CHARS = 80
DAY_SECONDS, TRIES_SECONDS, CHORE_RETRY_SECONDS = 86_400.0, 300.0, 600.0
GATHER_SECONDS, RETRY_SECONDS, CLOSING_SECONDS, SETTLE_SECONDS = 0.5, 2.0, 5.0, 3.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A turn as recorded; `versions` name index, prompts and model, so that an answer can be replayed."""

    answer_id: str
    at: datetime
    session: str
    channel: Channel
    question: str
    status: str
    mode: str
    label: str
    answer: str
    citations: list[dict[str, Any]]
    related: list[str]
    generation: dict[str, Any] | None
    versions: dict[str, str]
    seconds: float
    topic: str = ""
    fallback: str = ""

    def fields(self) -> dict[str, Any]:
        """The turn as JSON fields."""
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> "Kept":
        """The turn of JSON fields."""
        return cls(**{**fields, "at": datetime.fromisoformat(fields["at"])})

    @classmethod
    def of(
        cls, channel: Channel, session: str, question: str, answer: Answer, seconds: float, versions: Mapping[str, str]
    ) -> "Kept":
        """The record of a turn, the question masked. An answer is made from the masked question and the documents."""
        return cls(
            answer_id=answer.id,
            at=datetime.now(UTC),
            session=session,
            channel=channel,
            question=mask(question).replace("\0", ""),  # PostgreSQL keeps no NUL in a text
            status=answer.status.value,
            mode=answer.mode,
            label=answer.label,
            answer=answer.answer,
            citations=[{"mark": c.mark, "passage_id": c.passage_id, "quote": c.quote} for c in answer.citations],
            related=[near.passage_id for near in answer.related],
            generation=asdict(answer.generation) if answer.generation else None,
            versions=dict(versions),
            seconds=seconds,
            topic=_topic(answer),
            fallback=answer.generation.fallback if answer.generation else "",
        )


# Writes turns in one transaction, or raises NotKept.
Writing = Callable[[Database, Sequence[Kept]], None]


def _topic(answer: Answer) -> str:
    """The innermost heading of the first passage that an answer cites, or else lists as related."""
    sections = [c.section for c in answer.citations] + [near.section for near in answer.related]
    return next((section[-1][:TOPIC_CHARS] for section in sections if section), "")


@dataclass(slots=True)
class _Chore:
    """A periodic task; repeated sooner when the database could not be used."""

    every: float
    act: Callable[[], object]
    due: float = 0.0

    def do(self) -> None:
        try:
            self.act()
            self.due = time.monotonic() + self.every
        except NotKept:
            self.due = time.monotonic() + min(self.every, CHORE_RETRY_SECONDS)


class Recorder:
    """Writes turns in a thread of its own. Turns wait in a queue while the database is down; when it is full they are
    lost and counted.

    The queue is mirrored in a folder, where one is given: what a killed process left there is written first. Once a
    day records older than `content_days` and audit entries older than `audit_days` are deleted, and expired sign-in
    attempts.
    """

    def __init__(self, database: Database, content_days: int, audit_days: int, waiting: Waiting | None = None) -> None:
        self._database, self._files = database, waiting
        self._left = [Kept.from_fields(fields) for fields in waiting.left()] if waiting else []
        self._chores = [
            _Chore(DAY_SECONDS, lambda: purge(database, content_days, audit_days, actor="service")),
            _Chore(TRIES_SECONDS, lambda: tries.forget_past(database)),
        ]
        self._waiting: queue.Queue[Kept] = queue.Queue(CAPACITY)
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._moved = threading.Condition()
        self._taken = self._done = 0
        self.healthy = True
        self.lost = 0

    def start(self) -> None:
        """Begin to write and to purge; `keep` does so too."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="records", daemon=True)
            self._thread.start()

    def keep(self, turn: Kept) -> None:
        """Queue a turn to be written soon. Never blocks, never fails."""
        self.start()
        if self._files:
            self._files.add(turn.answer_id, turn.fields())
        try:
            with self._moved:
                self._waiting.put_nowait(turn)
                self._taken += 1
        except queue.Full:
            self.lost += 1
            self._drop([turn])

    def settle(self) -> None:
        """Wait until the turns queued so far are written, for at most SETTLE_SECONDS, so that reading or deleting one's
        records right after an answer includes that answer."""
        with self._moved:
            taken = self._taken
            self._moved.wait_for(lambda: self._done >= taken or not self.healthy, SETTLE_SECONDS)

    def close(self) -> None:
        """Write what waits, for at most CLOSING_SECONDS."""
        self._closing.set()
        if self._thread:
            self._thread.join(CLOSING_SECONDS)

    def _run(self) -> None:
        if self._left and not self._written(self._left, write_missing):
            return
        while not (self._closing.is_set() and self._waiting.empty()):
            self._do_chores()
            batch = self._next()
            if batch and not self._written(batch):
                self.lost += len(batch) + self._waiting.qsize()
                return
            with self._moved:
                self._done += len(batch)
                self._moved.notify_all()

    def _do_chores(self) -> None:
        for chore in self._chores:
            if time.monotonic() >= chore.due:
                chore.do()

    def _next(self) -> list[Kept]:
        """The next batch, gathered for a moment: one transaction for many turns costs answers little."""
        try:
            batch = [self._waiting.get(timeout=0.2)]
        except queue.Empty:
            return []
        self._closing.wait(GATHER_SECONDS)
        while len(batch) < BATCH and not self._waiting.empty():
            batch.append(self._waiting.get_nowait())
        return batch

    def _written(self, batch: list[Kept], act: Writing | None = None) -> bool:
        """Write a batch, however long the database is down; when the service ends meanwhile, try once more at most."""
        act = act or write
        written = self._write(batch, act)
        while not written and not self._closing.wait(RETRY_SECONDS):
            written = self._write(batch, act)
        if written or self._write(batch, act):
            self._drop(batch)
            return True
        return False

    def _drop(self, batch: list[Kept]) -> None:
        if self._files:
            self._files.done(turn.answer_id for turn in batch)

    def _write(self, batch: list[Kept], act: Writing) -> bool:
        try:
            act(self._database, batch)
        except NotKept as problem:
            if isinstance(problem.__cause__, (DataError, IntegrityError)):
                return self._write_singly(batch, act)
            self.healthy = False
            with self._moved:
                self._moved.notify_all()
            return False
        self.healthy = True
        return True

    def _write_singly(self, batch: list[Kept], act: Writing) -> bool:
        """Write turns one by one, so that one the database refuses is lost alone."""
        if len(batch) == 1:
            self.lost += 1
            return True
        return all([self._write([turn], act) for turn in batch])


def write(database: Database, kept: Sequence[Kept]) -> None:
    """Write turns in one transaction. Raises NotKept."""
    with database.begin() as connection:
        connection.execute(turns.insert(), [asdict(turn) for turn in kept])


def write_missing(database: Database, kept: Sequence[Kept]) -> None:
    """Write those turns that are not recorded yet. Raises NotKept."""
    with database.begin() as connection:
        asked = select(turns.c.answer_id).where(turns.c.answer_id.in_([turn.answer_id for turn in kept]))
        there = set(connection.execute(asked).scalars())
        missing = [asdict(turn) for turn in kept if turn.answer_id not in there]
        if missing:
            connection.execute(turns.insert(), missing)


def sessions(database: Database) -> set[str]:
    """Every session with a turn. Raises NotKept."""
    with database.read() as connection:
        return set(connection.execute(select(turns.c.session).distinct()).scalars())


def of_session(database: Database, session: str) -> list[dict[str, Any]]:
    """The turns of a session with their opinions, oldest first. Raises NotKept."""
    joined = turns.outerjoin(feedback, turns.c.answer_id == feedback.c.answer_id)
    wanted = select(turns, feedback.c.useful, feedback.c.reason, feedback.c.comment).select_from(joined)
    with database.read() as connection:
        rows = connection.execute(wanted.where(turns.c.session == session).order_by(turns.c.at)).mappings()
        return [{**row, "at": aware(row["at"]).isoformat()} for row in rows]


def of_answer(database: Database, answer_id: str) -> dict[str, Any] | None:
    """One turn; None when there is none, or it was deleted. Raises NotKept."""
    with database.read() as connection:
        row = connection.execute(select(turns).where(turns.c.answer_id == answer_id)).mappings().first()
        return dict(row) if row else None


def delete_session(database: Database, session: str) -> int:
    """Delete a session's turns and opinions; how many turns. Raises NotKept."""
    mine = select(turns.c.answer_id).where(turns.c.session == session)
    with database.begin() as connection:
        connection.execute(delete(feedback).where(feedback.c.answer_id.in_(mine)))
        return connection.execute(delete(turns).where(turns.c.session == session)).rowcount


def purge(database: Database, content_days: int, audit_days: int, actor: str) -> dict[str, int]:
    """Delete what is older than the days of retention; how many rows of each. Raises NotKept."""
    now = datetime.now(UTC)
    content, trail = now - timedelta(days=content_days), now - timedelta(days=audit_days)
    with database.begin() as connection:
        gone = {
            table.name: connection.execute(delete(table).where(table.c.at < content)).rowcount
            for table in (turns, feedback, idempotent_requests, lookups, judgements)
        }
        gone["complaints"] = complaints.purge(connection, content)
        gone["audit"], purged_to = audit.purge(connection, trail)
        if any(gone.values()):
            audit.append(connection, actor, audit.PURGE, **gone, **{audit.PURGED_TO: purged_to})
    return gone


def measured(begun: float) -> float:
    """Seconds since `begun` (time.perf_counter), to a tenth of a millisecond."""
    return round(time.perf_counter() - begun, 4)
