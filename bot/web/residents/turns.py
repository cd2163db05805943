"""`POST /turn`: one question of the page, answered as events that carry finished HTML."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from bot.errors import TooBusy
from bot.web.api.asking import UNBUFFERED
from bot.web.api.schema import AskRequest
from bot.web.doors.gate import Gate
from bot.web.services import Services

WAIT_SECONDS = 2.0


def router(services: Services, gate: Gate) -> APIRouter:
    """The route."""
    made = APIRouter()

    @made.post("/turn", include_in_schema=False)
    async def turn(body: AskRequest) -> StreamingResponse:
        shown = services.views()
        shown.bot.refuse_unusable(body.question)
        if gate.full:
            raise TooBusy(shown.text["too_busy"].format(phone=shown.bot.site.hotline.phone))
        return StreamingResponse(_events(services, body, gate), media_type="text/event-stream", headers=UNBUFFERED)

    return made


async def _events(services: Services, body: AskRequest, gate: Gate) -> AsyncIterator[bytes]:
    """`waiting` while others are before this one, `sentence` for each that passed, then `turn`, the whole."""
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


def _event(name: str, **data: str) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
