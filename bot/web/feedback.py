"""`POST /api/feedback`: 有用 or 没用, counted once an answer."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.meter import Meter
from bot.records.store import Feedback, Records

Reason = Literal["", "off_topic", "hard", "wrong", "missing"]


class FeedbackRequest(BaseModel):
    """What a resident thinks of an answer."""

    answer_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$", description="回答的 id")]
    useful: Annotated[bool, Field(description="有用还是没用")]
    reason: Annotated[Reason, Field(description="原因，可以不填")] = ""
    comment: Annotated[str, Field(max_length=200, description="补充的话，可以不填")] = ""


def router(records: Records, meter: Callable[[], Meter]) -> APIRouter:
    """The route. The same answer may be rated again: the later opinion replaces the earlier, and is not counted."""
    made = APIRouter(prefix="/api")

    @made.post("/feedback", summary="回答有用还是没用", status_code=201)
    async def feedback(body: FeedbackRequest) -> dict[str, bool]:
        first = await asyncio.to_thread(records.keep_feedback, Feedback(**body.model_dump()))
        if first:
            meter().rated(body.useful)
        return {"counted": first}

    return made
