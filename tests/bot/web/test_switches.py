"""Pausing and announcing through the page, and what residents see of it."""

import re

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records.database import Database
from tests.bot.web.conftest import client_of
from tests.bot.web.staff import signed_in

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
    assert said in alert.group(1)
    assert typed["text"] in page
    assert chief.get("/announcement").json() == {"announcements": []}


def test_editor_sees_but_does_not_switch(own: Bot, database: Database) -> None:
    client = client_of(own)
    client.headers["X-CSRF-Token"] = signed_in(client, database, "editor")
    assert "只有管理员可以改动" in client.get("/office/switches").text
    assert client.post("/office/switches", data={"kind": "model", "reason": "试"}).status_code == 403
