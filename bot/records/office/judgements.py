"""The office's judgements on sampled answers."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, select

from bot.answer import Status
from bot.errors import NotFound
from bot.records import audit
from bot.records.database import Database, aware
from bot.records.schema import judgements as table
from bot.records.schema import turns
from bot.records.statistics import Span, within


def keep(database: Database, answer_id: str, correct: bool, judge: str) -> None:
    """Keep a judgement, replacing an earlier one. Raises NotFound for a deleted answer, and NotKept."""
    with database.begin() as connection:
        at = connection.execute(select(turns.c.at).where(turns.c.answer_id == answer_id)).scalar()
        if at is None:
            raise NotFound("没有这条记录，可能已过保存期被删除")
        connection.execute(delete(table).where(table.c.answer_id == answer_id))
        row = {"answer_id": answer_id, "at": at, "correct": correct, "judge": judge, "judged": datetime.now(UTC)}
        connection.execute(table.insert().values(**row))
        audit.append(connection, judge, "answer judged", answer=answer_id, correct=correct)


def tallied(database: Database, span: Span) -> tuple[int, int]:
    """How many of the answers judged were right, and how many were judged. Raises NotKept."""
    wanted = select(table.c.correct, func.count()).where(within(table.c.at, span)).group_by(table.c.correct)
    with database.read() as connection:
        times = {bool(correct): count for correct, count in connection.execute(wanted)}
    return times.get(True, 0), sum(times.values())


def drawn(database: Database, span: Span, most: int) -> list[dict[str, Any]]:
    """Answers not yet judged of a random sample of `most` (ids are random). Raises NotKept."""
    _, judged = tallied(database, span)
    known = select(table.c.answer_id).where(within(table.c.at, span))
    answered = within(turns.c.at, span) & (turns.c.status == Status.ANSWERED.value) & turns.c.answer_id.not_in(known)
    wanted = select(turns).where(answered).order_by(turns.c.answer_id).limit(max(most - judged, 0))
    with database.read() as connection:
        return [{**row, "at": aware(row["at"])} for row in connection.execute(wanted).mappings()]
