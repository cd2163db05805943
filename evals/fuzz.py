"""`python -m evals.fuzz ADDRESS`: requests that no program of good will sends, to every public route.

Bodies, queries, headers, methods and paths are spoilt by chance (always the same chance, see SEED) and written to the
socket as they are. None may be answered by an error of ours, and every refusal must be told in Chinese: as JSON with
code and message, or as a page to who asks for one. The service at the address should be one of its own: what gets
through is recorded.
"""

import argparse
import asyncio
import gzip
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httptools

from bot.answer import Status

SEED, MANY, AT_ONCE, PATIENCE_SECONDS = 45438, 6_000, 8, 60.0
INTERNAL = f'"{Status.ERROR_INTERNAL}"'
CHINESE = re.compile("[\u4e00-\u9fff]")
ASKED = {"question": "老人食堂今年建几个？", "history": [{"role": "user", "content": "食堂"}], "session": "s" * 20}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": "食堂"}}}
MESSAGE = {"role": "user", "content": "老人食堂今年建几个？"}
RATED = {"answer_id": "0" * 32, "useful": True, "reason": "", "comment": "好"}
BODIES: dict[str, dict[str, Any]] = {
    "/api/ask": ASKED,
    "/api/ask/stream": ASKED,
    "/turn": ASKED,
    "/api/feedback": RATED,
    "/v1/chat/completions": {"model": "m", "messages": [MESSAGE], "stream": True, "stream_options": {}},
    "/mcp": CALL,
}
FORMS = {"/lite": {"question": "食堂", "history": "[]"}, "/complaints": {"text": "数字写错了吧", "contact": ""}}
QUERIES: dict[str, dict[str, Any]] = {
    "/api/search": {"q": "食堂", "k": 8},
    "/api/targets": {"topic": "教育", "q": "路"},
    "/api/targets.csv": {"topic": "", "q": "路"},
    "/api/targets.xlsx": {"topic": "教育", "q": ""},
    "/lite": {"q": "食堂", "origin": "https://a.cn"},
    "/report": {"q": "食堂", "document": "", "p": "", "from": 1, "to": 9},
    "/targets": {"topic": "", "q": "路", "sort": "amount", "order": "desc"},
    "/complaints": {"receipt": "123456789012"},
    "/ping": {"origin": "https://a.cn"},
}
PATHS = ("/api/passages/{}", "/api/session/{}", "/api/{}", "/v1/{}", "/mcp/{}", "/{}", "/report/{}", "/site/{}")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW", "get", "CONNECT")
TEXTS = (
    "", " ", "\0", "\ud800", "\udfff\ud800", "\ufeff", "\u202e食堂", "\u200b" * 50, "👨‍👩‍👧‍👦" * 9, "ﷺ" * 200, "é́́́́" * 60,
    "' or 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "../../etc/passwd", "%00", "%",
    "\r\nX: y",
    "食" * 299, "食" * 301, "食" * 5_000, "9" * 400, "=1+1", "١٢٣", "NaN", "null", "true", "\x1b[31m", "\U0010ffff",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, -(2**64), 10**400, 1e308, 0.1, [], {}, [[]], [None], {"": ""}, [ASKED] * 30,
    {"type": "text"}, {"__proto__": {}},
)  # fmt: skip
HEADERS = {
    "Accept": ("text/html", "*/*", "", "text/event-stream", "text/html;q=-1,\x80", "a" * 3_000),
    "Accept-Encoding": ("gzip", "br", "gzip;q=0", "identity;q=0, *;q=0", "\xff"),
    "Authorization": ("Bearer", "Bearer \xff", "Basic " + "=" * 900, "食".encode().decode("latin-1")),
    "Content-Type": ("application/json", "text/plain", "multipart/form-data", "application/json; charset=utf-9",
                     "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-7", "\xff/\xfe"),
    "Cookie": ("a=b", "wenzheng_staff=" + "x" * 500, ";;;=;", "\xff=\xfe"),
    "Host": ("", "a b", "[::1", "x:99999999", "x" * 300, "\xff"),
    "Idempotency-Key": ("k", "k" * 65, "\xff\xfe", ""),
    "Last-Event-ID": ("\xff", "9" * 99),
    "Mcp-Session-Id": ("\xff", "none"),
    "MCP-Protocol-Version": ("1", "2099-01-01", "\xff"),
    "Origin": ("null", "https://elsewhere.example", "\xff", ""),
    "Range": ("bytes=0-0", "bytes=9-1", "bytes=-", "bytes=" + "0-1," * 500),
    "X-Forwarded-For": ("1.2.3.4", "::1", "x", ",,,", "\xff"),
    "X-Forwarded-Proto": ("https", "javascript", "\xff"),
}  # fmt: skip
ENDS = (b"", b"\xff", b"\0", b"}", b",", b'"', b"\xed\xa0\x80")


