from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from tests.bot.web.conftest import client_of

ID = "a" * 32


@pytest.fixture
def client(writing: Callable[..., Bot], tmp_path: Path) -> TestClient:
    bot = writing("good", database_url=f"sqlite:///{tmp_path / 'records.db'}")
    return client_of(bot)


def test_opinion_is_counted_once(client: TestClient) -> None:
    first = client.post("/api/feedback", json={"answer_id": ID, "useful": True})
    again = client.post("/api/feedback", json={"answer_id": ID, "useful": False})
    assert (first.status_code, first.json(), again.json()) == (201, {"counted": True}, {"counted": False})
    assert 'bot_ratings_total{useful="true"} 1.0' in client.get("/metrics").text


@pytest.mark.parametrize(
    "body",
    [{}, {"answer_id": "x", "useful": True}, {"answer_id": ID, "useful": True, "reason": "nonsense"},
     {"answer_id": ID, "useful": True, "comment": "话" * 201}],
)  # fmt: skip
def test_unusable_opinion_gets_a_chinese_sentence(client: TestClient, body: dict[str, object]) -> None:
    reply = client.post("/api/feedback", json=body)
    assert reply.status_code == 422
    assert "请求有误" in reply.json()["error"]["message"]


def test_opinion_that_cannot_be_kept_is_told(writing: Callable[..., Bot], tmp_path: Path) -> None:
    bot = writing("good", database_url=f"sqlite:///{tmp_path / 'none' / 'records.db'}")
    reply = client_of(bot).post("/api/feedback", json={"answer_id": ID, "useful": True})
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "not_kept")


def test_request_sent_twice_with_its_key_gets_the_same_reply(client: TestClient) -> None:
    sent = {"json": {"answer_id": ID, "useful": True}, "headers": {"Idempotency-Key": "k1"}}
    replies = [client.post("/api/feedback", **sent) for _ in range(2)]  # type: ignore[arg-type]
    assert [(reply.status_code, reply.json()) for reply in replies] == [(201, {"counted": True})] * 2


def test_key_used_again_for_something_else_is_a_conflict(client: TestClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    client.post("/api/feedback", json={"answer_id": ID, "useful": True}, headers=headers)
    reply = client.post("/api/feedback", json={"answer_id": ID, "useful": False}, headers=headers)
    assert (reply.status_code, reply.json()["error"]["code"]) == (409, "idempotency_conflict")
