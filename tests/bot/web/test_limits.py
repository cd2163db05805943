import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from bot.pipeline import Bot
from bot.running import keys
from bot.web.limits import Tally
from bot.web.server import Front
from tests.bot.web.conftest import client_of, front_of, serving

ASKED = {"question": "老人食堂今年建几个?"}
KEY = keys.new_key()


def limited(writing: Callable[..., Bot], **settings: object) -> TestClient:
    return client_of(writing("status-500", rate_public="3/minute", **settings))


def from_address(front: Front, host: str) -> TestClient:
    return TestClient(front, client=(host, 1), raise_server_exceptions=False)


def test_who_asks_too_often_is_told_when_to_come_back(writing: Callable[..., Bot]) -> None:
    client = limited(writing)
    replies = [client.post("/api/ask", json=ASKED) for _ in range(4)]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 429]
    assert 0 < int(replies[-1].headers["Retry-After"]) <= 60
    assert "12345" in replies[-1].json()["error"]["message"]


def test_all_ways_of_asking_count_together(writing: Callable[..., Bot]) -> None:
    client = limited(writing)
    client.post("/turn", json=ASKED)
    client.post("/lite", data=ASKED)
    client.get("/api/search", params={"q": "食堂"})
    assert client.post("/v1/chat/completions", json={"messages": []}).status_code == 429


def test_a_browser_is_told_on_a_page(writing: Callable[..., Bot]) -> None:
    client = limited(writing)
    replies = [client.post("/lite", data=ASKED, headers={"Accept": "text/html"}) for _ in range(4)]
    assert replies[-1].status_code == 429
    assert "<h1>提问太频繁了" in replies[-1].text


def test_reading_is_not_counted_as_asking(writing: Callable[..., Bot]) -> None:
    client = limited(writing)
    assert {client.get("/report").status_code for _ in range(6)} == {200}
    assert {client.get("/lite", params={"mode": "elder"}).status_code for _ in range(6)} == {200}


def test_question_in_an_address_counts_as_one(writing: Callable[..., Bot]) -> None:
    client = limited(writing)
    assert [client.get("/lite?%71=停车位").status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "path",
    ["/", "/report", "/api/targets.xlsx", "/api/passages/x", "/assets/x.js", "/site/style.css", "/nothing", "/metrics"],
)
def test_everything_is_counted_once_a_request(writing: Callable[..., Bot], path: str) -> None:
    client = client_of(writing("good", rate_all="3/minute"))
    replies = [client.get(path) for _ in range(4)]
    assert [reply.status_code == 429 for reply in replies] == [False, False, False, True]
    assert replies[-1].json()["error"]["code"] == "rate_limited"
    assert 0 < int(replies[-1].headers["Retry-After"]) <= 60


def test_sign_in_has_a_limit_of_its_own(writing: Callable[..., Bot]) -> None:
    client = client_of(writing("good", rate_sign_in="2/minute"))
    tried = [client.post("/sign-in", data={"name": "nobody", "password": "wrong"}).status_code for _ in range(3)]
    assert tried == [401, 401, 429]
    assert client.get("/sign-in").status_code == 200
    assert client.post("/api/feedback", json={}).status_code == 422


def test_who_comes_too_often_is_refused_before_anything_is_read(writing: Callable[..., Bot]) -> None:
    front = front_of(writing("good", rate_all="1/minute"))
    read: list[str] = []

    async def receive() -> Message:
        read.append("body")
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    statuses: list[int] = []
    scope = {"type": "http", "method": "POST", "path": "/api/ask", "scheme": "http", "query_string": b""}
    scope |= {"client": ("203.0.113.1", 1), "headers": [(b"content-length", b"2")], "root_path": ""}
    for _ in range(3):
        asyncio.run(front(dict(scope), receive, send))
    assert statuses[2:] == [429, 0, 429, 0]
    assert len(read) == 1


def test_subscriber_with_many_addresses_is_one_client(writing: Callable[..., Bot]) -> None:
    front = front_of(writing("good", rate_public="2/minute"))
    hosts = ("2001:db8::1", "2001:db8::2", "2001:db8::ffff", "2001:db8:0:1::1", "::ffff:203.0.113.1", "203.0.113.1")
    statuses = [from_address(front, host).post("/api/feedback", json={}).status_code for host in hosts]
    assert statuses == [422, 422, 429, 422, 422, 422]
    assert from_address(front, "203.0.113.1").post("/api/feedback", json={}).status_code == 429


def test_crowd_costs_no_more_time_a_request_than_one_client() -> None:
    async def seconds(clients: int) -> float:
        tally = Tally("all", "1000000/minute", "")
        for number in range(clients):
            await tally.wait(str(number))
        begun = time.perf_counter()
        for number in range(2000):
            await tally.wait(str(number % clients))
            await asyncio.sleep(0)
        return time.perf_counter() - begun

    alone, crowd = asyncio.run(seconds(1)), asyncio.run(seconds(20_000))
    assert crowd < alone * 10


def test_addresses_are_counted_apart_and_this_machine_not_at_all(writing: Callable[..., Bot]) -> None:
    front = front_of(writing("status-500", rate_public="1/minute"))
    statuses = [
        from_address(front, host).post("/api/ask", json=ASKED).status_code
        for host in ("203.0.113.1", "203.0.113.1", "203.0.113.2", "127.0.0.1", "127.0.0.1", "::1")
    ]
    assert statuses == [200, 429, 200, 200, 200, 200]


def test_key_has_its_own_limit_and_an_unknown_one_is_refused(writing: Callable[..., Bot]) -> None:
    client = limited(writing, rate_key="5/minute", api_keys={keys.digest(KEY): "portal"})
    mine = {"Authorization": f"Bearer {KEY}"}
    statuses = [client.post("/api/ask", json=ASKED, headers=mine).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    refused = client.post("/api/ask", json=ASKED, headers={"Authorization": "Bearer wz-other"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "invalid_api_key")


def test_where_no_keys_are_set_any_key_is_a_member_of_the_public(writing: Callable[..., Bot]) -> None:
    reply = limited(writing).post("/api/ask", json=ASKED, headers={"Authorization": "Bearer any"})
    assert reply.status_code == 200


def test_storage_that_is_down_does_not_stop_answers_nor_the_limit(writing: Callable[..., Bot]) -> None:
    client = limited(writing, rate_storage="redis://127.0.0.1:1")
    assert [client.post("/api/ask", json=ASKED).status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    if not shutil.which("redis-server"):
        pytest.skip("没有 Redis(见 tests/browser/install.sh)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(["redis-server", "--port", str(port), "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and socket.socket().connect_ex(("127.0.0.1", port)):
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}"
    server.terminate()
    server.wait()


def test_processes_count_together_in_redis(writing: Callable[..., Bot], redis: str) -> None:
    front, other = (front_of(writing("good", rate_public="3/minute", rate_exempt=(), rate_storage=redis)) for _ in "ab")
    with serving(front) as first, serving(other) as second:
        statuses = [httpx.post(f"{a}/api/feedback", json={}).status_code for a in (first, second, first, second)]
    assert statuses == [422, 422, 422, 429]
