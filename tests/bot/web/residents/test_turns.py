"""The page's own route: events with finished HTML, and the line of those who wait."""

import json
from collections.abc import Callable
from html import unescape

import pytest

from bot.pipeline import Bot
from tests.bot.web.conftest import client_of


def events(text: str) -> list[tuple[str, dict[str, str]]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if not block.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_without_a_model_the_turn_comes_at_once(bot: Bot) -> None:
    reply = client_of(bot).post("/turn", json={"question": "长者食堂新建几个?"})
    ((name, data),) = events(reply.text)
    assert name == "turn"
    assert ">新建“长者食堂”5个</mark>" in data["html"]
    assert "AIGC" not in data["html"]
    assert reply.headers["X-Accel-Buffering"] == "no"


def test_with_a_model_sentences_come_first(writing: Callable[..., Bot]) -> None:
    reply = client_of(writing("good")).post("/turn", json={"question": "长者食堂新建几个?"})
    names = [name for name, _ in events(reply.text)]
    assert names[0] == "sentence"
    assert names[-1] == "turn"
    html = events(reply.text)[-1][1]["html"]
    assert "人工智能生成" in html
    assert '"ProduceID": "' in unescape(html)


@pytest.mark.parametrize(("question", "code"), [("", "question_empty"), ("路" * 301, "question_too_long")])
def test_unusable_question_is_refused_with_its_status(bot: Bot, question: str, code: str) -> None:
    reply = client_of(bot).post("/turn", json={"question": question})
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, code)


def test_full_line_is_told_in_chinese_with_when_to_come_back(writing: Callable[..., Bot]) -> None:
    reply = client_of(writing("good", answers_waiting=0)).post("/turn", json={"question": "长者食堂新建几个?"})
    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) > 0
    assert "人太多" in reply.json()["error"]["message"]
