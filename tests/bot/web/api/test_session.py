import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from tests.bot.web.conftest import client_of

SESSION = "s" * 32
ASKED = {"question": "长者食堂新建几个?我电话13805951234", "session": SESSION}


@pytest.fixture
def client(writing: Callable[..., Bot], tmp_path: Path) -> TestClient:
    return client_of(writing("status-500", database_url=f"sqlite:///{tmp_path / 'records.db'}"))


def test_every_way_of_asking_with_a_session_is_kept(client: TestClient) -> None:
    for path in ("/api/ask", "/api/ask/stream", "/turn"):
        client.post(path, json=ASKED)
    turns = client.get(f"/api/session/{SESSION}").json()["turns"]
    assert {turn["channel"] for turn in turns} == {"api", "page"}
    assert all("13805951234" not in str(turn) for turn in turns)
    assert {turn["status"] for turn in turns} == {"answered"}


def test_record_of_the_answer_just_given_is_deleted_too(client: TestClient) -> None:
    client.post("/api/ask", json=ASKED)
    assert client.delete(f"/api/session/{SESSION}").json() == {"deleted": 1}
    assert client.get(f"/api/session/{SESSION}").json() == {"turns": []}


def test_exported_answers_of_a_model_carry_their_implicit_label_and_no_others(
    writing: Callable[..., Bot], tmp_path: Path
) -> None:
    """GB 45438-2025, annex E."""
    settings = {"database_url": f"sqlite:///{tmp_path / 'records.db'}"}
    client = client_of(writing("good", **settings))
    for question in ("长者食堂新建几个?", "你好"):
        client.post("/api/ask", json={"question": question, "session": SESSION})
    written, greeting = client.get(f"/api/session/{SESSION}").json()["turns"]
    assert written["mode"] == "generated"
    assert list(written["AIGC"].items()) == [
        ("Label", "1"),
        ("ContentProducer", "泉州市洛江区人民政府"),
        ("ProduceID", written["answer_id"]),
        ("ReservedCode1", ""),
        ("ContentPropagator", ""),
        ("PropagateID", ""),
        ("ReservedCode2", ""),
    ]
    assert "AIGC" not in greeting


@pytest.mark.parametrize("session", ["short", "x" * 65, "a b" * 10])
def test_number_that_is_none_is_refused(client: TestClient, session: str) -> None:
    assert client.get(f"/api/session/{session}").status_code == 422
    assert client.post("/api/ask", json={"question": "食堂", "session": session}).status_code == 422


def test_dead_database_is_told_and_stops_no_answer(writing: Callable[..., Bot], tmp_path: Path) -> None:
    client = client_of(writing("status-500", database_url=f"sqlite:///{tmp_path / 'none' / 'records.db'}"))
    assert client.post("/api/ask", json=ASKED).json()["status"] == "answered"
    deadline = time.monotonic() + 5
    while client.get("/readyz").json()["records"] == "ok" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert client.get("/readyz").json()["records"] == "down"
    assert client.get("/readyz").status_code == 200
    assert client.get(f"/api/session/{SESSION}").status_code == 503
