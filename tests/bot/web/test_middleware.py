import base64
import hashlib
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from starlette.responses import HTMLResponse, JSONResponse

from bot.pipeline import Bot
from bot.web.middleware import GRADIO, HashedScripts, route_path
from tests.bot.web.conftest import client_of

PATHS = (
    "/",
    "/lite",
    "/report",
    "/api/terms",
    "/site/style.css",
    "/widget.js",
    "/docs",
    "/healthz",
    "/nothing",
    "/mcp",
)
PORTAL = "https://portal.example"


@pytest.mark.parametrize("path", PATHS)
def test_every_reply_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy


def test_one_list_says_who_may_embed_and_who_may_call(writing: Callable[..., Bot]) -> None:
    client = client_of(writing("good", allowed_origins=(PORTAL,)))
    assert f"frame-ancestors 'self' {PORTAL}" in client.get("/lite").headers["Content-Security-Policy"]
    mine, other = ({"Origin": origin} for origin in (PORTAL, "https://evil.example"))
    assert client.get("/api/terms", headers=mine).headers["Access-Control-Allow-Origin"] == PORTAL
    assert "Access-Control-Allow-Origin" not in client.get("/api/terms", headers=other).headers


def test_empty_list_lets_nobody_else_embed_or_call(client: TestClient) -> None:
    reply = client.get("/lite", headers={"Origin": PORTAL})
    assert reply.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")
    assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.parametrize(
    ("origin", "told"),
    [(PORTAL, PORTAL), ("https://evil.example", ""), ("http://testserver", "http://testserver"), ("*", "")],
)
def test_embedded_page_talks_only_to_origins_of_the_list(writing: Callable[..., Bot], origin: str, told: str) -> None:
    client = client_of(writing("good", allowed_origins=(PORTAL,)))
    for path in ("/lite", "/ping"):
        assert f'data-origin="{told}"' in client.get(path, params={"origin": origin}).text


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ({"path": "/ai/lite", "root_path": "/ai"}, "/lite"),
        ({"path": "/ai/", "root_path": "/ai"}, "/"),
        ({"path": "/lite", "root_path": ""}, "/lite"),
        ({"path": "/lite"}, "/lite"),
    ],
)
def test_route_is_found_under_a_prefix(scope: dict[str, str], path: str) -> None:
    assert route_path(scope) == path


def test_announced_length_that_is_no_number_does_no_harm(client: TestClient) -> None:
    reply = client.post("/api/ask", content=b"{}", headers={"Content-Length": "x", "Content-Type": "application/json"})
    assert reply.status_code in (400, 422)


def test_inline_scripts_of_a_page_are_let_in_by_their_hashes_and_no_others() -> None:
    html = "<script>let a = 1;</script><script src='x.js'></script><script type='module'>b()</script>"
    app = HashedScripts(HTMLResponse(html), GRADIO, (PORTAL,))
    reply = TestClient(app).get("/")
    policy = reply.headers["Content-Security-Policy"]
    digests = [base64.b64encode(hashlib.sha256(code).digest()).decode() for code in (b"let a = 1;", b"b()")]
    assert all(f"'sha256-{digest}'" in policy for digest in digests)
    assert policy.count("sha256-") == 2
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert f"frame-ancestors 'self' {PORTAL}" in policy
    assert reply.text == html


def test_other_replies_pass_through_untouched() -> None:
    reply = TestClient(HashedScripts(JSONResponse({"a": 1}), GRADIO, ())).get("/")
    assert reply.json() == {"a": 1}
    assert "sha256" not in reply.headers["Content-Security-Policy"]
