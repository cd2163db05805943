"""`/api/ask` and its streaming form: a question in, an answer with its sources out."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from bot.answer import Answer
from bot.web.api.schema import AnswerBody, AskRequest, answers
from bot.web.services import Services

UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def router(services: Services) -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/api", tags=["提问"])

    @made.post("/ask", summary="提问，得到有出处的回答", responses=answers(AnswerBody, 400, 401, 413, 422, 429, 503))
    async def ask(body: AskRequest, request: Request) -> JSONResponse:
        begun = time.perf_counter()
        history = [turn.model_dump() for turn in body.history]
        answer = await while_connected(request, services.gatekeeper().reply(body.question, history))
        services.keep("api", body.question, answer, begun, body.session)
        return JSONResponse(answer.as_dict())

    @made.post(
        "/ask/stream",
        summary="提问，逐句得到核对过的回答（SSE）",
        description="事件 sentence 是核对过的一句，最后的 answer 是完整的回答，以它为准。",
        response_class=StreamingResponse,
        responses={**answers(None, 400, 401, 413, 422, 429, 503), 200: {"content": {"text/event-stream": {}}}},
    )
    async def ask_stream(body: AskRequest) -> StreamingResponse:
        services.ready().refuse_unusable(body.question)
        return StreamingResponse(_events(services, body), media_type="text/event-stream", headers=UNBUFFERED)

    return made


async def while_connected(request: Request, reply: Coroutine[Any, Any, Answer]) -> Answer:
    """The reply; given up, and with it the call to the model, when the client goes away."""
    replying = asyncio.create_task(reply)
    leaving = asyncio.create_task(_gone(request))
    await asyncio.wait((replying, leaving), return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    if not replying.done():
        replying.cancel()
    return await replying


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _events(services: Services, body: AskRequest) -> AsyncIterator[bytes]:
    """`sentence` for each that passed, then `answer`, the whole, which alone counts."""
    begun = time.perf_counter()
    history = [turn.model_dump() for turn in body.history]
    async with aclosing(services.gatekeeper().stream(body.question, history)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Answer):
                services.keep("api", body.question, piece, begun, body.session)
            yield _event(piece)


def _event(piece: str | Answer) -> bytes:
    name, data = ("sentence", {"text": piece}) if isinstance(piece, str) else ("answer", piece.as_dict())
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
