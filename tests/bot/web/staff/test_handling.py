"""Answering complaints: for administrators alone."""

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records.database import Database
from bot.records.office import complaints
from bot.records.schema import audit as entries
from tests.bot.chain import broken_at
from tests.bot.web.conftest import client_of
from tests.bot.web.signed_in import signed_in

TEXT, CONTACT = "回答把<b>停车位</b>的数字写错了", "13805951234"


@pytest.fixture
def receipt(database: Database) -> str:
    return complaints.lodge(database, TEXT, CONTACT)


@pytest.fixture
def chief(own: Bot, database: Database) -> TestClient:
    client = client_of(own)
    client.headers["X-CSRF-Token"] = signed_in(client, database, "administrator")
    return client


def test_complaint_is_seen_answered_and_both_are_kept(chief: TestClient, database: Database, receipt: str) -> None:
    html = chief.get("/office/complaints").text
    assert "回答把&lt;b&gt;停车位" in html
    assert CONTACT in html
    chief.post("/office/complaints", data={"receipt": receipt, "reply": "已经改正"})
    assert complaints.find(database, receipt).reply == "已经改正"
    assert "没有等着答复的" in chief.get("/office/complaints").text
    with database.read() as connection:
        actions = [row.action for row in connection.execute(entries.select().order_by(entries.c.number))]
    assert {"complaints viewed", "complaint handled"} <= set(actions)
    assert broken_at(database) is None


def test_reply_that_says_nothing_is_told_beside_it(chief: TestClient, database: Database, receipt: str) -> None:
    reply = chief.post("/office/complaints", data={"receipt": receipt, "reply": " "})
    assert reply.status_code == 422
    assert 'class="problem" role="alert">请写答复' in reply.text
    assert complaints.find(database, receipt).handled is None


def test_nobody_else_sees_them_or_answers(own: Bot, database: Database, receipt: str) -> None:
    for role in ("agent", "editor"):
        client = client_of(own)
        client.headers["X-CSRF-Token"] = signed_in(client, database, role)
        assert client.get("/office/complaints").status_code == 403
        assert client.post("/office/complaints", data={"receipt": receipt, "reply": "好"}).status_code == 403
    assert client_of(own).get("/office/complaints", headers={"Accept": "application/json"}).status_code == 401


def test_answer_without_the_proof_of_our_page_is_refused(chief: TestClient, database: Database, receipt: str) -> None:
    del chief.headers["X-CSRF-Token"]
    assert chief.post("/office/complaints", data={"receipt": receipt, "reply": "好"}).status_code == 403
    assert complaints.find(database, receipt).handled is None
