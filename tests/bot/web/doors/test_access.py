import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from bot.pipeline import Bot
from tests.bot.web.conftest import client_of, front_of

SECRET = "身份证号是多少"
NAMES = ("host", "method", "route", "status", "ms", "id", "answer")


class Lines:
    """The lines of the access log, as they come."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog

    def last(self) -> dict[str, str]:
        return dict(zip(NAMES, self._caplog.messages[-1].split(" "), strict=True))

    @property
    def text(self) -> str:
        return self._caplog.text


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Lines]:
    with caplog.at_level(logging.INFO, "bot.web.doors.access"):
        yield Lines(caplog)


def test_answered_question_has_one_line_with_the_id_of_its_answer(client: TestClient, lines: Lines) -> None:
    reply = client.post("/api/ask", json={"question": "老人食堂今年建几个?"})
    last = lines.last()
    assert (last["method"], last["route"], last["status"]) == ("POST", "/api/ask", "200")
    assert last["answer"] == reply.json()["id"]
    assert last["id"] == reply.headers["X-Request-Id"]
    assert float(last["ms"]) > 0


@pytest.mark.parametrize(("path", "body"), [("/turn", "json"), ("/lite", "data"), ("/api/ask/stream", "json")])
def test_streams_and_pages_have_the_id_of_their_answer_too(
    client: TestClient, lines: Lines, path: str, body: str
) -> None:
    client.post(path, **{body: {"question": "老人食堂今年建几个?"}})
    assert re.fullmatch("[0-9a-f]{32}", lines.last()["answer"])


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", f"/lite?q={SECRET}", "/lite", "200"),
        ("GET", f"/api/passages/{SECRET}", "/api/passages/{passage_id}", "404"),
        ("GET", f"/api/session/{SECRET}", "/api/session/{session}", "422"),
        ("GET", f"/{SECRET}", "-", "404"),
        ("GET", f"/assets/{SECRET}", "/assets/{name}", "503"),
        ("GET", f"/site/{SECRET}", "/site/{path}", "404"),
        ("GET", "/site/style.css", "/site/{path}", "200"),
        ("POST", f"/mcp?{SECRET}", "/mcp", "503"),
        ("GET", "/openapi.json", "/openapi.json", "200"),
        ("PUT", "/healthz", "/healthz", "405"),
        ("GET", "/healthz", "/healthz", "200"),
    ],
)
def test_line_names_the_route_and_nothing_that_was_typed(
    client: TestClient, lines: Lines, method: str, path: str, route: str, status: str
) -> None:
    client.request(method, path, headers={"User-Agent": SECRET.encode(), "Referer": "http://x/secret"})
    last = lines.last()
    assert (last["method"], last["route"], last["status"]) == (method, route, status)
    assert SECRET not in lines.text
    assert "secret" not in lines.text


@pytest.mark.parametrize(("host", "written"), [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2::3", "2001:db8:1::")])
def test_line_holds_no_more_of_an_address_than_its_network(bot: Bot, lines: Lines, host: str, written: str) -> None:
    TestClient(front_of(bot), client=(host, 1)).get("/healthz")
    assert lines.last()["host"] == written
    assert host not in lines.text


def test_refused_requests_have_their_lines(bot: Bot, lines: Lines) -> None:
    client = client_of(replace(bot, settings=bot.settings.model_copy(update={"rate_all": "1/minute"})))
    client.post("/api/ask", content=b"x" * 100_000)
    assert lines.last()["status"] == "413"
    client.post("/api/ask", json={"question": SECRET})
    assert lines.last()["status"] == "429"


def test_every_reply_has_a_number_of_its_own(client: TestClient) -> None:
    numbers = {client.get(path).headers["X-Request-Id"] for path in ("/healthz", "/nothing", "/site/style.css", "/")}
    assert len(numbers) == 4


def test_number_that_a_client_sends_is_not_taken(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "mine"}).headers["X-Request-Id"] != "mine"


def test_client_that_goes_away_before_its_answer_is_told_apart(bot: Bot, lines: Lines) -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError("nobody is there")

    scope = {"type": "http", "method": "POST", "path": "/api/ask", "scheme": "http", "query_string": b""}
    scope |= {"client": ("127.0.0.1", 1), "headers": [(b"content-length", b"2")], "root_path": ""}
    asyncio.run(front_of(bot)(scope, receive, send))
    assert lines.last()["status"] == "499"
