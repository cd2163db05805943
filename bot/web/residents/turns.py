"""`POST /turn`: a question from the page, answered with events that carry rendered HTML."""

import json
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.errors import TooBusy
from bot.web.api.asking import PADDING
from bot.web.api.schema import AskRequest
from bot.web.doors.gate import Gate
from bot.web.services import Services

WAIT_SECONDS = 2.0


def router(services: Services, gate: Gate) -> APIRouter:
    """The route."""
    made = APIRouter()

    async def admitted(body: AskRequest) -> AskRequest:
        """The request, validated before the stream begins. Raises NotReady, TooBusy, QuestionEmpty, QuestionTooLong."""
        shown = services.views()
        shown.bot.refuse_unusable(body.question)
        if gate.full:
            raise TooBusy(shown.text["too_busy"].format(phone=shown.bot.site.hotline.phone))
        return body

    @made.post("/turn", include_in_schema=False, response_class=EventSourceResponse)
    async def turn(body: Annotated[AskRequest, Depends(admitted)]) -> AsyncIterator[ServerSentEvent]:
        yield PADDING
        async with aclosing(_events(services, body, gate)) as events:
            async for event in events:
                yield event

    return made


async def _events(services: Services, body: AskRequest, gate: Gate) -> AsyncGenerator[ServerSentEvent]:
    """`waiting` while the question is queued, `sentence` for each that passed, then `turn`, the whole."""
    views, begun = services.views(), time.perf_counter()
    async with gate.enter() as place:
        while place.ahead:
            yield _event("waiting", text=views.text["browser"]["waiting"].format(ahead=place.ahead))
            await place.moved(WAIT_SECONDS)
        history = [earlier.model_dump() for earlier in body.history]
        async with aclosing(services.gatekeeper().stream(body.question, history)) as pieces:
            async for piece in pieces:
                if isinstance(piece, str):
                    yield _event("sentence", text=piece)
                else:
                    services.keep("page", body.question, piece, begun, body.session)
                    yield _event("turn", html=views.turn(body.question, piece))


def _event(name: str, **data: str) -> ServerSentEvent:
    return ServerSentEvent(event=name, raw_data=json.dumps(data, ensure_ascii=False))
