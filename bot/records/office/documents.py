"""Proposals to put up or take down documents: who proposed, who handed in, and which second person released."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, RowMapping

from bot.errors import DocumentUnusable, NotFound
from bot.records import audit
from bot.records.database import Database, aware
from bot.records.schema import document_proposals as table

Act = Literal["put_up", "take_down"]
State = Literal["draft", "handed_in", "released", "dropped"]
OPEN: tuple[State, ...] = ("draft", "handed_in")
LONGEST_REASON = 300
# The name of each step in the audit.
STEPS = {"draft": "taken back", "handed_in": "handed in", "dropped": "dropped"}
LATE = "这一步已经有人做过了，请刷新后再看"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A document to put up or take down, and the outcome. `sha256` is that of its file, `reason` why."""

    act: Act
    document: str
    title: str
    author: str
    sha256: str = ""
    reason: str = ""
    state: State = "draft"
    handed_in_by: str = ""
    decided_by: str = ""
    id: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


def propose(database: Database, proposal: Proposal) -> Proposal:
    """Keep a new proposal, under its own id where it has one: a draft to put up, or a document to take down, which is
    handed in at once.

    Raises DocumentUnusable when it is proposed already, or a reason is missing; and NotKept.
    """
    taking_down = proposal.act == "take_down"
    if taking_down and not proposal.reason.strip():
        raise DocumentUnusable("请写明下架的原因")
    made = replace(proposal, id=proposal.id or uuid.uuid4().hex, at=datetime.now(UTC))
    if taking_down:
        made = replace(made, state="handed_in", handed_in_by=made.author)
    same = table.c.document == made.document if taking_down else table.c.sha256 == made.sha256
    with database.begin() as connection:
        _note(connection, made, made.author, "proposed", reason=made.reason)  # first: it locks
        wanted = select(table).where(same, table.c.act == made.act, table.c.state.in_(OPEN))
        other = connection.execute(wanted).mappings().first()
        if other:
            raise DocumentUnusable(f"《{other['title']}》已经由{other['author']}提出，请在下面找到它")
        connection.execute(table.insert().values(**asdict(made)))
    return made


def move(database: Database, proposal_id: str, to: State, actor: str, reason: str = "") -> None:
    """Hand in a draft, take it back, or drop it. Raises DocumentUnusable, NotFound and NotKept."""
    before: tuple[State, ...] = {"handed_in": ("draft",), "draft": ("handed_in",)}.get(to, OPEN)  # type: ignore[assignment]
    changed = {"handed_in": {"handed_in_by": actor}, "draft": {"handed_in_by": ""}}
    values = changed.get(to, {"decided_by": actor, "reason": reason})
    with database.begin() as connection:
        found = _one(connection, proposal_id)
        if found.act == "take_down" and to == "draft":
            raise DocumentUnusable(LATE)
        _change(connection, found, before, state=to, **values)
        _note(connection, found, actor, STEPS[to], reason=reason)


def correct(database: Database, proposal_id: str, title: str, actor: str, act: Callable[[], None]) -> None:
    """Record that a draft was corrected by `act`, which is called only while it is still a draft.

    Nobody else can write meanwhile, so `act` must be quick.

    Raises DocumentUnusable, NotFound, NotKept, and what `act` raises: nothing is kept then.
    """
    with database.begin() as connection:
        found = _one(connection, proposal_id)
        _change(connection, found, ("draft",), title=title)
        _note(connection, found, actor, "corrected")
        act()


def releasable(database: Database, proposal_id: str, actor: str) -> Proposal:
    """A proposal, if this person may release it now. Raises DocumentUnusable, NotFound and NotKept."""
    found = one(database, proposal_id)
    _refuse_release(found, actor)
    return found


def release(database: Database, proposal_id: str, actor: str, act: Callable[[], None]) -> None:
    """Carry out what was handed in by `act`, once, even under concurrent releases; `act` must be quick.

    Raises DocumentUnusable when it was not handed in, or by the same person; NotFound, NotKept, and what `act` raises:
    nothing is kept then.
    """
    with database.begin() as connection:
        found = _one(connection, proposal_id)
        _refuse_release(found, actor)
        _change(connection, found, ("handed_in",), state="released", decided_by=actor)
        _note(connection, found, actor, "released")
        act()


def one(database: Database, proposal_id: str) -> Proposal:
    """The proposal with this id. Raises NotFound and NotKept."""
    with database.read() as connection:
        return _one(connection, proposal_id)


def latest(database: Database, count: int = 100) -> list[Proposal]:
    """The latest proposals in any state, the newest first. Raises NotKept."""
    with database.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.at.desc()).limit(count)).mappings()
        return [_made(row) for row in rows]


def _one(connection: Connection, proposal_id: str) -> Proposal:
    row = connection.execute(select(table).where(table.c.id == proposal_id)).mappings().first()
    if row is None:
        raise NotFound("没有这一条，请检查网址")
    return _made(row)


def _refuse_release(found: Proposal, actor: str) -> None:
    if found.state != "handed_in":
        raise DocumentUnusable(LATE)
    if found.handed_in_by == actor:
        raise DocumentUnusable("自己提交的要由另一个人审定")


def _change(connection: Connection, found: Proposal, before: tuple[State, ...], **values: object) -> None:
    """Change a row if it is still in one of the given states. Raises DocumentUnusable when it is not."""
    mine = (table.c.id == found.id) & table.c.state.in_(before)
    if not connection.execute(update(table).where(mine).values(**values)).rowcount:
        raise DocumentUnusable(LATE)


def _note(connection: Connection, proposal: Proposal, actor: str, step: str, **more: str) -> None:
    told = {"document": proposal.document, "title": proposal.title, "proposal": proposal.id, **more}
    audit.append(connection, actor, f"document {proposal.act} {step}", **told)


def _made(row: RowMapping) -> Proposal:
    fields: dict[str, Any] = {**row, "at": aware(row["at"])}
    return Proposal(**fields)
