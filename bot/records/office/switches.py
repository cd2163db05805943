"""The office's switches: pauses of the model, a topic or the whole service, and announcements."""

import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import select, update
from sqlalchemy.engine import RowMapping

from bot.errors import NotFound, SwitchUnusable
from bot.records import audit
from bot.records.database import Database, aware
from bot.records.schema import switches as table

Kind = Literal["model", "topic", "announcement", "service"]
TOLD: tuple[Kind, ...] = ("topic", "announcement", "service")
LONGEST, LONGEST_TOPIC, SHORTEST_WORD = 500, 200, 2


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch. `topic` holds the words of a paused topic; `text` is what residents are told.

    In force from `begins` until `ends` (None: until it is lifted).
    """

    kind: Kind
    reason: str
    actor: str
    begins: datetime
    text: str = ""
    topic: str = ""
    ends: datetime | None = None
    lifted: datetime | None = None
    id: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether it is in force."""
        return self.lifted is None and self.begins <= now and (self.ends is None or now < self.ends)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a paused topic."""
        return tuple(self.topic.replace("、", " ").split())


def set_switch(database: Database, switch: Switch) -> Switch:
    """Keep a switch, with its audit entry. Raises SwitchUnusable and NotKept.

    Of a paused model or service the newer switch replaces the older.
    """
    refuse_unusable(switch)
    made = Switch(**{**asdict(switch), "id": uuid.uuid4().hex})
    with database.begin() as connection:
        if made.kind in ("model", "service"):
            older = (table.c.kind == made.kind) & table.c.lifted.is_(None)
            connection.execute(update(table).where(older).values(lifted=datetime.now(UTC)))
        connection.execute(table.insert().values(**asdict(made)))
        told = {"topic": made.topic, "text": made.text, "reason": made.reason, "switch": made.id}
        audit.append(connection, made.actor, f"{made.kind} switched", **told)
    return made


def lift(database: Database, switch_id: str, actor: str, reason: str) -> None:
    """End a switch now. Raises SwitchUnusable without a reason, NotFound and NotKept."""
    if not reason.strip():
        raise SwitchUnusable("请写明原因")
    mine = (table.c.id == switch_id) & table.c.lifted.is_(None)
    with database.begin() as connection:
        if not connection.execute(update(table).where(mine).values(lifted=datetime.now(UTC))).rowcount:
            raise NotFound("这个开关已经恢复，请刷新后再看")
        audit.append(connection, actor, "switch lifted", switch=switch_id, reason=reason)


def pending(database: Database, now: datetime) -> tuple[Switch, ...]:
    """What is in force or will be. Raises NotKept."""
    wanted = table.c.lifted.is_(None) & (table.c.ends.is_(None) | (table.c.ends > now))
    with database.read() as connection:
        rows = connection.execute(select(table).where(wanted).order_by(table.c.begins)).mappings()
        return tuple(_made(row) for row in rows)


def history(database: Database, count: int = 100) -> list[Switch]:
    """The latest switches, the newest first. Raises NotKept."""
    with database.read() as connection:
        rows = connection.execute(select(table).order_by(table.c.begins.desc()).limit(count)).mappings()
        return [_made(row) for row in rows]


def refuse_unusable(switch: Switch) -> None:
    """Raise SwitchUnusable, with what is wrong in Chinese."""
    if switch.kind not in get_args(Kind):
        raise SwitchUnusable("没有这种开关")
    if not switch.reason.strip():
        raise SwitchUnusable("请写明原因")
    if switch.kind in TOLD and not switch.text.strip():
        raise SwitchUnusable("请写上给居民看的话")
    if max(len(switch.reason), len(switch.text)) > LONGEST:
        raise SwitchUnusable(f"原因和给居民看的话都不要超过{LONGEST}个字")
    if len(switch.topic) > LONGEST_TOPIC:
        raise SwitchUnusable(f"主题词合起来不要超过{LONGEST_TOPIC}个字")
    if switch.kind == "topic" and not switch.words:
        raise SwitchUnusable("请写上暂停回答的主题词，几个之间用空格分开")
    if switch.kind == "topic" and min(map(len, switch.words)) < SHORTEST_WORD:
        raise SwitchUnusable(f"每个主题词至少要有{SHORTEST_WORD}个字，例如：食堂、停车位")
    if switch.ends is not None and switch.ends <= switch.begins:
        raise SwitchUnusable("结束时间要晚于开始时间")


def _made(row: RowMapping) -> Switch:
    fields: dict[str, Any] = dict(row)
    for name in ("begins", "ends", "lifted"):
        fields[name] = aware(fields[name]) if fields[name] else None
    return Switch(**fields)