@dataclass(slots=True)
class Spoilt:
    """One request, as it is written."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def written(self) -> bytes:
        """Its bytes."""
        headers = {"Host": "bot", "Content-Length": str(len(self.body)), **self.headers}
        if self.method == "HEAD":
            headers["Connection"] = "close"  # nothing else tells where the reply ends
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + self.body


class Reply:
    """What comes back, read by the parser's rules. A status of 0 is no reply."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.body = b""
        self.status = 0
        self.is_whole = False
        self._parser = httptools.HttpResponseParser(self)

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Read to the end of the reply, or of the connection."""
        while not self.is_whole and (piece := await reader.read(65536)):
            self._parser.feed_data(piece)

    @property
    def text(self) -> str:
        """The body, unpacked."""
        is_packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if is_packed else self.body).decode(errors="replace")

    def on_headers_complete(self) -> None:
        """A call of the parser's."""
        self.status = self._parser.get_status_code()

    def on_message_complete(self) -> None:
        """A call of the parser's."""
        self.is_whole = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A call of the parser's."""
        self.headers[name.decode().lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        """A call of the parser's."""
        self.body += body


class Spoiler:
    """Makes requests by chance."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._kinds: Sequence[Callable[[], Spoilt]] = (
            self._json,
            self._raw,
            self._form,
            self._query,
            self._path,
            self._nest,
        )

    def make(self) -> Spoilt:
        """One request: spoilt in one way, and sometimes in its headers or its method too."""
        made = self._chance.choice(self._kinds)()
        if self._chance.random() < 0.4:
            name = self._chance.choice(list(HEADERS))
            made.headers[name] = self._chance.choice(HEADERS[name])
        if self._chance.random() < 0.1:
            made.method = self._chance.choice(METHODS)
        return made

    def _odd(self) -> Any:
        return self._chance.choice(TEXTS if self._chance.random() < 0.6 else VALUES)

    def _changed(self, value: Any) -> Any:
        """A value with one thing in it replaced, left out or added."""
        if isinstance(value, dict) and value and self._chance.random() < 0.85:
            name = self._chance.choice(list(value))
            if self._chance.random() < 0.1:
                return {key: inner for key, inner in value.items() if key != name}
            return {**value, name: self._changed(value[name])}
        if isinstance(value, list) and value and self._chance.random() < 0.7:
            return [*value[:-1], self._changed(value[-1])] * self._chance.choice((1, 1, 25))
        return self._odd()

    def _json(self) -> Spoilt:
        path, body = self._chance.choice(list(BODIES.items()))
        written = json.dumps(self._changed(body), ensure_ascii=self._chance.random() < 0.5)
        return self._posted(path, written.encode("utf-8", "surrogatepass"))

    def _raw(self) -> Spoilt:
        path, body = self._chance.choice(list(BODIES.items()))
        written = json.dumps(body, ensure_ascii=False).encode(self._chance.choice(("utf-8", "utf-16", "gb18030")))
        at = self._chance.randrange(len(written))
        spoilt = written[:at] + self._chance.choice(ENDS) + self._chance.choice((b"", written[at:]))
        return self._posted(path, spoilt)

    def _nest(self) -> Spoilt:
        path = self._chance.choice(list(BODIES))
        deep, opening = self._chance.choice((50, 2_000, 30_000)), self._chance.choice(("[", '{"question":', '{"a":['))
        whole = opening * (deep // len(opening))
        return self._posted(path, (whole + ("]" * deep if opening == "[" and deep < 10_000 else "")).encode())

    def _form(self) -> Spoilt:
        path, fields = self._chance.choice(list(FORMS.items()))
        spoilt = {name: self._odd() if self._chance.random() < 0.5 else value for name, value in fields.items()}
        body = urlencode(spoilt, errors="surrogatepass").encode() + self._chance.choice(ENDS)
        made = self._posted(path, body)
        made.headers["Content-Type"] = "application/x-www-form-urlencoded"
        made.headers["Accept"] = "text/html"
        return made

    def _query(self) -> Spoilt:
        path, fields = self._chance.choice(list(QUERIES.items()))
        spoilt = {name: self._odd() if self._chance.random() < 0.5 else value for name, value in fields.items()}
        query = urlencode(spoilt, errors="surrogatepass") + self._chance.choice(
            ("", "&q", "&%", "&=&&", "&q=%ff", "&k=1&k=2")
        )
        return Spoilt("GET", f"{path}?{query}")

    def _path(self) -> Spoilt:
        odd = quote(str(self._odd()), safe=self._chance.choice(("", "/%")), errors="surrogatepass")
        return Spoilt(self._chance.choice(("GET", "GET", "DELETE")), self._chance.choice(PATHS).format(odd))

    def _posted(self, path: str, body: bytes) -> Spoilt:
        accepted = "application/json, text/event-stream" if path == "/mcp" else "*/*"
        return Spoilt("POST", path, {"Content-Type": "application/json", "Accept": accepted}, body)


def faults(sent: Spoilt, reply: Reply) -> list[str]:
    """What is wrong with the reply to a request; empty when nothing is."""
    if not 200 <= reply.status < 500:
        return [f"status {reply.status}"]
    if INTERNAL in reply.text:
        return ["an answer that failed"]
    if reply.status < 400 or sent.method == "HEAD":
        return []
    if reply.headers.get("content-type", "").startswith("text/html"):
        return [] if CHINESE.search(reply.text) else ["page not in Chinese"]
    try:
        error = json.loads(reply.text)["error"]
        return [] if error["code"] and CHINESE.search(error["message"]) else ["message not in Chinese"]
    except (ValueError, KeyError, TypeError):
        return [f"status {reply.status} of another shape"]


async def fuzz(url: str, many: int) -> tuple[Counter[int], dict[str, list[Spoilt]]]:
    """How often each status was told, and what was wrong with which requests."""
    spoiler, told, wrong = Spoiler(random.Random(SEED)), Counter[int](), dict[str, list[Spoilt]]()
    room = asyncio.Semaphore(AT_ONCE)

    async def one(sent: Spoilt) -> None:
        async with room:
            reply = await _sent(url, sent)
        told[reply.status] += 1
        for fault in faults(sent, reply):
            route = "/".join(sent.target.partition("?")[0].split("/")[:3])
            wrong.setdefault(f"{fault} at {route}", []).append(sent)

    await asyncio.gather(*(one(spoiler.make()) for _ in range(many)))
    return told, wrong


async def _sent(url: str, sent: Spoilt) -> Reply:
    """The whole reply to a request."""
    where, reply = urlsplit(url), Reply()
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(sent.written())
    with suppress(TimeoutError, ConnectionError, httptools.HttpParserError):
        await asyncio.wait_for(reply.read(reader), PATIENCE_SECONDS)
    writer.close()
    return reply


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the statuses and what is wrong, with an example of each; 1 when anything is."""
    parser = argparse.ArgumentParser(prog="python -m evals.fuzz", description="向正在运行的服务发胡乱写的请求")
    parser.add_argument("url", help="服务的网址，如 http://127.0.0.1:7860")
    parser.add_argument("--many", type=int, default=MANY, help="请求的数目")
    options = parser.parse_args(arguments)
    told, wrong = asyncio.run(fuzz(options.url, options.many))
    print(f"{sum(told.values())} requests: " + ", ".join(f"{status} {count}" for status, count in sorted(told.items())))
    for fault, requests in wrong.items():
        print(f"{fault}: {len(requests)} times, such as\n  {requests[0].written()[:600]!r}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
