"""The HTTP interface: `/api/ask` and what stands beside it. Every error is a Chinese sentence with the right status."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from bot.answer import Answer
from bot.errors import BotError, NotReady
from bot.pipeline import Bot
from bot.web import tables
from bot.web.middleware import BodyLimit, SecurityHeaders
from corpus.passage import Hit, Passage, Term

STATIC = Path(__file__).resolve().parent / "static"
MAX_TURNS, MAX_TURN_CHARS = 20, 4000
STARTING = "服务正在启动，请几秒后再试"
UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HTTP_MESSAGES = {
    404: ("not_found", "没有这个地址，请检查网址"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法"),
}


class Turn(BaseModel):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=MAX_TURN_CHARS)


class AskRequest(BaseModel):
    """The body of `/api/ask`."""

    model_config = ConfigDict(json_schema_extra={"example": {"question": "老人食堂今年建几个？", "history": []}})

    question: str = Field(max_length=MAX_TURN_CHARS, description="居民的问题，最多300个字")
    history: list[Turn] = Field(default_factory=list, max_length=MAX_TURNS, description="此前的对话")


def build_app(get_bot: Callable[[], Bot | None], page_ready: Callable[[], bool], max_body_bytes: int) -> FastAPI:
    """The application. `get_bot` gives None until the index is open, `page_ready` tells whether the page is."""
    app = FastAPI(title="问政有据", version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.include_router(_health(get_bot, page_ready))
    app.include_router(_asking(get_bot))
    app.include_router(_reading(get_bot))
    app.add_exception_handler(BotError, _bot_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.mount("/site", StaticFiles(directory=STATIC))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(BodyLimit, limit=max_body_bytes)
    app.add_middleware(SecurityHeaders)
    return app


def _health(get_bot: Callable[[], Bot | None], page_ready: Callable[[], bool]) -> APIRouter:
    router = APIRouter()

    @router.get("/healthz", summary="进程在运行")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="索引已打开，可以回答问题")
    async def readyz() -> JSONResponse:
        bot = get_bot()
        state: dict[str, Any] = {"status": "ready" if bot else "starting", "page": page_ready()}
        if bot:
            state["passages"] = len(bot.index.corpus.passages)
            state["vectors"] = bot.index.vectors.healthy
            state["model"] = bot.composer.breaker.state if bot.composer else "off"
        return JSONResponse(state, status_code=200 if bot else 503)

    @router.get("/metrics", summary="计数与用时，Prometheus 格式")
    async def metrics() -> Response:
        bot = get_bot()
        breaker = bot.composer.breaker.state if bot and bot.composer else "closed"
        return Response(bot.meter.text(breaker) if bot else b"", media_type="text/plain; version=0.0.4")

    return router


def _ready(get_bot: Callable[[], Bot | None]) -> Bot:
    bot = get_bot()
    if bot is None:
        raise NotReady(STARTING)
    return bot


def _asking(get_bot: Callable[[], Bot | None]) -> APIRouter:
    router = APIRouter(prefix="/api")

    # The bot's own work is a few milliseconds of pure computation: a thread would only add waiting.
    @router.post("/ask", summary="提问，得到有出处的回答")
    async def ask(body: AskRequest, request: Request) -> JSONResponse:
        history = [turn.model_dump() for turn in body.history]
        bot = _ready(get_bot)
        if not bot.composer:
            return JSONResponse(bot.answer(body.question, history).as_dict())
        answer = await _while_connected(request, bot.reply(body.question, history))
        return JSONResponse(answer.as_dict())

    @router.post("/ask/stream", summary="提问，逐句得到核对过的回答（SSE）", response_class=StreamingResponse)
    async def ask_stream(body: AskRequest) -> StreamingResponse:
        pieces = _ready(get_bot).stream(body.question, [turn.model_dump() for turn in body.history])
        first = await anext(pieces)  # a question that cannot be taken is refused here, with its own status
        return StreamingResponse(_events(first, pieces), media_type="text/event-stream", headers=UNBUFFERED)

    return router


def _reading(get_bot: Callable[[], Bot | None]) -> APIRouter:
    router = APIRouter(prefix="/api")

    @router.get("/search", summary="查找段落")
    async def search(
        q: Annotated[str, Query(description="要找的话")], k: Annotated[int, Query(ge=1, le=50)] = 8
    ) -> dict[str, Any]:
        bot = _ready(get_bot)
        return {"query": q, "passages": [_hit(bot, hit) for hit in bot.search(q, k)]}

    @router.get("/passages/{passage_id}", summary="一个段落的全文")
    async def passage(passage_id: str) -> dict[str, Any]:
        bot = _ready(get_bot)
        return _passage(bot, bot.passage(passage_id))

    @router.get("/targets", summary="报告里有数量的目标")
    async def targets(topic: str = "", q: str = "") -> dict[str, Any]:
        bot = _ready(get_bot)
        return {"targets": [tables.row(bot, target) for target in bot.targets(topic, q)]}

    @router.get("/targets.csv", summary="有数量的目标，表格下载（CSV）")
    async def targets_csv(topic: str = "", q: str = "") -> Response:
        bot = _ready(get_bot)
        body = tables.as_csv([tables.row(bot, target) for target in bot.targets(topic, q)])
        return Response(body, media_type="text/csv; charset=utf-8", headers=_download("targets.csv"))

    @router.get("/targets.xlsx", summary="有数量的目标，表格下载（Excel）")
    async def targets_xlsx(topic: str = "", q: str = "") -> Response:
        bot = _ready(get_bot)
        body = tables.as_xlsx([tables.row(bot, target) for target in bot.targets(topic, q)])
        return Response(body, media_type=XLSX, headers=_download("targets.xlsx"))

    @router.get("/terms", summary="附注解释的名词")
    async def terms() -> dict[str, Any]:
        return {"terms": [_term(term) for term in _ready(get_bot).index.corpus.terms]}

    return router


async def _while_connected(request: Request, reply: Coroutine[Any, Any, Answer]) -> Answer:
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


async def _events(first: str | Answer, pieces: AsyncGenerator[str | Answer]) -> AsyncIterator[bytes]:
    """Server-sent events: `sentence` for each that passed, then `answer`, the whole, which alone counts."""
    async with aclosing(pieces):
        yield _event(first)
        async for piece in pieces:
            yield _event(piece)


def _event(piece: str | Answer) -> bytes:
    name, data = ("sentence", {"text": piece}) if isinstance(piece, str) else ("answer", piece.as_dict())
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _term(term: Term) -> dict[str, Any]:
    return {
        "name": term.name,
        "explanation": term.explanation,
        "passage_id": term.annotation_id,
        "mentions": [m.passage_id for m in term.mentions],
    }


def _hit(bot: Bot, hit: Hit) -> dict[str, Any]:
    return {**_passage(bot, hit.passage), "score": hit.score}


def _passage(bot: Bot, passage: Passage) -> dict[str, Any]:
    document = bot.document(passage.document_id)
    return {
        "passage_id": passage.id,
        "document": document.title,
        "year": document.year,
        "kind": passage.kind,
        "number": passage.number,
        "section": list(passage.section),
        "text": passage.text,
    }


def _error(status: int, code: str, message: str) -> JSONResponse:
    headers = {"Retry-After": "3"} if status in (429, 503) else None
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status, headers=headers)


async def _bot_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BotError)
    return _error(error.http_status, error.code, error.message)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return _error(422, "invalid_request", _explain(error.errors()))


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, message = HTTP_MESSAGES.get(error.status_code, ("http_error", "请求没有成功，请稍后再试"))
    return _error(error.status_code, code, message)


def _explain(errors: Sequence[Any]) -> str:
    first = errors[0]
    if first["type"] == "json_invalid":
        return "请求的内容不是有效的 JSON"
    where = ".".join(str(part) for part in first["loc"][1:]) or "请求内容"
    reasons = {
        "missing": "缺少",
        "too_long": "太多",
        "string_too_long": "太长",
        "string_type": "应为文字",
        "list_type": "应为列表",
        "int_parsing": "应为整数",
        "less_than_equal": "太大",
        "greater_than_equal": "太小",
    }
    return f"请求有误：{where} {reasons.get(first['type'], '不符合要求')}"
