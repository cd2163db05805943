"""Behind nginx under a sub-path, with the configuration of docs/nginx.conf."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Opener, ask, free_port, serving
from tests.conftest import Indexed
from tests.endpoint import ScriptedEndpoint

CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=portal.example"]

QUESTION = "长者食堂新建几个?停车位新增多少?"
ASKED, MESSAGE = {"question": QUESTION}, {"role": "user", "content": QUESTION}
# A proxy of somebody else's in front of ours, set up as nginx comes: it holds back what it may.
OUTER = """
server {{
    listen 127.0.0.1:{port};
    location / {{
        proxy_pass https://127.0.0.1:{inner};
        proxy_set_header Host $http_host;
    }}
}}
"""


@pytest.fixture(scope="module")
def proxies(
    tmp_path_factory: pytest.TempPathFactory, indexed: Indexed, endpoint: ScriptedEndpoint
) -> Iterator[dict[str, str]]:
    """The addresses of the service behind one nginx and behind two; the public may ask 12 times a minute.

    It writes with a slow model.
    """
    if not shutil.which("nginx"):
        pytest.skip("没有 nginx(见 tests/browser/install.sh)")
    folder = tmp_path_factory.mktemp("proxy")
    settings = {
        "BOT_ROOT_PATH": "/ai",
        "BOT_RATE_PUBLIC": "12/minute",
        "BOT_RATE_EXEMPT": "",
        "BOT_MODEL_BASE_URL": endpoint.base_url,
        "BOT_MODEL_API_KEY": "key",
        "BOT_MODEL_NAME": "delay-200-60",
    }
    with serving(indexed("proxied"), **settings) as (service, _):
        port, outer = free_port(), free_port()
        written = configuration(folder, service, port, OUTER.format(port=outer, inner=port))
        nginx = subprocess.Popen(["nginx", "-p", str(folder), "-c", str(written)])
        address = f"https://127.0.0.1:{port}/ai"
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{address}/healthz", verify=False)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        yield {"one": address, "two": f"http://127.0.0.1:{outer}/ai"}
        nginx.terminate()
        nginx.wait()


@pytest.fixture
def proxied(proxies: dict[str, str]) -> str:
    return proxies["one"]


def configuration(folder: Path, service: str, port: int, before: str) -> Path:
    """docs/nginx.conf on other ports, with a certificate made now; `before` is another server."""
    subprocess.run(
        [*CERTIFICATE, "-keyout", folder / "key", "-out", folder / "crt"],
        check=True,
        capture_output=True,
    )
    server = (ROOT / "docs" / "nginx.conf").read_text(encoding="utf-8")
    for written, used in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("listen [::]:443", f"listen [::1]:{port}"),
        ("/etc/ssl/portal.crt", str(folder / "crt")),
        ("/etc/ssl/portal.key", str(folder / "key")),
        ("127.0.0.1:7860", urlsplit(service).netloc),
    ):
        assert written in server
        server = server.replace(written, used)
    path = folder / "nginx.conf"
    around = f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{ access_log off;\n"
    path.write_text(f"{around}{server}\n{before}\n}}\n", encoding="utf-8")
    return path


def test_every_page_works_under_the_prefix(open_page: Opener, proxied: str) -> None:
    page = open_page(f"{proxied}/", ignore_https_errors=True)
    failed: list[str] = []
    # A stream whose answer is there already may be given up by leaving the page.
    page.on(
        "requestfailed", lambda request: None if request.failure == "net::ERR_ABORTED" else failed.append(request.url)
    )
    page.on("response", lambda reply: failed.append(reply.url) if reply.status >= 400 else None)
    page.reload()
    ask(page, "老人食堂今年建几个?")
    expect(page.locator(".turn .label")).to_contain_text("人工智能生成")
    expect(page.locator(".turn .aigc")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".turn .aigc")).to_contain_text('"ContentProducer"')
    page.emulate_media(media="screen")
    page.get_by_role("link", name="在报告中查看").first.click()
    expect(page.locator(".passage mark")).to_be_visible()
    for name in ("targets", "privacy", "lite", "docs"):
        page.goto(f"{proxied}/{name}")
    page.wait_for_load_state("networkidle")
    assert failed == []
    assert page.url.startswith(proxied)


def test_address_without_its_slash_leads_to_the_page(proxied: str) -> None:
    reply = httpx.get(proxied, verify=False)
    assert reply.status_code == 308
    assert reply.headers["location"].endswith("/ai/")


def test_links_in_replies_are_those_of_the_public_address(proxied: str) -> None:
    body = {"messages": [{"role": "user", "content": "老人食堂今年建几个?"}]}
    reply = httpx.post(f"{proxied}/v1/chat/completions", json=body, verify=False, timeout=20).json()
    assert reply["choices"][0]["message"]["annotations"][0]["url_citation"]["url"].startswith(f"{proxied}/report?")


@pytest.mark.parametrize("number", ["one", "two"])
@pytest.mark.parametrize(
    ("path", "body"),
    [("api/ask/stream", ASKED), ("turn", ASKED), ("v1/chat/completions", {"messages": [MESSAGE], "stream": True})],
)
def test_sentences_leave_the_proxies_as_they_come(
    proxies: dict[str, str], number: str, path: str, body: dict[str, object]
) -> None:
    moments = []
    with httpx.stream("POST", f"{proxies[number]}/{path}", json=body, verify=False, timeout=20) as reply:
        for line in reply.iter_lines():
            if line.startswith("data:"):
                moments.append(time.monotonic())
    assert len(moments) > 2
    assert moments[-1] - moments[0] > 0.1


def test_clients_are_told_apart_by_what_the_proxy_says_not_by_what_they_claim(proxied: str) -> None:
    statuses = []
    for number in range(13):
        claimed = {"X-Forwarded-For": f"203.0.113.{number}"}
        reply = httpx.get(f"{proxied}/api/search", params={"q": "食堂"}, headers=claimed, verify=False)
        statuses.append(reply.status_code)
    assert statuses[-1] == 429


def test_ipv6_is_served(proxied: str) -> None:
    port = urlsplit(proxied).port
    assert httpx.get(f"https://[::1]:{port}/ai/healthz", verify=False).status_code == 200
