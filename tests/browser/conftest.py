"""The real product in a real browser: `python app.py` on a free port, and Chromium from the machine."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.conftest import Indexed
from tests.endpoint import ScriptedEndpoint

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": 1280, "tablet": 768, "phone": 390}
STORED = "cookies,local_storage,indexeddb,cache_storage,service_workers"
ANSWER_ID = re.compile("^[0-9a-f]{32}$")
READY = "#composer[data-ready]"
Opener = Callable[..., Page]
expect.set_options(timeout=15_000)  # a busy machine is slow, not wrong


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for one file of tests: its event loop must not be running when others begin."""
    path = shutil.which("chromium")
    if not path:
        pytest.skip("没有 Chromium(见 tests/browser/install.sh)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(data: Path, **settings: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """`python app.py` with some settings: its address, and its process."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "BOT_DATA_DIR": str(data), **settings}
    server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for_page(url, server)
        yield url, server
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="session")
def served(indexed: Indexed) -> Path:
    """The data folder of the server at `address`."""
    return indexed("served")


@pytest.fixture(scope="session")
def address(served: Path) -> Iterator[str]:
    with serving(served) as (url, _):
        yield url


@pytest.fixture(scope="session")
def writing_address(indexed: Indexed, endpoint: ScriptedEndpoint) -> Iterator[str]:
    """A server that writes with a slow model, one answer at a time."""
    model = {"BOT_MODEL_BASE_URL": endpoint.base_url, "BOT_MODEL_API_KEY": "key", "BOT_MODEL_NAME": "delay-500-250"}
    with serving(indexed("writing"), **model, BOT_ANSWERS_AT_ONCE="1") as (url, _):
        yield url


@pytest.fixture(scope="module")
def emptied(browser: Browser) -> dict[str, list[BrowserContext]]:
    """Contexts that earlier tests of the file are done with, by their options: they hold our scripts, nothing else."""
    return {}


@pytest.fixture
def open_page(browser: Browser, emptied: dict[str, list[BrowserContext]]) -> Iterator[Opener]:
    """Opens a page of the product, ready for a question; each in a context of its own.

    `fresh` is for who counts what is sent, or changes the context: no other test had it, and none gets it afterwards.
    """
    used: list[tuple[str, BrowserContext]] = []

    def opened(
        url: str,
        width: int = 1280,
        height: int = 844,
        script: str = "",
        expected: str = "#page",
        fresh: bool = False,
        **context: object,
    ) -> Page:
        options = {"viewport": {"width": width, "height": height}, **context}
        kind = "" if fresh else json.dumps(options)
        made = emptied[kind].pop() if emptied.get(kind) else browser.new_context(**options)  # type: ignore[arg-type]
        if not (fresh or made.pages):
            made.new_page()  # is there when the others are closed: it holds the context's caches
        used.append((kind, made))
        page = made.new_page()
        if script:
            page.add_init_script(script)
        page.goto(url)
        expect(page.locator(expected)).to_be_attached()
        if context.get("java_script_enabled", True) and page.locator("#composer").count():
            expect(page.locator(READY)).to_be_attached()
        return page

    yield opened
    for kind, made in used:
        if kind:
            empty(made)
            emptied.setdefault(kind, []).append(made)
        else:
            made.close()


def empty(context: BrowserContext) -> None:
    """Close its pages but the first, and forget what they stored."""
    first, *others = context.pages
    for page in others:
        page.close()
    session = context.new_cdp_session(first)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": STORED})
    session.detach()


def wait_for_page(url: str, server: subprocess.Popen[bytes], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{url}/readyz", timeout=2) as reply:
                if json.load(reply)["page"]:
                    return
        except (URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"no page at {url}; server exit code {server.poll()}")


def ask(page: Page, question: str) -> None:
    """Type a question, send it with Enter, and wait for its finished answer."""
    expect(page.locator(READY)).to_be_attached()
    before = page.locator(".turn").count()
    box = page.get_by_label("想问什么")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)
    expect(page.locator(".turn").last).to_have_attribute("data-id", ANSWER_ID)
