"""The records of one's own session, to read and to delete. The session's number is the only key to it."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Path

from bot.answering.aigc import labelled
from bot.records import turns
from bot.records.database import Database
from bot.records.turns import Recorder
from bot.web.api.outcomes import answers
from bot.web.api.schema import DeletedBody, SessionBody

Session = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{16,64}$", description="提问时用的 session")]


def router(database: Database, recorder: Recorder, operator: str) -> APIRouter:
    """The routes; `operator` answers for generated content. Pending turns are written first, if that is quick."""
    made = APIRouter(prefix="/api", tags=["我的记录"])

    @made.get("/session/{session}", summary="导出一次会话的记录", responses=answers(SessionBody, 422, 503))
    async def export(session: Session) -> dict[str, Any]:
        await asyncio.to_thread(recorder.settle)
        return {"turns": labelled(await asyncio.to_thread(turns.of_session, database, session), operator)}

    @made.delete("/session/{session}", summary="删除一次会话的记录", responses=answers(DeletedBody, 422, 503))
    async def forget(session: Session) -> dict[str, int]:
        await asyncio.to_thread(recorder.settle)
        return {"deleted": await asyncio.to_thread(turns.delete_session, database, session)}

    return made
