"""Pausing and announcing through the page, and what residents see of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records import turns
from bot.records.database import Database
from bot.records.office import switches
from bot.records.turns import Kept
from tests.bot.web.conftest import client_of
from tests.bot.web.signed_in import signed_in

ASKED = {"question": "老人食堂今年建几个？"}


@pytest.fixture
def chief(own: Bot, database: Database) -> TestClient:
    client = client_of(own)
    client.headers["X-CSRF-Token"] = signed_in(client, database, "administrator")
    return client


def switch(client: TestClient, **typed: str) -> str:
    """Set a switch; the page that comes of it."""
    return client.post("/office/switches", data={"reason": "试", **typed}).text


def test_paused_service_says_so_everywhere_until_it_is_lifted(chief: TestClient) -> None:
    assert "我知道" in switch(chief, kind="service", text="正在检修")
    assert chief.post("/api/ask", json=ASKED).json()["status"] == "answered"
    page = switch(chief, kind="service", text="正在检修", sure="1")
    told = chief.post("/api/ask", json=ASKED).json()
    assert (told["status"], told["label"]) == ("error_paused", "服务通知")
    assert told["contacts"][0]["phone"] == "12345"
    for reply in (
        chief.post("/api/ask/stream", json=ASKED),
        chief.post("/turn", json=ASKED),
        chief.post("/lite", data=ASKED),
        chief.post("/v1/chat/completions", json={"model": "bot", "messages": [{"role": "user", "content": "食堂"}]}),
    ):
        assert reply.status_code == 200
        assert "正在检修" in reply.text
    found = re.search(r'name="switch" value="(\w+)"', page)
    assert found
    assert "原因" in chief.post("/office/switches/lift", data={"switch": found.group(1), "reason": " "}).text
    chief.post("/office/switches/lift", data={"switch": found.group(1), "reason": "修好了"})
    assert chief.post("/api/ask", json=ASKED).json()["status"] == "answered"


def test_announcement_stands_on_the_pages_while_it_lasts(chief: TestClient) -> None:
    switch(chief, kind="announcement", text="周日<b>停机</b>")
    assert chief.get("/announcement").json() == {"announcements": ["周日<b>停机</b>"]}
    for path in ("/lite", "/report", "/targets"):
        assert "周日&lt;b&gt;停机" in chief.get(path).text
    switch(chief, kind="announcement", text="以后", begins="2999-01-01T00:00")
    assert "以后" not in chief.get("/lite").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "topic", "text": "暂停"}, "主题词"),
        ({"kind": "topic", "text": "暂停", "topic": "的"}, "两个字|2个字"),
        ({"kind": "topic", "text": "暂停", "topic": "食堂 今年"}, "“今年”没有说出一个主题"),
        ({"kind": "announcement", "text": "通知", "reason": " "}, "原因"),
        ({"kind": "announcement", "text": "通知", "begins": "明天"}, "时间"),
        ({"kind": "announcement", "text": "通知", "ends": "2001-01-01T00:00"}, "晚于"),
        ({"kind": "weather", "text": "通知"}, "没有这种"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    chief: TestClient, typed: dict[str, str], said: str
) -> None:
    page = switch(chief, **typed)
    alert = re.search(r'role="alert">(.*?)<', page)
    assert alert
    assert re.search(said, alert.group(1))
    assert typed["text"] in page
    assert chief.get("/announcement").json() == {"announcements": []}


@pytest.fixture
def asked(own: Bot, database: Database) -> None:
    """Five questions of yesterday, one of them about the canteens."""
    answer, at = own.answer("你好"), datetime.now(UTC) - timedelta(days=1)
    questions = ("长者食堂新建几个", "停车位新增多少", "学位有多少", "房价会跌吗", "公园建在哪里")
    made = [replace(Kept.of("page", "", q, answer, 0.01, {}), answer_id=q[:4], at=at) for q in questions]
    turns.write(database, made)


@pytest.mark.usefixtures("asked")
def test_form_shows_how_much_a_topic_would_stop_before_it_does(chief: TestClient, database: Database) -> None:
    typed = {"kind": "topic", "text": "暂停", "reason": "试"}
    page = chief.post("/office/switches", data={**typed, "topic": "食堂", "look": "1"}).text
    assert "最近30天有5次提问，这个主题会停掉其中1次（20.0%）" in page
    assert 'name="wide"' not in page
    assert switches.history(database) == []
    chief.post("/office/switches", data={**typed, "topic": "食堂"})
    assert [s.topic for s in switches.history(database)] == ["食堂"]


@pytest.mark.usefixtures("asked")
def test_topic_that_would_stop_much_must_be_confirmed_as_it_was_shown(chief: TestClient, database: Database) -> None:
    typed = {"kind": "topic", "text": "暂停", "reason": "试"}
    wide, wider = {**typed, "topic": "食堂 停车位"}, {**typed, "topic": "食堂 停车位 学位"}
    refused = chief.post("/office/switches", data=wide)
    assert refused.status_code == 422
    assert "请再确认一次" in refused.text
    assert "会停掉其中2次（40.0%）" in refused.text
    confirmed = re.search('name="wide" value="(.*?)"', refused.text)
    assert confirmed
    assert chief.post("/office/switches", data={**wider, "wide": confirmed.group(1)}).status_code == 422
    assert chief.post("/office/switches", data={**wide, "sure": "1"}).status_code == 422
    assert switches.history(database) == []
    chief.post("/office/switches", data={**wide, "wide": confirmed.group(1)})
    assert [s.topic for s in switches.history(database)] == ["食堂 停车位"]


def test_without_questions_the_form_says_that_nothing_is_known(chief: TestClient) -> None:
    typed = {"kind": "topic", "text": "暂停", "reason": "试", "topic": "食堂", "look": "1"}
    assert "最近30天还没有提问" in chief.post("/office/switches", data=typed).text


def test_editor_sees_but_does_not_switch(own: Bot, database: Database) -> None:
    client = client_of(own)
    client.headers["X-CSRF-Token"] = signed_in(client, database, "editor")
    assert "只有管理员可以改动" in client.get("/office/switches").text
    assert client.post("/office/switches", data={"kind": "model", "reason": "试"}).status_code == 403
