"""What agents looked up during calls, and the outcomes."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select, update

from bot.errors import LookupUnusable
from bot.guarding.privacy import mask
from bot.records.database import Database, aware
from bot.records.schema import lookups as table

Outcome = Literal["answered", "transferred", "wrong"]
LONGEST_QUERY, LONGEST_SCRIPT, LONGEST_SOURCE = 4_000, 4_000, 80


@dataclass(frozen=True, slots=True)
class Lookup:
    """One look-up. `id` is a number the page made for it, `call` one for the call it is of (empty when unknown).

    `source` names the result whose `script` was read out.
    """

    id: str
    agent: str
    query: str
    source: str
    script: str
    outcome: str
    at: datetime
    call: str = ""


def keep(database: Database, found: Lookup) -> None:
    """Keep a look-up, its query masked; the same id of the same agent changes its outcome.

    Raises LookupUnusable for an unknown outcome or another's id, and NotKept.
    """
    if found.outcome not in get_args(Outcome):
        raise LookupUnusable("没有这种处理结果")
    row = asdict(found)
    row["query"] = mask(found.query).replace("\0", "")[:LONGEST_QUERY]
    row["script"] = found.script.replace("\0", "")[:LONGEST_SCRIPT]
    row["source"] = found.source.replace("\0", "")[:LONGEST_SOURCE]
    with database.begin() as connection:
        owner = connection.execute(select(table.c.agent).where(table.c.id == found.id)).scalar()
        if owner is None:
            connection.execute(table.insert().values(**row))
        elif owner != found.agent:
            raise LookupUnusable("这条记录是别人的")
        else:
            connection.execute(update(table).where(table.c.id == found.id).values(**row))


def recent(database: Database, agent: str, count: int = 20) -> list[list[Lookup]]:
    """An agent's own look-ups by call, the latest first; those without a call stand alone. Raises NotKept."""
    wanted = select(table).where(table.c.agent == agent).order_by(table.c.at.desc()).limit(count)
    with database.read() as connection:
        found = [Lookup(**{**row, "at": aware(row["at"])}) for row in connection.execute(wanted).mappings()]
    calls: dict[str, list[Lookup]] = {}
    for one in found:
        calls.setdefault(one.call or one.id, []).append(one)
    return list(calls.values())
