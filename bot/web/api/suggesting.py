"""Suggested questions while typing, and after an answer. All of them are known to be answered."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query
from pydantic import BaseModel, Field

from bot.answering.onward import MOST_SHOWN, Quoted
from bot.web.api.outcomes import answers
from bot.web.api.schema import Writable
from bot.web.services import Services
from bot.workers import in_worker

MAX_TYPED = 60
Shown = Annotated[list[str], Query(max_length=MOST_SHOWN, description="刚才看到的段落编号")]


class TypedRequest(BaseModel):
    """The text typed so far; in a body, because proxies log URLs."""

    typed: Writable = Field(max_length=MAX_TYPED, description="已经写下的字", examples=["充电桩"])


class QuestionsBody(BaseModel):
    """Questions known to be answered."""

    questions: list[str]


def router(services: Services) -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/api", tags=["查阅"])

    typing = answers(QuestionsBody, 400, 413, 422, 429, 503)

    @made.post("/suggest", summary="边写边提示，都是答得上的问题", responses=typing)
    async def suggest(body: TypedRequest, later: BackgroundTasks) -> dict[str, Any]:
        suggestions = services.suggestions()
        later.add_task(suggestions.try_all)
        return {"questions": list(await in_worker(suggestions.find, body.typed))}

    @made.get("/next", summary="接着可以问的，都是答得上的问题", responses=answers(QuestionsBody, 422, 429, 503))
    async def following(
        p: Shown,
        start: Annotated[list[int], Query(alias="from", max_length=MOST_SHOWN, description="各段引文的起点")] = [],  # noqa: B006
        end: Annotated[list[int], Query(alias="to", max_length=MOST_SHOWN, description="各段引文的终点")] = [],  # noqa: B006
    ) -> dict[str, Any]:
        onward = services.onward()
        stretches = [*zip(start, end, strict=False), *[(0, 0)] * len(p)]
        shown = [Quoted(passage, *stretch) for passage, stretch in zip(p, stretches, strict=False)]
        return {"questions": list(await in_worker(onward.after, shown))}

    return made
