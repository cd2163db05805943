import json
import threading
import time
from collections.abc import Callable

import httpx
import pytest
import uvicorn

from bot.pipeline import Bot
from tests.bot.web.conftest import client_of, front_of
from tests.endpoint import Script, ScriptedEndpoint

ASKED = {"question": "老人食堂今年建几个"}


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if not block.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_sentences_come_first_then_the_whole_answer(writing: Callable[..., Bot]) -> None:
    reply = client_of(writing("good")).post("/api/ask/stream", json={"question": "老人食堂今年建几个"})
    assert reply.headers["content-type"].startswith("text/event-stream")
    told = events(reply.text)
    assert [name for name, _ in told] == ["sentence", "answer"]
    assert told[-1][1]["mode"] == "generated"
    assert told[-1][1]["answer"] == told[0][1]["text"]


def test_without_a_model_the_answer_comes_at_once(bot: Bot) -> None:
    told = events(client_of(bot).post("/api/ask/stream", json={"question": "老人食堂今年建几个"}).text)
    assert [name for name, _ in told] == ["answer"]
    assert told[0][1]["mode"] == "excerpt"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ask/stream", ASKED),
        ("/turn", ASKED),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": ASKED["question"]}], "stream": True}),
    ],
)
def test_stream_begins_with_what_proxies_may_hold_back_and_asks_them_not_to(
    bot: Bot, path: str, body: dict[str, object]
) -> None:
    reply = client_of(bot).post(path, json=body)
    first, _, rest = reply.text.partition("\n\n")
    assert len(first) > 2000
    assert first.strip(": ") == ""
    assert "data: {" in rest
    assert reply.headers["X-Accel-Buffering"] == "no"


def test_question_that_cannot_be_taken_keeps_its_status(bot: Bot) -> None:
    reply = client_of(bot).post("/api/ask/stream", json={"question": " "})
    assert reply.status_code == 422
    assert reply.json()["error"]["code"] == "question_empty"


def test_ask_waits_for_the_whole_answer(writing: Callable[..., Bot]) -> None:
    reply = client_of(writing("good")).post("/api/ask", json={"question": "老人食堂今年建几个"}).json()
    assert reply["mode"] == "generated"
    assert reply["generation"]["fallback"] == ""


def test_metrics_and_readiness_tell_of_the_model(writing: Callable[..., Bot]) -> None:
    serving = client_of(writing("status-500", model_breaker_failures=1))
    serving.post("/api/ask", json={"question": "老人食堂今年建几个"})
    assert serving.get("/readyz").json()["model"] == "open"
    metrics = serving.get("/metrics").text
    assert "bot_breaker 2.0" in metrics
    assert 'bot_fallbacks_total{cause="server_error"} 1.0' in metrics


def test_client_who_hangs_up_ends_the_call_to_the_model(
    writing: Callable[..., Bot], endpoint: ScriptedEndpoint, script: Script
) -> None:
    question = "老人食堂今年建几个"
    script.answers[question] = ("今年计划新建长者食堂5个{1}。" * 30, ("新建“长者食堂”5个",))
    bot = writing("delay-10-50", model_deadline_seconds=20)
    config = uvicorn.Config(front_of(bot), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    before = endpoint.cancelled
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"http://127.0.0.1:{port}/api/ask", json={"question": question}, timeout=0.4)
    until = time.monotonic() + 3
    while endpoint.cancelled == before and time.monotonic() < until:
        time.sleep(0.02)
    server.should_exit = True
    serving.join(5)
    script.answers.clear()
    assert endpoint.cancelled == before + 1
