"""`/api/ask` and its streaming form: a question in, an answer with its sources out."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from bot.answer import Answer
from bot.web.api.outcomes import answers, refusals
from bot.web.api.schema import AnswerBody, AskRequest
from bot.web.services import Services

# Padding for proxies and browsers that buffer the first bytes of a reply; an event reader ignores it.
PADDING = ServerSentEvent(comment=" " * 2048)


def router(services: Services) -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/api", tags=["提问"])

    async def usable(body: AskRequest) -> AskRequest:
        """The request, validated before the stream begins. Raises NotReady, QuestionEmpty and QuestionTooLong."""
        services.ready().refuse_unusable(body.question)
        return body

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
        response_class=EventSourceResponse,
        responses=refusals(400, 401, 413, 422, 429, 503),
    )
    async def ask_stream(body: Annotated[AskRequest, Depends(usable)]) -> AsyncIterator[ServerSentEvent]:
        begun = time.perf_counter()
        history = [turn.model_dump() for turn in body.history]
        yield PADDING
        async with aclosing(services.gatekeeper().stream(body.question, history)) as pieces:
            async for piece in pieces:
                if isinstance(piece, Answer):
                    services.keep("api", body.question, piece, begun, body.session)
                yield _event(piece)

    return made


async def while_connected(request: Request, reply: Coroutine[Any, Any, Answer]) -> Answer:
    """The reply; cancelled, with the call to the model, when the client disconnects."""
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


def _event(piece: str | Answer) -> ServerSentEvent:
    """One event: `sentence` for each that passed, `answer` for the whole, which alone counts; JSON in UTF-8."""
    name, content = ("sentence", {"text": piece}) if isinstance(piece, str) else ("answer", piece.as_dict())
    return ServerSentEvent(event=name, raw_data=json.dumps(content, ensure_ascii=False))
