"""A scripted OpenAI-compatible endpoint: a real HTTP server that behaves well, badly, or lies.

The model's name chooses the behaviour (`good`, `stall`, `status-500` …; see `BEHAVIOURS`), so one server serves every
test. `python -m tests.endpoint --port 8901` runs it by itself.
"""

import argparse
import asyncio
import json
import random
import re
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

PASSAGE = re.compile(r"\u3010(\d+)\u3011[^\n]*\n([^\n]*)\n[^\n:\uff1a]*[:\uff1a]([^\n]*)")
QUESTION = re.compile(r"居民问[:\uff1a](.*?)(?:\n回答[:\uff1a])?$", re.S)
DELAYED = re.compile(r"^delay-(\d+)-(\d+)$")
STATUS = re.compile(r"^status-(\d+)(?:-after-(\d+))?$")
SIZE = 64


@dataclass(frozen=True)
class Prompt:
    """What the endpoint was asked: the question, and the passages by number with their focus."""

    question: str
    passages: dict[int, tuple[str, str]]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """From the body of a chat request."""
        user = next((m["content"] for m in body["messages"] if m["role"] == "user"), "")
        found = {int(n): (text, focus.strip()) for n, text, focus in PASSAGE.findall(user)}
        question = QUESTION.search(user)
        return cls(question.group(1).strip() if question else user, found)

    def number_of(self, evidence: str) -> int:
        """The number of the passage that holds a piece of text, or 0."""
        wanted = re.sub(r"\s", "", evidence)
        return next((n for n, (text, _) in self.passages.items() if wanted in re.sub(r"\s", "", text)), 0)


def faithful(prompt: Prompt) -> str:
    """What a good model says: the clauses in focus, each with its mark."""
    clauses = ((n, re.split("[\uff1b\u3002]", focus)[0]) for n, (_, focus) in prompt.passages.items() if focus != "—")
    told = [f"{clause}[{n}]。" for n, clause in clauses]
    return "您好!" + "".join(told[:2] or ["请问您想了解报告里的哪一件事。"])


@dataclass
class Script:
    """Answers by question: text with {1}, {2} for the passages that hold the evidence, in order."""

    answers: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)

    def say(self, prompt: Prompt) -> str:
        """The scripted answer, or what a good model would say."""
        if prompt.question not in self.answers:
            return faithful(prompt)
        text, evidence = self.answers[prompt.question]
        marks = {str(i): f"[{prompt.number_of(e)}]" for i, e in enumerate(evidence, start=1)}
        return re.sub(r"\{(\d+)\}", lambda m: marks.get(m.group(1), f"[{m.group(1)}]"), text)


async def _in_pieces(text: str, size: int = 4, pause: float = 0.0) -> AsyncIterator[str]:
    for at in range(0, len(text), size):
        if pause and at:
            await asyncio.sleep(pause)
        yield text[at : at + size]


async def _endless() -> AsyncIterator[str]:
    while True:
        yield "计划新建长者食堂五百个[1]。"
        await asyncio.sleep(0)


async def _stalled(text: str) -> AsyncIterator[str]:
    yield text[:6]
    await asyncio.sleep(3600)


async def _late(text: str) -> AsyncIterator[str]:
    await asyncio.sleep(3600)
    yield text


# Behaviours that are a text: from what a good model would say to what this one says.
BEHAVIOURS: dict[str, Callable[[str], AsyncIterator[str]]] = {
    "good": _in_pieces,
    "no-usage": _in_pieces,
    "empty": lambda _: _in_pieces(""),
    "no-marks": lambda text: _in_pieces(re.sub(r"\[\d+\]", "", text)),
    "wrong-marks": lambda text: _in_pieces(re.sub(r"\[\d+\]", "[97]", text)),
    "english": lambda _: _in_pieces("The report plans five new canteens for the elderly this year [1]. "),
    "endless": lambda _: _endless(),
    "stall": _stalled,
    "slow-start": _late,
}
BAD_BODIES = {
    "wrong-json": b'data: {"choices": [{"delta"\n\n',
    "bytes": random.Random(7).randbytes(512) + b"\n\n",
    "not-chat": b'data: {"weather": "fine"}\n\n',
}


