"""What of Gradio is open, over the real port with the real page."""

import base64
import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.pipeline import Bot
from bot.web.frame import FILES, HashedScripts
from bot.web.server import Front
from tests.bot.web.conftest import front_of, opening, serving

PORTAL = "https://portal.example"
EVIL = "https://evil.example"
HOSTS = ("localhost", "127.0.0.1:7860", "bot.example", "evil.example")
COOKIES = ("", "session=1; wenzheng_staff=x")
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}
PARAMETER = re.compile(r"\{[^}]+\}")


class Served:
    """The product with its page, where everything that it writes for itself goes to a folder of its own."""

    def __init__(self, front: Front, client: httpx.Client, temporary: Path) -> None:
        self.front, self.client, self.temporary = front, client, temporary

    def files(self) -> set[Path]:
        return set(self.temporary.rglob("*"))


@pytest.fixture(scope="module")
def product(bot: Bot, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    temporary = tmp_path_factory.mktemp("temporary")
    front = front_of(bot)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(temporary))
        with (
            serving(opening(front, front.mount), lifespan="on") as address,
            httpx.Client(base_url=address, timeout=20) as client,
        ):
            yield Served(front, client, temporary)


def routes_of(application: Any) -> Iterator[tuple[str, str]]:
    """Every method and path of an application and of what it has mounted, with something in place of parameters."""
    for route in getattr(application, "routes", []):
        inner = getattr(route, "original_router", None) or getattr(route, "app", None)
        path = getattr(route, "path", "")
        if getattr(route, "methods", None):
            for method in sorted(route.methods & METHODS):
                yield method, PARAMETER.sub("x", path)
        elif hasattr(inner, "routes"):
            yield from routes_of(inner)
        elif path:
            yield "GET", f"{path}/x"


def gradio_routes(product: Served) -> list[tuple[str, str]]:
    frame = product.front.services.frame
    assert isinstance(frame, HashedScripts)
    return sorted(set(routes_of(frame._app)))


def test_pages_and_their_files_are_served(product: Served) -> None:
    page = product.client.get("/")
    assert page.status_code == 200
    files = re.findall(r'(?:src|href)="\./((?:assets|static|theme)[^"]*)"', page.text)
    assert len(files) > 1
    for file in (*files, "theme.css", "favicon.ico", "static/js/iframeResizer.contentWindow.min.js"):
        assert product.client.get(f"/{file}").status_code == 200, file


@pytest.mark.parametrize("packing", ["br", "gzip", "identity"])
def test_file_is_the_same_however_often_and_however_packed(product: Served, packing: str) -> None:
    name = re.findall(r'src="\./(assets/[^"]*)"', product.client.get("/").text)[0]
    plain = product.client.get(f"/{name}", headers={"Accept-Encoding": "identity"}).content
    replies = [product.client.get(f"/{name}", headers={"Accept-Encoding": packing}) for _ in range(3)]
    assert {reply.content for reply in replies} == {plain}
    assert {reply.headers.get("Content-Encoding", "identity") for reply in replies} == {packing}
    assert len({reply.headers["X-Request-Id"] for reply in replies}) == 3


def test_file_is_packed_once_and_what_is_missing_is_not_kept(bot: Bot) -> None:
    asked: list[str] = []

    async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        found = scope["path"].endswith("there.js")
        headers = {"Content-Encoding": "br"} if found else {}
        await PlainTextResponse("packed", 200 if found else 404, headers)(scope, receive, send)

    front = front_of(bot)
    front.services.frame = gradio
    client = TestClient(front, headers={"Accept-Encoding": "gzip, br"})
    with client.stream("GET", "/assets/there.js"), client.stream("GET", "/assets/there.js"):
        assert asked == ["/assets/there.js"]
    assert [client.get("/assets/other.js").status_code for _ in range(2)] == [404, 404]
    assert len(asked) == 3


def test_every_other_route_of_gradio_does_not_exist(product: Served) -> None:
    ours = {path for _, path in routes_of(product.front.app)}
    closed = [(method, path) for method, path in gradio_routes(product) if not {path, path.rstrip("/")} & ours]
    assert len(closed) > 60
    assert {("POST", "/gradio_api/upload"), ("POST", "/gradio_api/queue/join"), ("GET", "/config")} <= set(closed)
    for method, path in closed:
        reply = product.client.request(method, path, follow_redirects=False)
        assert reply.status_code == 404, (method, path)


