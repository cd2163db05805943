"""Approved answers in the records: every version, its author, who released it, why it ended."""

import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.engine import Connection, RowMapping

from bot.errors import AnswerUnusable, NotFound
from bot.records import audit
from bot.records.database import Database, aware
from bot.records.schema import approved_answers as table

State = Literal["draft", "approved", "replaced", "withdrawn", "suspended"]


@dataclass(frozen=True, slots=True)
class Cited:
    """A source of an approved answer: words of a passage."""

    passage_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class OfficialSource:
    """A source of an approved answer: an official text beyond the documents, and until when it is valid."""

    title: str
    publisher: str
    published: date
    url: str
    valid_until: date

    def as_row(self) -> dict[str, str]:
        """As stored: days in ISO 8601."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def of_row(cls, row: dict[str, str]) -> "OfficialSource":
        """From what was stored."""
        days = {name: date.fromisoformat(row[name]) for name in ("published", "valid_until")}
        return cls(title=row["title"], publisher=row["publisher"], url=row["url"], **days)


@dataclass(frozen=True, slots=True)
class Referral:
    """A statement that the documents with these ids, all there are, say nothing; and whom to ask instead."""

    name: str
    phone: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor writes. It rests on citations, or on a source, or is a referral.

    `origin` is the answer it corrects; `valid_until` None means no end. `variants` are other wordings; `year` is the
    year that the text calls this year.
    """

    question: str
    answer: str
    citations: tuple[Cited, ...]
    valid_from: date
    valid_until: date | None = None
    origin: str = ""
    variants: tuple[str, ...] = ()
    year: int | None = None
    source: OfficialSource | None = None
    referral: Referral | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """The question and its other wordings."""
        return (self.question, *self.variants)


@dataclass(frozen=True, slots=True)
class ApprovedAnswer(Draft):
    """One version of an answer to a question, and what became of it."""

    id: str = ""
    version: int = 1
    state: State = "draft"
    author: str = ""
    approver: str = ""
    reason: str = ""
    at: datetime = field(default_factory=datetime.now)


def draft(database: Database, written: Draft, author: str, answer_id: str = "") -> ApprovedAnswer:
    """Keep a new answer, or a new version of one, for a second person to release. Raises NotFound and NotKept.

    The caller has checked it against the documents (bot.office.drafts.refuse_unusable).
    """
    with database.begin() as connection:
        earlier = _versions(connection, answer_id) if answer_id else []
        made = ApprovedAnswer(
            **{name: getattr(written, name) for name in Draft.__dataclass_fields__},
            id=answer_id or uuid.uuid4().hex,
            version=max((one.version for one in earlier), default=0) + 1,
            author=author,
            at=datetime.now(UTC),
        )
        source = made.source.as_row() if made.source else None
        connection.execute(table.insert().values(**{**asdict(made), "source": source}))
        audit.append(connection, author, "answer drafted", answer=made.id, version=made.version)
    return made


def approve(database: Database, answer_id: str, version: int, approver: str) -> None:
    """Release a draft in place of every earlier version. Raises AnswerUnusable for its author, or for no draft."""
    with database.begin() as connection:
        wanted = next((one for one in _versions(connection, answer_id) if one.version == version), None)
        if wanted is None or wanted.state != "draft":
            raise AnswerUnusable("这一版不在待审状态，请刷新后再看")
        if wanted.author == approver:
            raise AnswerUnusable("自己写的口径要由另一个人审定")
        older = (table.c.id == answer_id) & (table.c.state.in_(("approved", "suspended")))
        connection.execute(update(table).where(older).values(state="replaced"))
        _set(connection, answer_id, version, state="approved", approver=approver)
        audit.append(connection, approver, "answer approved", answer=answer_id, version=version)


def withdraw(database: Database, answer_id: str, actor: str, reason: str) -> None:
    """Withdraw an answer, with every draft of it. Raises NotFound and NotKept."""
    with database.begin() as connection:
        _versions(connection, answer_id)
        open_ones = (table.c.id == answer_id) & (table.c.state.in_(("approved", "draft", "suspended")))
        connection.execute(update(table).where(open_ones).values(state="withdrawn", reason=reason))
        audit.append(connection, actor, "answer withdrawn", answer=answer_id, reason=reason)


def suspend(database: Database, approved: ApprovedAnswer, why: str) -> None:
    """Stop serving an answer; `why` is a key of the office's texts. Raises NotKept."""
    with database.begin() as connection:
        _set(connection, approved.id, approved.version, state="suspended", reason=why)
        audit.append(connection, "service", "answer suspended", answer=approved.id, version=approved.version, why=why)


def in_force(database: Database, today: date) -> tuple[ApprovedAnswer, ...]:
    """What may be served today. Raises NotKept."""
    valid = (table.c.valid_from <= today) & (table.c.valid_until.is_(None) | (table.c.valid_until >= today))
    wanted = select(table).where(table.c.state == "approved", valid).order_by(table.c.at)
    with database.read() as connection:
        return tuple(_made(row) for row in connection.execute(wanted).mappings())


def suspended(database: Database) -> int:
    """How many are suspended because their sources changed or expired. Raises NotKept."""
    with database.read() as connection:
        return connection.execute(select(func.count()).where(table.c.state == "suspended")).scalar() or 0


def history(database: Database, answer_id: str) -> list[ApprovedAnswer]:
    """Every version, the newest first. Raises NotFound and NotKept."""
    with database.read() as connection:
        return _versions(connection, answer_id)


def every(database: Database) -> list[ApprovedAnswer]:
    """The newest version of each answer, and the one in force beside it when a draft is newer. Raises NotKept."""
    wanted = select(table).where(table.c.state != "replaced").order_by(table.c.at.desc())
    with database.read() as connection:
        return [_made(row) for row in connection.execute(wanted).mappings()]


def _versions(connection: Connection, answer_id: str) -> list[ApprovedAnswer]:
    wanted = select(table).where(table.c.id == answer_id).order_by(table.c.version.desc())
    found = [_made(row) for row in connection.execute(wanted).mappings()]
    if not found:
        raise NotFound("没有这一条标准口径，请检查网址")
    return found


def _set(connection: Connection, answer_id: str, version: int, **values: object) -> None:
    mine = (table.c.id == answer_id) & (table.c.version == version)
    connection.execute(update(table).where(mine).values(**values))


def _made(row: RowMapping) -> ApprovedAnswer:
    citations = tuple(Cited(**cited) for cited in row["citations"])
    fields: dict[str, Any] = {**row, "citations": citations, "at": aware(row["at"]), "variants": tuple(row["variants"])}
    fields["source"] = OfficialSource.of_row(row["source"]) if row["source"] else None
    if row["referral"]:
        fields["referral"] = Referral(**{**row["referral"], "documents": tuple(row["referral"]["documents"])})
    return ApprovedAnswer(**fields)
