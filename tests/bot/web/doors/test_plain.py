"""Control characters are refused before anything is done with them, wherever they stand."""

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records.database import Database
from bot.records.office import switches
from tests.bot.web.conftest import client_of
from tests.bot.web.signed_in import signed_in


@pytest.fixture
def chief(own: Bot, database: Database) -> TestClient:
    client = client_of(own)
    client.headers["X-CSRF-Token"] = signed_in(client, database, "administrator")
    return client


@pytest.mark.parametrize("control", ["\0", "\x1b", "\x7f"])
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/sign-in", {"name": "{}", "password": "x"}),
        ("/sign-in", {"name": "x", "password": "{}"}),
        ("/office/switches", {"kind": "announcement", "text": "{}", "reason": "x"}),
        ("/office/switches", {"kind": "announcement", "text": "x", "reason": "{}"}),
        ("/office/switches/lift", {"switch": "{}", "reason": "x"}),
        ("/office/approved", {"question": "x", "answer": "x", "quote": "{}"}),
        ("/office/approved/find", {"find": "{}"}),
        ("/office/approved/x/withdraw", {"reason": "{}"}),
    ],
)
def test_forms(chief: TestClient, database: Database, path: str, form: dict[str, str], control: str) -> None:
    sent = {name: value.format(control) for name, value in form.items()}
    refused = chief.post(path, data=sent)
    assert refused.status_code == 422
    assert "控制字符" in refused.json()["error"]["message"]
    assert switches.history(database) == []


@pytest.mark.parametrize(
    "path",
    [
        "/office/turns?q=%00",
        "/office/turns?topic=a%00",
        "/office/turns/%00",
        "/office/approved/%00",
        "/office/approved/new?question=%00",
        "/sign-in?next=%00",
        "/office?%00=1",
    ],
)
def test_addresses(chief: TestClient, path: str) -> None:
    assert chief.get(path).status_code == 422


@pytest.mark.parametrize("wrong", ["\\u0000", "\\ud800", "\\u007f"])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/desk/search", '{"query": "%s"}'),
        ("/desk/outcome", '{"id": "00000000000000000000000000000000", "query": "%s", "outcome": "answered"}'),
        ("/api/feedback", '{"answer_id": "00000000000000000000000000000000", "useful": true, "comment": "%s"}'),
        ("/desk/search", '{"query": "x", "other": [{"%s": 1}]}'),
    ],
)
def test_bodies(chief: TestClient, path: str, body: str, wrong: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert chief.post(path, content=body % wrong, headers=headers).status_code == 422


def test_line_breaks_and_tabs_are_no_fault(chief: TestClient, database: Database) -> None:
    sent = {"kind": "announcement", "text": "一\r\n二\t三", "reason": "x"}
    assert chief.post("/office/switches", data=sent, follow_redirects=False).status_code == 303
    assert len(switches.history(database)) == 1


@pytest.mark.parametrize("body", ["{", "[" * 20_000, ""])
def test_body_that_is_no_json_is_left_to_who_reads_it(chief: TestClient, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert chief.request("GET", "/office", content=body, headers=headers).status_code == 200
    assert chief.post("/desk/search", content=body, headers=headers).status_code in (400, 422)
