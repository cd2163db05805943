import asyncio
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.doors.middleware import BodyLimit, route_path
from tests.bot.web.conftest import client_of, front_of

PATHS = (
    "/",
    "/lite",
    "/report",
    "/api/terms",
    "/site/style.css",
    "/widget.js",
    "/docs",
    "/healthz",
    "/nothing",
    "/mcp",
)
PORTAL = "https://portal.example"


@pytest.mark.parametrize("path", PATHS)
def test_every_reply_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy


def test_one_list_says_who_may_embed_and_who_may_call(writing: Callable[..., Bot]) -> None:
    client = client_of(writing("good", allowed_origins=(PORTAL,)))
    assert f"frame-ancestors 'self' {PORTAL}" in client.get("/lite").headers["Content-Security-Policy"]
    mine, other = ({"Origin": origin} for origin in (PORTAL, "https://evil.example"))
    assert client.get("/api/terms", headers=mine).headers["Access-Control-Allow-Origin"] == PORTAL
    assert "Access-Control-Allow-Origin" not in client.get("/api/terms", headers=other).headers


def test_empty_list_lets_nobody_else_embed_or_call(client: TestClient) -> None:
    reply = client.get("/lite", headers={"Origin": PORTAL})
    assert reply.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.parametrize(
    ("origin", "told"),
    [(PORTAL, PORTAL), ("https://evil.example", ""), ("http://testserver", "http://testserver"), ("*", "")],
)
def test_embedded_page_talks_only_to_origins_of_the_list(writing: Callable[..., Bot], origin: str, told: str) -> None:
    client = client_of(writing("good", allowed_origins=(PORTAL,)))
    for path in ("/lite", "/ping"):
        assert f'data-origin="{told}"' in client.get(path, params={"origin": origin}).text


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ({"path": "/ai/lite", "root_path": "/ai"}, "/lite"),
        ({"path": "/ai/", "root_path": "/ai"}, "/"),
        ({"path": "/lite", "root_path": ""}, "/lite"),
        ({"path": "/lite"}, "/lite"),
    ],
)
def test_route_is_found_under_a_prefix(scope: dict[str, str], path: str) -> None:
    assert route_path(scope) == path


def test_announced_length_that_is_no_number_does_no_harm(client: TestClient) -> None:
    reply = client.post("/api/ask", content=b"{}", headers={"Content-Length": "x", "Content-Type": "application/json"})
    assert reply.status_code in (400, 422)


@pytest.mark.parametrize("path", PATHS)
def test_browsers_that_came_over_tls_are_told_to_stay(bot: Bot, path: str) -> None:
    front = front_of(bot)
    over_tls = TestClient(front, base_url="https://bot.example", raise_server_exceptions=False).get(path)
    assert over_tls.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in TestClient(front, raise_server_exceptions=False).get(path).headers


@pytest.mark.parametrize("path", ["/", "/api/ask", "/mcp", "/gradio_api/upload", "/site/style.css", "/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_too_large_a_body_is_refused_on_every_route_with_every_method(
    client: TestClient, path: str, method: str
) -> None:
    def chunked() -> Iterator[bytes]:
        yield from [b"x" * 1024] * 100

    for content in (b"x" * 100_000, chunked()):
        reply = client.request(method, path, content=content)
        assert reply.status_code == 413
        if method != "HEAD":
            assert reply.json()["error"]["code"] == "body_too_large"


async def counted(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def answer_to(messages: list[Message], headers: list[tuple[bytes, bytes]], **limits: float) -> tuple[int, bytes] | None:
    """What a limited application answers when a client sends these messages, and then nothing more."""

    async def receive() -> Message:
        return messages.pop(0) if messages else await asyncio.Future()

    said: list[Message] = []

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
    asyncio.run(BodyLimit(counted, Settings(_env_file=None, **limits))(scope, receive, send))
    return (said[0]["status"], said[1]["body"]) if said else None


def piece(body: bytes, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


CHUNKED, LONG = [(b"transfer-encoding", b"chunked")], [(b"content-length", b"200000000")]


def test_body_within_the_limit_comes_whole() -> None:
    assert answer_to([piece(b"ab"), piece(b"c", False)], CHUNKED) == (200, b"3")


def test_body_that_is_announced_too_large_is_not_read() -> None:
    answer = answer_to([], LONG)
    assert answer
    assert answer[0] == 413


def test_body_that_stops_or_trickles_is_answered_408() -> None:
    stopped = answer_to([piece(b"ab")], CHUNKED, body_stall_seconds=0.05)
    trickling = answer_to([piece(b"a") for _ in range(3)], CHUNKED, body_seconds=0.05)
    assert stopped
    assert trickling
    assert (stopped[0], trickling[0]) == (408, 408)
    assert "提交得太慢" in stopped[1].decode()


def test_half_a_body_is_not_taken_for_a_whole_one() -> None:
    assert answer_to([piece(b'{"question": "'), {"type": "http.disconnect"}], CHUNKED) is None
