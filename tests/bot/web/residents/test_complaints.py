"""The form for complaints, and what is told of one by its receipt number."""

import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records.database import Database
from bot.records.office import complaints
from tests.bot.web.conftest import client_of

WRITTEN = {"text": "回答把停车位的数字写错了", "contact": "13805951234"}


@pytest.fixture
def resident(own: Bot) -> TestClient:
    return client_of(own)


def lodged(client: TestClient) -> str:
    """A complaint: its receipt number, as the page tells it."""
    reply = client.post("/complaints", data=WRITTEN)
    assert reply.history[0].status_code == 303
    return "".join(re.findall(r'class="number">([\d ]+)<', reply.text)[0].split())


def test_receipt_and_time_limit_are_told_and_later_the_reply(resident: TestClient, database: Database) -> None:
    receipt = lodged(resident)
    waiting = resident.get("/complaints", params={"receipt": receipt}).text
    assert "已收到，还没有答复（15个工作日内答复）" in waiting
    complaints.handle(database, receipt, "已改正<b>", "小陈")
    told = resident.get("/complaints", params={"receipt": f" {receipt[:6]} {receipt[6:]} "}).text
    assert "已改正&lt;b&gt;" in told
    for hidden in (*WRITTEN.values(), "小陈"):
        assert hidden not in waiting + told


def test_page_keeps_the_contacts_and_tells_of_every_use_of_a_contact(resident: TestClient) -> None:
    html = resident.get("/complaints").text
    assert 'href="tel:12345"' in html
    assert "满30天后连同这一件一起删除" in html
    assert "回执号" not in html.split("查看答复")[0].split("写给我们")[0]


def test_unknown_receipt_is_told_beside_its_field(resident: TestClient) -> None:
    reply = resident.get("/complaints", params={"receipt": "999999999999"})
    assert reply.status_code == 404
    assert "没有这个回执号" in reply.text
    assert 'id="receipt" name="receipt" value="999999999999"' in reply.text


@pytest.mark.parametrize(("change", "field"), [({"text": "短"}, "text"), ({"contact": "1" * 101}, "contact")])
def test_what_cannot_be_taken_is_told_beside_its_field_and_nothing_is_lost(
    resident: TestClient, change: dict[str, str], field: str
) -> None:
    reply = resident.post("/complaints", data={**WRITTEN, **change})
    assert reply.status_code == 422
    assert f'id="{field}-wrong" role="alert"' in reply.text
    assert all(value in reply.text for value in ({**WRITTEN, **change}).values())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
    ],
)
def test_form_of_another_site_is_not_taken(
    resident: TestClient, database: Database, headers: dict[str, str], status: int
) -> None:
    assert resident.post("/complaints", data=WRITTEN, headers=headers).status_code == status
    assert len(complaints.listed(database, "小陈")) == (status == 200)


def test_form_lets_a_browser_say_where_it_comes_from(resident: TestClient) -> None:
    reply = resident.get("/complaints")
    assert (reply.headers["Referrer-Policy"], reply.headers["Cache-Control"]) == ("same-origin", "no-store")


def test_who_complains_too_often_waits(own: Bot) -> None:
    settings = own.settings.model_copy(update={"rate_complaints": "2/hour", "rate_exempt": ()})
    client = client_of(replace(own, settings=settings))
    replies = [client.post("/complaints", data=WRITTEN, follow_redirects=False) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [303, 303, 429]
    assert client.get("/complaints").status_code == 200
