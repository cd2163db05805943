"""Signing in: what stands behind it answers nobody else, and no other site can use it."""

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records.database import Database
from bot.web.staff import COOKIE
from tests.bot.web.conftest import client_of
from tests.bot.web.staff import PASSWORD, made, signed_in

STAFF = ["/desk/begin", "/office", "/office/turns", "/office/approved", "/office/switches", "/office/users"]
BROWSER = {"accept": "text/html"}


@pytest.fixture
def client(own: Bot) -> TestClient:
    return client_of(own)


@pytest.mark.parametrize("path", STAFF)
def test_nobody_else_is_answered(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401
    moved = client.get(path, headers=BROWSER, follow_redirects=False)
    assert moved.status_code == 303
    assert moved.headers["location"].startswith("/sign-in?next=")
    client.cookies.set(COOKIE, "made-up")
    assert client.get(path).status_code == 401


def test_one_comes_back_to_what_was_wanted(client: TestClient, database: Database) -> None:
    name = made(database, "administrator")
    shown = client.get("/office/users?x=1", headers=BROWSER)
    assert 'name="next" value="office/users?x=1"' in shown.text
    given = {"name": name, "password": PASSWORD, "next": "office/users?x=1"}
    moved = client.post("/sign-in", data=given, follow_redirects=False)
    assert moved.headers["location"] == "/office/users?x=1"
    cookie = moved.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


@pytest.mark.parametrize("following", ["//evil.example", "https://evil.example", "desk//evil", "../x", "sign-in"])
def test_one_is_led_nowhere_else(client: TestClient, database: Database, following: str) -> None:
    given = {"name": made(database, "agent"), "password": PASSWORD, "next": following}
    assert client.post("/sign-in", data=given, follow_redirects=False).headers["location"] == "/desk"


def test_wrong_password_keeps_the_name_and_says_so(client: TestClient, database: Database) -> None:
    refused = client.post("/sign-in", data={"name": made(database, "agent"), "password": "certainly wrong"})
    assert refused.status_code == 401
    assert 'role="alert"' in refused.text
    assert "someone-agent" in refused.text
    assert COOKIE not in client.cookies


def test_each_role_sees_what_is_its_own(own: Bot, database: Database) -> None:
    seen = {}
    for role in ("agent", "editor", "administrator"):
        client = client_of(own)
        signed_in(client, database, role)
        seen[role] = [client.get(path).status_code for path in STAFF]
    assert seen == {
        "agent": [200, 403, 403, 403, 403, 403],
        "editor": [200, 200, 200, 200, 200, 403],
        "administrator": [200, 200, 200, 200, 200, 200],
    }


def test_form_without_its_proof_changes_nothing(client: TestClient, database: Database) -> None:
    csrf = signed_in(client, database, "administrator")
    assert client.post("/sign-out").status_code == 403
    assert client.post("/sign-out", data={"csrf": "0" * 64}).status_code == 403
    assert client.get("/office/users").status_code == 200
    assert client.post("/sign-out", data={"csrf": csrf}, follow_redirects=False).status_code == 303
    assert client.get("/office/users").status_code == 401


def test_another_site_signs_nobody_in(client: TestClient, database: Database) -> None:
    given = {"name": made(database, "agent"), "password": PASSWORD}
    foreign = {"sec-fetch-site": "cross-site"}
    assert client.post("/sign-in", data=given, headers=foreign).status_code == 403
    assert COOKIE not in client.cookies
