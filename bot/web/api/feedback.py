"""`POST /api/feedback`: 有用 or 没用, counted once per answer."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Header

from bot.records.database import Database
from bot.records.feedback import Feedback, keep_feedback
from bot.web.api.outcomes import answers
from bot.web.api.schema import FeedbackBody, FeedbackRequest
from bot.web.doors.plain import refuse_controls
from bot.web.services import Services

Key = Annotated[str, Header(alias="Idempotency-Key", max_length=64, description="同一次提交重发时用同一个值，只算一次")]


def router(services: Services, database: Database) -> APIRouter:
    """The route. The same answer may be rated again: the later opinion replaces the earlier, and is not counted."""
    made = APIRouter(prefix="/api", tags=["提问"], dependencies=[Depends(refuse_controls)])
    responses = answers(FeedbackBody, 400, 401, 409, 413, 422, 429, 503, success=201)

    @made.post("/feedback", summary="回答有用还是没用", status_code=201, responses=responses)
    async def feedback(body: FeedbackRequest, key: Key = "") -> dict[str, bool]:
        meter = services.ready().meter
        first = await asyncio.to_thread(keep_feedback, database, Feedback(**body.model_dump()), key)
        if first:
            meter.rated(body.useful)
        return {"counted": first}

    return made