class ScriptedEndpoint:
    """The server, in a thread of its own. `requests` keeps every body; `open` counts streams not yet ended."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.requests: list[dict[str, Any]] = []
        self.timings: dict[str, tuple[float, float]] = {}  # question -> when it came, when its first sentence had left
        self.open = self.most_open = 0
        self.cancelled = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        starting = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self._server = starting.result(10)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        asyncio.run_coroutine_threadsafe(_end_all(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    @property
    def base_url(self) -> str:
        """What a client is given."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            path, body = await _request(reader)
            if path.endswith("/models"):
                _json(writer, {"object": "list", "data": [{"id": name, "object": "model"} for name in BEHAVIOURS]})
            elif path.endswith("/embeddings"):
                self._embed(writer, body)
            else:
                await self._while_heard(reader, self._chat(writer, body))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            self.cancelled += 1
        finally:
            writer.close()

    async def _while_heard(self, reader: asyncio.StreamReader, chat: Coroutine[Any, Any, None]) -> None:
        """Answer as long as the client listens; one that hangs up is counted."""
        answering, hung_up = asyncio.create_task(chat), asyncio.create_task(reader.read())
        await asyncio.wait((answering, hung_up), return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            answering.cancel()
            self.cancelled += 1
        hung_up.cancel()
        await asyncio.gather(answering, hung_up, return_exceptions=True)

    async def _chat(self, writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
        self.requests.append(body)
        model = body["model"]
        status = STATUS.match(model)
        if status:
            _json(writer, {"error": {"message": "scripted"}}, int(status.group(1)), status.group(2))
            return
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await self._answer(writer, model, body)
        finally:
            self.open -= 1

    async def _answer(self, writer: asyncio.StreamWriter, model: str, body: dict[str, Any]) -> None:
        prompt, came = Prompt.read(body), time.monotonic()
        pieces = await self._pieces(model, self.script.say(prompt))
        if body.get("stream"):
            await self._stream(writer, model, pieces, body, lambda: self._told(prompt.question, came))
        else:
            _json(writer, _completion(model, "".join([piece async for piece in pieces])))

    def _told(self, question: str, came: float) -> None:
        if self.timings.get(question, (0.0, 0.0))[0] != came:
            self.timings[question] = (came, time.monotonic())

    async def _pieces(self, model: str, said: str) -> AsyncIterator[str]:
        delayed = DELAYED.match(model)
        if delayed:
            await asyncio.sleep(int(delayed.group(1)) / 1000)
            return _in_pieces(said, pause=int(delayed.group(2)) / 1000)
        return BEHAVIOURS.get(model, _in_pieces)(said)

    async def _stream(
        self,
        writer: asyncio.StreamWriter,
        model: str,
        pieces: AsyncIterator[str],
        body: dict[str, Any],
        told: Callable[[], None],
    ) -> None:
        _head(writer, 200, "text/event-stream")
        if model in BAD_BODIES:
            writer.write(BAD_BODIES[model])
            return
        count = 0
        async for piece in pieces:
            writer.write(_event(_chunk(model, piece)))
            await writer.drain()
            count += 1
            if "。" in piece:
                told()
            if model == "cut":
                writer.transport.abort()
                return
        writer.write(_event(_chunk(model, "", "stop")))
        if body.get("stream_options", {}).get("include_usage") and model != "no-usage":
            usage = {"prompt_tokens": 900, "completion_tokens": count, "total_tokens": 900 + count}
            writer.write(_event({**_chunk(model, ""), "choices": [], "usage": usage}))
        writer.write(b"data: [DONE]\n\n")

    def _embed(self, writer: asyncio.StreamWriter, body: dict[str, Any]) -> None:
        self.requests.append(body)
        given = body["input"] if isinstance(body["input"], list) else [body["input"]]
        status = STATUS.match(body["model"])
        if status:
            _json(writer, {"error": {"message": "scripted"}}, int(status.group(1)), status.group(2))
            return
        size = {"other-size": SIZE * 2}.get(body["model"], SIZE)
        vectors = [_vector(str(text), size) for text in given]
        if body["model"] == "ragged":
            vectors[-1] = vectors[-1][:-1]
        if body["model"] == "too-few":
            vectors = vectors[:-1]
        data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        _json(writer, {"object": "list", "model": body["model"], "data": data, "usage": usage})


async def _end_all() -> None:
    """Cancel what still answers somebody."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _request(reader: asyncio.StreamReader) -> tuple[str, dict[str, Any]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    sizes = [int(line.split(":")[1]) for line in head if line.lower().startswith("content-length:")]
    body = await reader.readexactly(sizes[0]) if sizes else b"{}"
    return head[0].split(" ")[1], json.loads(body or b"{}")


def _head(writer: asyncio.StreamWriter, status: int, kind: str, more: Iterable[str] = ()) -> None:
    lines = [f"HTTP/1.1 {status} Scripted", f"Content-Type: {kind}", "Connection: close", *more]
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())


def _json(writer: asyncio.StreamWriter, content: object, status: int = 200, retry_after: str | None = None) -> None:
    body = json.dumps(content).encode()
    more = [f"Content-Length: {len(body)}", *([f"Retry-After: {retry_after}"] if retry_after else [])]
    _head(writer, status, "application/json", more)
    writer.write(body)


def _event(content: object) -> bytes:
    return b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"


def _chunk(model: str, text: str, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": [choice]}


def _completion(model: str, text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 900, "completion_tokens": len(text), "total_tokens": 900 + len(text)}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": model, "choices": [choice], "usage": usage}


def _vector(text: str, size: int) -> list[float]:
    """Characters counted into slots: alike texts have alike vectors."""
    vector = [0.0] * size
    for character in text:
        vector[ord(character) % size] += 1.0
    return vector


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(prog="python -m tests.endpoint")
    parser.add_argument("--port", type=int, default=8901)
    port = parser.parse_args().port

    async def serve() -> None:
        server = await asyncio.start_server(ScriptedEndpoint()._serve, "127.0.0.1", port)
        async with server:
            await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
