import json
from collections.abc import Callable

from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.web.api import build_app


def client(bot: Bot) -> TestClient:
    return TestClient(build_app(lambda: bot, lambda: True, 4096))


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_sentences_come_first_then_the_whole_answer(writing: Callable[..., Bot]) -> None:
    reply = client(writing("good")).post("/api/ask/stream", json={"question": "老人食堂今年建几个"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = events(reply.text)
    assert [name for name, _ in told] == ["sentence", "answer"]
    assert told[-1][1]["mode"] == "generated"
    assert told[-1][1]["answer"] == told[0][1]["text"]


def test_without_a_model_the_answer_comes_at_once(bot: Bot) -> None:
    told = events(client(bot).post("/api/ask/stream", json={"question": "老人食堂今年建几个"}).text)
    assert [name for name, _ in told] == ["answer"]
    assert told[0][1]["mode"] == "excerpt"


def test_question_that_cannot_be_taken_keeps_its_status(bot: Bot) -> None:
    reply = client(bot).post("/api/ask/stream", json={"question": " "})
    assert reply.status_code == 422
    assert reply.json()["error"]["code"] == "question_empty"


def test_ask_waits_for_the_whole_answer(writing: Callable[..., Bot]) -> None:
    reply = client(writing("good")).post("/api/ask", json={"question": "老人食堂今年建几个"}).json()
    assert reply["mode"] == "generated"
    assert reply["generation"]["fallback"] == ""


def test_metrics_and_readiness_tell_of_the_model(writing: Callable[..., Bot]) -> None:
    serving = client(writing("status-500", model_breaker_failures=1))
    serving.post("/api/ask", json={"question": "老人食堂今年建几个"})
    assert serving.get("/readyz").json()["model"] == "open"
    metrics = serving.get("/metrics").text
    assert "bot_breaker 2.0" in metrics
    assert 'bot_fallbacks_total{cause="server_error"} 1.0' in metrics