@pytest.mark.parametrize("path", ["/", "/theme.css", "/assets/x.js", "/mcp"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "GET"])
def test_what_is_open_is_open_to_its_own_method_alone(product: Served, path: str, method: str) -> None:
    if (method == "POST") is (path == "/mcp") and method in ("GET", "POST"):
        return
    reply = product.client.request(method, path)
    assert reply.status_code == 405
    assert reply.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("name", ["../index.html", "..%2findex.html", "%2e%2e/index.html", "a/b.js", "", "nothing.js"])
def test_files_outside_the_folder_of_assets_do_not_exist(product: Served, name: str) -> None:
    assert product.client.get(f"/assets/{name}").status_code in (403, 404)


def test_thousand_uploads_leave_no_file(product: Served) -> None:
    before = product.files()
    for number in range(1000):
        reply = product.client.post("/gradio_api/upload", files={"files": (f"{number}.png", b"x" * 3000)})
        assert reply.status_code == 404
    for path in ("/sign-in", "/lite"):
        product.client.post(path, files={"question": ("a.txt", b"x" * 60_000)})
    assert product.files() == before


def test_no_route_tells_a_foreign_page_that_it_may_call(product: Served) -> None:
    known = sorted({*routes_of(product.front.app), *gradio_routes(product)})
    assert len(known) > 120
    for number, (method, path) in enumerate(known):
        asked = {"Host": HOSTS[number % len(HOSTS)], "Cookie": COOKIES[number % 3 % 2]}
        for told in (_allowed(product, method, path, asked), _preflight(product, method, path, asked)):
            assert told == [], (method, path, told)


@pytest.mark.parametrize("path", ["/", "/desk", "/theme.css", "/site/style.css", "/widget.js", "/api/terms", "/config"])
@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("cookie", COOKIES)
def test_nor_does_it_on_any_host(product: Served, path: str, host: str, cookie: str) -> None:
    asked = {"Host": host, "Cookie": cookie}
    assert _allowed(product, "GET", path, asked) == _preflight(product, "GET", path, asked) == []


def _allowed(product: Served, method: str, path: str, asked: dict[str, str]) -> list[str]:
    return _told(product.client.request(method, path, headers={"Origin": EVIL, **asked}))


def _preflight(product: Served, method: str, path: str, asked: dict[str, str]) -> list[str]:
    wanted = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type"}
    return _told(product.client.options(path, headers={"Origin": EVIL, **wanted, **asked}))


def _told(reply: httpx.Response) -> list[str]:
    return [name for name, value in reply.headers.items() if name.startswith("access-control") or EVIL in value]


def test_page_does_not_carry_what_a_request_claims(product: Served) -> None:
    claims = {"X-Forwarded-Host": "evil.example", "X-Gradio-Server": EVIL, "Origin": EVIL, "Accept-Language": "evil"}
    page = product.client.get("/", headers=claims, params={"deep_link": "evil", "q": "evil"})
    assert "evil" not in page.text


def test_inline_scripts_of_a_page_are_let_in_by_their_hashes_and_no_others() -> None:
    html = "<script>let a = 1;</script><script src='x.js'></script><script type='module'>b()</script>"
    app = HashedScripts(HTMLResponse(html), (PORTAL,))
    reply = TestClient(app).get("/")
    policy = reply.headers["Content-Security-Policy"]
    digests = [base64.b64encode(hashlib.sha256(code).digest()).decode() for code in (b"let a = 1;", b"b()")]
    assert all(f"'sha256-{digest}'" in policy for digest in digests)
    assert policy.count("sha256-") == 2
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert f"frame-ancestors 'self' {PORTAL}" in policy
    assert reply.text == html


def test_other_replies_pass_through_untouched() -> None:
    reply = TestClient(HashedScripts(JSONResponse({"a": 1}), ())).get("/")
    assert reply.json() == {"a": 1}
    assert "sha256" not in reply.headers["Content-Security-Policy"]


def test_files_wait_for_the_page(bot: Bot) -> None:
    client = TestClient(front_of(bot))
    assert {client.get(path.format(name="x.js")).status_code for path in FILES} == {503}
