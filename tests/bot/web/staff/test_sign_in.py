"""Signing in: what stands behind it answers nobody else, and no other site can use it."""

import re
from dataclasses import replace

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records.database import Database
from bot.web.server import Front
from bot.web.staff.sign_in import COOKIE, MARK
from tests.bot.web.conftest import client_of, front_of
from tests.bot.web.signed_in import PASSWORD, made, signed_in

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


def from_address(front: Front, host: str, base_url: str = "http://testserver") -> TestClient:
    return TestClient(front, base_url, client=(host, 1), raise_server_exceptions=False)


def try_password(client: TestClient, name: str, password: str = PASSWORD) -> httpx.Response:
    return client.post("/sign-in", data={"name": name, "password": password}, follow_redirects=False)


def test_stranger_who_guesses_waits_and_keeps_nobody_else_out(own: Bot, database: Database) -> None:
    front, name = front_of(own), made(database, "administrator")
    stranger = from_address(front, "203.0.113.1")
    refused = [try_password(stranger, name, "certainly wrong") for _ in range(own.settings.lockout_failures + 1)]
    assert [reply.status_code for reply in refused] == [401] * own.settings.lockout_failures + [429]
    assert re.search("请过[1-9][0-9]*秒再试", refused[-1].text)
    assert "请过1分钟再试" in refused[-2].text or "请过60秒再试" in refused[-2].text
    assert 0 < int(refused[-1].headers["retry-after"]) <= 60
    assert try_password(stranger, name).status_code == 429
    assert try_password(from_address(front, "203.0.113.2"), name).status_code == 303


def test_stranger_behind_the_same_address_keeps_nobody_out_who_was_there_before(own: Bot, database: Database) -> None:
    front, name = front_of(own), made(database, "administrator")
    mine, stranger = from_address(front, "203.0.113.1"), from_address(front, "203.0.113.1")
    assert try_password(mine, name).status_code == 303
    for _ in range(own.settings.lockout_failures):
        try_password(stranger, name, "certainly wrong")
    assert try_password(stranger, name).status_code == 429
    assert try_password(mine, name).status_code == 303


def test_unknown_name_is_refused_like_a_known_one(own: Bot, database: Database) -> None:
    front, told = front_of(own), []
    for number, name in enumerate((made(database, "agent"), "nobody")):
        stranger = from_address(front, f"203.0.113.{number}")
        replies = [try_password(stranger, name, "certainly wrong") for _ in range(own.settings.lockout_failures + 1)]
        told.append([(r.status_code, re.sub("[0-9]+秒|1分钟", "", r.text).replace(name, "")) for r in replies])
    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("base_url", "root_path", "prefix", "path"),
    [
        ("http://testserver", "", "", "/"),
        ("https://testserver", "", "__Host-", "/"),
        ("https://testserver", "/ai", "", "/ai/"),
        ("http://testserver", "/ai", "", "/ai/"),
    ],
)
def test_cookies_are_for_our_own_pages_alone(
    own: Bot, database: Database, base_url: str, root_path: str, prefix: str, path: str
) -> None:
    settings = own.settings.model_copy(update={"root_path": root_path})
    client = from_address(front_of(replace(own, settings=settings)), "203.0.113.1", base_url)
    kept = try_password(client, made(database, "administrator")).headers.get_list("set-cookie")
    assert [cookie.split("=")[0] for cookie in kept] == [prefix + COOKIE, prefix + MARK]
    for cookie in kept:
        told = cookie.lower().split("; ")
        assert {"httponly", "samesite=strict", f"path={path}"} <= set(told)
        assert ("secure" in told) == base_url.startswith("https")
        assert not any(part.startswith("domain") for part in told)
    assert client.get("/office/users").status_code == (200 if not root_path else 401)  # the cookie is for /ai/ alone


def test_cookie_of_another_host_is_not_read_where_ours_is_bound_to_this_one(own: Bot, database: Database) -> None:
    client = from_address(front_of(own), "203.0.113.1", "https://testserver")
    try_password(client, made(database, "administrator"))
    token = client.cookies["__Host-" + COOKIE]
    client.cookies.clear()
    assert client.get("/office/users", headers={"cookie": f"{COOKIE}={token}"}).status_code == 401
    assert client.get("/office/users", headers={"cookie": f"__Host-{COOKIE}={token}"}).status_code == 200


def test_link_of_another_site_leads_one_who_is_signed_in_to_what_it_names(
    client: TestClient, database: Database
) -> None:
    foreign = {**BROWSER, "sec-fetch-site": "cross-site"}
    shown = client.get("/office/users", headers=foreign)
    assert shown.headers["refresh"] == "0; url=/sign-in?next=office%2Fusers&again=1"
    again = shown.headers["refresh"].partition("url=")[2]
    assert "refresh" not in client.get(again, headers=foreign).headers
    assert "refresh" not in client.get("/sign-in", headers={"sec-fetch-site": "same-origin"}).headers
    signed_in(client, database, "administrator")
    assert client.get(again, follow_redirects=False).headers["location"] == "/office/users"
    assert client.get("/sign-in?next=//evil", follow_redirects=False).headers["location"] == "/desk"


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
    assert COOKIE not in client.cookies
    assert client.get("/office/users").status_code == 401


@pytest.mark.parametrize(
    "foreign", [{"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}, {"origin": "null"}]
)
def test_another_site_signs_nobody_in(client: TestClient, database: Database, foreign: dict[str, str]) -> None:
    given = {"name": made(database, "agent"), "password": PASSWORD}
    assert client.post("/sign-in", data=given, headers=foreign).status_code == 403
    assert COOKIE not in client.cookies


def test_form_lets_a_browser_say_where_it_comes_from(client: TestClient, database: Database) -> None:
    given = {"name": made(database, "agent"), "password": "certainly wrong"}
    for shown in (client.get("/sign-in"), client.post("/sign-in", data=given)):
        assert (shown.headers["Referrer-Policy"], shown.headers["Cache-Control"]) == ("same-origin", "no-store")
    own = {"origin": "http://testserver"}
    assert client.post(
        "/sign-in", data={**given, "password": PASSWORD}, headers=own, follow_redirects=False
    ).is_redirect
