"""`/v1/chat/completions` and `/v1/models`: the bot as a model for programs that speak OpenAI's interface.

The last user message is the question, earlier ones the history; system messages and sampling options change nothing.
Marks stay in the text, label and sources follow it, and `annotations` (type `url_citation`) carry them for programs.
"""

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from bot.answer import MARK, Answer
from bot.errors import QuestionEmpty
from bot.web.api.asking import PADDING, while_connected
from bot.web.api.outcomes import answers
from bot.web.api.schema import MAX_TURN_CHARS, MAX_TURNS, Writable
from bot.web.rendering import Views
from bot.web.services import Services

MODEL = "wenzheng-youju"
UNBUFFERED = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
MAX_MESSAGES = 100
NO_QUESTION = "最后一条消息应是用户的问题，并且要有文字"


class Part(BaseModel):
    """A part of a message's content; only text is read."""

    model_config = ConfigDict(extra="allow")

    type: str = "text"
    text: Writable = ""


class Message(BaseModel):
    """One message of the conversation."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Writable | list[Part] | None = None

    @property
    def words(self) -> str:
        """The text of the content."""
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream includes besides its text."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = Field(default=False, description="最后另有一块，只有用量")


class CompletionRequest(BaseModel):
    """The body of a chat completion; sampling options are accepted and change nothing."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {"model": MODEL, "messages": [{"role": "user", "content": "老人食堂今年建几个？"}]}
        },
    )

    model: str = Field(default=MODEL, description="任何名字都可以，回答的总是本站")
    messages: Annotated[list[Message], Field(min_length=1, max_length=MAX_MESSAGES, description="对话，最后一条是问题")]
    stream: bool = Field(default=False, description="是否逐句返回（SSE）")
    stream_options: StreamOptions | None = Field(default=None, description="逐句返回时另外要的")

    @property
    def wants_usage(self) -> bool:
        """Whether the stream should end with the usage."""
        return self.stream_options is not None and self.stream_options.include_usage


def router(services: Services) -> APIRouter:
    """The routes."""
    made = APIRouter(prefix="/v1", tags=["OpenAI 兼容"])

    @made.get("/models", summary="可用的模型")
    async def models() -> dict[str, Any]:
        entry = {"id": MODEL, "object": "model", "created": 0, "owned_by": services.ready().site.operator}
        return {"object": "list", "data": [entry]}

    responses = answers(dict[str, Any], 400, 401, 413, 422, 429, 503)

    @made.post("/chat/completions", summary="提问（OpenAI 兼容）", response_model=None, responses=responses)
    async def completions(body: CompletionRequest, request: Request) -> JSONResponse | EventSourceResponse:
        views = services.views()
        question, history = _asked(body)
        views.bot.refuse_unusable(question)
        base = views.bot.settings.public_url or str(request.base_url).rstrip("/")
        if body.stream:
            chunks = _chunks(services, question, history, base, _Stream(body.wants_usage))
            return EventSourceResponse(chunks, headers=UNBUFFERED)
        begun = time.perf_counter()
        answer = await while_connected(request, services.gatekeeper().reply(question, history))
        services.keep("v1", question, answer, begun)
        return JSONResponse(_completion(views, answer, base))

    return made


def _asked(body: CompletionRequest) -> tuple[str, list[dict[str, str]]]:
    """The question, and the turns before it. Raises QuestionEmpty."""
    last = body.messages[-1]
    if last.role != "user" or not last.words.strip():
        raise QuestionEmpty(NO_QUESTION)
    earlier = [m for m in body.messages[:-1] if m.role in ("user", "assistant") and m.words]
    history = [{"role": m.role, "content": m.words[:MAX_TURN_CHARS]} for m in earlier[-MAX_TURNS:]]
    return last.words, history


def _completion(views: Views, answer: Answer, base: str) -> dict[str, Any]:
    text = answer.answer + views.sources(answer)
    message = {"role": "assistant", "content": text, "annotations": _annotations(answer, base)}
    return {
        "id": f"chatcmpl-{answer.id}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": _usage(answer),
    }


class _Stream:
    """The chunks of one completion. Where usage is wanted each chunk has the field, null in all but the last."""

    def __init__(self, wants_usage: bool) -> None:
        self._head = {
            "id": f"chatcmpl-{time.time_ns()}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
        }
        self._empty = {"usage": None} if wants_usage else {}

    def chunk(self, delta: dict[str, Any], finish: str | None = None) -> bytes:
        """A chunk that adds to the message."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return self._line({"choices": [choice], **self._empty})

    def end(self, usage: dict[str, int]) -> bytes:
        """The last lines."""
        told = self._line({"choices": [], "usage": usage}) if self._empty else b""
        return told + b"data: [DONE]\n\n"

    def _line(self, content: dict[str, Any]) -> bytes:
        written = json.dumps({**self._head, "model": MODEL, **content}, ensure_ascii=False)
        return format_sse_event(data_str=written)


async def _chunks(
    services: Services, question: str, history: list[dict[str, str]], base: str, stream: _Stream
) -> AsyncIterator[bytes]:
    """Sentences as they pass, then the rest of the answer, its label and its sources."""
    views, begun, said = services.views(), time.perf_counter(), ""
    yield format_sse_event(comment=PADDING.comment)
    yield stream.chunk({"role": "assistant", "content": ""})
    async with aclosing(services.gatekeeper().stream(question, history)) as pieces:
        async for piece in pieces:
            if isinstance(piece, str):
                said += piece
                yield stream.chunk({"content": piece})
                continue
            services.keep("v1", question, piece, begun)
            kept = piece.answer.startswith(said)
            rest = piece.answer[len(said) :] if kept else f"\n\n{views.text['replaced']}\n{piece.answer}"
            yield stream.chunk({"content": rest + views.sources(piece)})
            yield stream.chunk({"annotations": _annotations(piece, base)}, finish="stop")
            yield stream.end(_usage(piece))


def _annotations(answer: Answer, base: str) -> list[dict[str, Any]]:
    """A citation for each mark in the text, with offsets of the mark and the address of its passage."""
    cited = {citation.mark: citation for citation in answer.citations}
    found = [(mark, cited[int(mark.group(1))]) for mark in MARK.finditer(answer.answer) if int(mark.group(1)) in cited]
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": mark.start(),
                "end_index": mark.end(),
                "title": c.document,
                "url": f"{base}/report?p={c.passage_id}&from={c.start}&to={c.end}#p-{c.passage_id}",
                "quote": c.quote,
            },
        }
        for mark, c in found
    ]


def _usage(answer: Answer) -> dict[str, int]:
    """The tokens of the model behind an answer; 0 for an excerpt."""
    prompt = answer.generation.prompt_tokens if answer.generation else 0
    written = answer.generation.completion_tokens if answer.generation else 0
    return {"prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written}
