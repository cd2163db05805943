"""What was asked, counted: over a span of time, by topic, status and opinion. Moments are in UTC, ends exclusive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.sql.elements import KeyedColumnElement

from bot.records.database import Database, aware
from bot.records.schema import feedback, lookups, turns

# The sessions of demonstration data begin so.
DEMONSTRATION = "demo-"
# The mode of what the office itself answered.
APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Span:
    """From `begins` until before `ends`."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """How often one topic was asked about with one status."""

    topic: str
    status: str
    mode: str
    fallback: str
    times: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How often a question was asked in the same words; `answer_id` is one of the turns."""

    topic: str
    question: str
    times: int
    answer_id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which turns: of `span`, with one of `statuses` (empty for all), a topic (None for all), a word, an opinion.

    `unapproved` leaves out what the office itself answered.
    """

    span: Span
    statuses: tuple[str, ...] = ()
    topic: str | None = None
    word: str = ""
    useless: bool = False
    fallback: bool = False
    unapproved: bool = False


def counted(database: Database, span: Span) -> list[Counted]:
    """Every combination of topic and status that occurred. Raises NotKept."""
    columns = (turns.c.topic, turns.c.status, turns.c.mode, turns.c.fallback)
    wanted = select(*columns, func.count()).where(within(turns.c.at, span)).group_by(*columns)
    with database.read() as connection:
        return [Counted(*row) for row in connection.execute(wanted)]


def quantiles(database: Database, span: Span, shares: Sequence[float]) -> list[float]:
    """The quantiles of the answer time in seconds, for each share (nearest rank). Raises NotKept."""
    of_span = within(turns.c.at, span)
    with database.read() as connection:
        total = connection.execute(select(func.count()).where(of_span)).scalar() or 0
        if not total:
            return [0.0 for _ in shares]
        ordered = select(turns.c.seconds).where(of_span).order_by(turns.c.seconds)
        ranks = [min(int(total * share), total - 1) for share in shares]
        return [float(connection.execute(ordered.offset(rank).limit(1)).scalar_one()) for rank in ranks]


def asked(database: Database, wanted: Wanted) -> list[Asked]:
    """The questions, those in the same words together, the most frequent first. Raises NotKept."""
    columns = (turns.c.topic, turns.c.question)
    counted = _chosen(select(*columns, func.count(), func.max(turns.c.answer_id)), wanted).group_by(*columns)
    with database.read() as connection:
        return [Asked(*row) for row in connection.execute(counted.order_by(func.count().desc(), turns.c.question))]


def earlier(database: Database, answer_ids: Sequence[str]) -> dict[str, list[str]]:
    """The earlier questions of each answer's conversation, oldest first. Raises NotKept."""
    own, before = turns.alias("own"), turns.alias("before")
    same = (before.c.session == own.c.session) & (before.c.at < own.c.at)
    joined = select(own.c.answer_id, before.c.question).select_from(own.join(before, same))
    wanted = joined.where(own.c.answer_id.in_(answer_ids), own.c.session != "").order_by(before.c.at)
    found: dict[str, list[str]] = {}
    with database.read() as connection:
        for answer_id, question in connection.execute(wanted):
            found.setdefault(answer_id, []).append(question)
    return found


def sampled(database: Database, span: Span, most: int) -> tuple[int, list[str]]:
    """How many questions were asked, and a random sample of them (ids are random). Raises NotKept."""
    of_span = within(turns.c.at, span)
    drawn = select(turns.c.question).where(of_span).order_by(turns.c.answer_id).limit(most)
    with database.read() as connection:
        total = connection.execute(select(func.count()).where(of_span)).scalar() or 0
        return total, list(connection.execute(drawn).scalars())


def opinions(database: Database, span: Span) -> dict[tuple[bool, str], int]:
    """How often answers were found useful or not, by reason. Raises NotKept."""
    columns = (feedback.c.useful, feedback.c.reason)
    wanted = select(*columns, func.count()).where(within(feedback.c.at, span)).group_by(*columns)
    with database.read() as connection:
        return {(useful, reason): times for useful, reason, times in connection.execute(wanted)}


def outcomes(database: Database, span: Span) -> dict[str, int]:
    """How the agents' look-ups ended. Raises NotKept."""
    wanted = select(lookups.c.outcome, func.count()).where(within(lookups.c.at, span)).group_by(lookups.c.outcome)
    with database.read() as connection:
        return {outcome: times for outcome, times in connection.execute(wanted)}


def looked_up(database: Database, span: Span, chosen: Sequence[str], most: int) -> list[tuple[str, str, int]]:
    """Look-ups with one of some outcomes: query, outcome and times, most frequent first. Raises NotKept."""
    columns = (lookups.c.query, lookups.c.outcome)
    of_span = and_(within(lookups.c.at, span), lookups.c.outcome.in_(chosen))
    wanted = select(*columns, func.count()).where(of_span).group_by(*columns).order_by(func.count().desc()).limit(most)
    with database.read() as connection:
        return [(query, outcome, times) for query, outcome, times in connection.execute(wanted)]


def listed(database: Database, wanted: Wanted, offset: int, count: int) -> list[dict[str, Any]]:
    """The turns themselves with their opinions, the latest first. Raises NotKept."""
    shown = (turns.c.answer_id, turns.c.at, turns.c.channel, turns.c.question, turns.c.status, turns.c.topic)
    columns = select(*shown, turns.c.mode, turns.c.fallback, feedback.c.useful, feedback.c.reason)
    chosen = _chosen(columns, wanted, opinions=True).order_by(turns.c.at.desc(), turns.c.answer_id)
    with database.read() as connection:
        rows = connection.execute(chosen.offset(offset).limit(count)).mappings()
        return [{**row, "at": aware(row["at"])} for row in rows]


def is_demonstration(database: Database) -> bool:
    """Whether any record is one of `python -m bot demo`. Raises NotKept."""
    made = select(turns.c.session).where(turns.c.session.startswith(DEMONSTRATION, autoescape=True)).limit(1)
    with database.read() as connection:
        return connection.execute(made).first() is not None


def _chosen(columns: Select[Any], wanted: Wanted, opinions: bool = False) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [within(turns.c.at, wanted.span)]
    if wanted.statuses:
        conditions.append(turns.c.status.in_(wanted.statuses))
    if wanted.topic is not None:
        conditions.append(turns.c.topic == wanted.topic)
    if wanted.word:
        conditions.append(turns.c.question.contains(wanted.word, autoescape=True))
    if wanted.fallback:
        conditions.append(turns.c.fallback != "")
    if wanted.unapproved:
        conditions.append(turns.c.mode != APPROVED)
    if wanted.useless:
        conditions.append(feedback.c.useful.is_(False))
    rated = turns.c.answer_id == feedback.c.answer_id
    if wanted.useless or opinions:
        return columns.select_from(turns.join(feedback, rated, isouter=not wanted.useless)).where(*conditions)
    return columns.where(*conditions)


def within(moment: KeyedColumnElement[datetime], span: Span) -> ColumnElement[bool]:
    """The condition that a moment is of a span."""
    return and_(moment >= span.begins, moment < span.ends)
