"""The widget on a portal of another origin, under a strict policy of the portal's own."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, FrameLocator, Page, expect

from tests.browser.conftest import READY, Opener, serving
from tests.conftest import Indexed

HERE = Path(__file__).resolve().parent
WIDGET = "[data-widget]"
SHIFT = """window.shifted = 0;
new PerformanceObserver((list) => list.getEntries().forEach((e) => { shifted += e.value; }))
  .observe({type: "layout-shift", buffered: true});"""


class Portal(SimpleHTTPRequestHandler):
    """Serves the demonstration page; `service` is where the widget comes from."""

    def __init__(self, *args: object, service: str, policy: str, **more: object) -> None:
        self.service, self.policy = service, policy
        super().__init__(*args, directory=str(HERE), **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if not self.path.endswith(".html"):
            return super().do_GET()
        body = (HERE / "portal.html").read_text(encoding="utf-8").replace("SERVICE", self.service).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.policy)
        self.end_headers()
        self.wfile.write(body)
        return None

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def portal(server: ThreadingHTTPServer, service: str) -> str:
    policy = f"default-src 'none'; script-src {service}; style-src 'self'; frame-src {service}; img-src data:"
    server.RequestHandlerClass = partial(Portal, service=service, policy=policy)  # type: ignore[assignment]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/portal.html"


@pytest.fixture(scope="session")
def embedded(indexed: Indexed) -> Iterator[str]:
    """The address of the portal's page; its origin may embed."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        origin = f"http://127.0.0.1:{server.server_port}"
        with serving(indexed("embedded"), BOT_ALLOWED_ORIGINS=origin) as (service, _):
            yield portal(server, service)
        server.shutdown()


class Seen:
    """What a page said and asked for."""

    def __init__(self, page: Page) -> None:
        self.hosts: set[str] = set()
        self.errors: list[str] = []
        self.warnings: list[str] = []
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._heard)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)
        if message.type == "warning":
            self.warnings.append(message.text)


def visit(open_page: Opener, url: str, width: int = 1280, script: str = "") -> tuple[Page, Seen]:
    page = open_page("about:blank", width=width, script=script, expected="body", fresh=True)
    seen = Seen(page)
    page.goto(url)
    expect(page.locator(f"{WIDGET} .launcher")).to_be_visible()
    return page, seen


def frame(page: Page) -> FrameLocator:
    return page.frame_locator(f"{WIDGET} .panel iframe")


@pytest.mark.parametrize("width", [1280, 390])
def test_launcher_opens_asks_and_gives_the_focus_back(open_page: Opener, embedded: str, width: int) -> None:
    page, seen = visit(open_page, embedded, width)
    launcher = page.get_by_role("button", name="问政有据")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(launcher).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("dialog")).to_have_id(str(launcher.get_attribute("aria-controls")))
    box = frame(page).get_by_label("想问什么")
    expect(box).to_be_focused()
    page.keyboard.type("老人食堂今年建几个?")
    page.keyboard.press("Enter")
    expect(frame(page).locator(".turn .text")).to_contain_text("5个")
    expect(frame(page).locator(".turn .label")).to_have_text("报告原文摘录")
    expect(box).to_be_in_viewport(ratio=1)
    box.click()  # nothing lies over it
    box.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()
    assert seen.errors == []


def test_program_of_the_portal_opens_asks_and_hears(open_page: Opener, embedded: str) -> None:
    page, seen = visit(open_page, embedded)
    page.evaluate(
        """() => { window.heard = []; for (const name of ["ready", "open", "close", "answered"])
             WenZhengYouJu.on(name, (detail) => heard.push([name, detail.status || ""])); }"""
    )
    page.evaluate("WenZhengYouJu.ask('老人食堂今年建几个?')")
    expect(frame(page).locator(".turn .text")).to_contain_text("5个")
    page.evaluate("WenZhengYouJu.close()")
    page.wait_for_function("heard.length === 4")
    assert page.evaluate("heard") == [["open", ""], ["ready", ""], ["answered", "answered"], ["close", ""]]
    assert seen.errors == []


def test_neither_style_leaks_into_the_other(open_page: Opener, embedded: str) -> None:
    page, _ = visit(open_page, embedded)
    launcher = page.locator(f"{WIDGET} .launcher")
    style = "e => { const s = getComputedStyle(e); return [s.backgroundColor, s.fontSize, s.borderRadius]; }"
    assert launcher.evaluate(style) == ["rgb(31, 95, 58)", "18px", "30px"]
    own = page.get_by_role("button", name="门户自己的按钮")
    assert own.evaluate(style)[:2] == ["rgb(255, 0, 255)", "40px"]


@pytest.mark.parametrize("style", ["filter: grayscale(1)", "transform: scale(1)", "contain: paint", "opacity: .5"])
def test_launcher_stays_in_place_whatever_the_style_of_the_body(open_page: Opener, embedded: str, style: str) -> None:
    page, _ = visit(open_page, embedded)
    launcher = page.locator(f"{WIDGET} .launcher")
    before = launcher.bounding_box()
    page.evaluate("style => { document.body.style.cssText = style; scrollTo(0, 300); }", style)
    assert launcher.bounding_box() == before
    launcher.click()
    expect(page.get_by_role("dialog")).to_be_in_viewport(ratio=1)


def test_frame_has_no_second_header_and_opens_other_pages_beside_the_portal(open_page: Opener, embedded: str) -> None:
    page, _ = visit(open_page, embedded)
    page.evaluate("WenZhengYouJu.ask('老人食堂今年建几个?')")
    link = frame(page).get_by_role("link", name="在报告中查看")
    expect(frame(page).get_by_role("button", name="长辈模式")).to_be_attached()
    expect(frame(page).locator(".masthead")).to_have_count(0)
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator(".passage mark")).to_be_visible()
    expect(frame(page).locator(".turn .text")).to_contain_text("5个")


def test_widget_that_opens_itself_leaves_the_focus_where_it_is(open_page: Opener, embedded: str) -> None:
    opens = """document.addEventListener("readystatechange", () => {
      document.querySelector("script").dataset.open = "true"; }, {once: true});"""
    page, _ = visit(open_page, embedded, script=opens)
    expect(frame(page).locator(READY)).to_be_attached()
    assert page.evaluate("document.activeElement === document.body")


def test_page_does_not_move_and_nothing_comes_from_elsewhere(open_page: Opener, embedded: str) -> None:
    page, seen = visit(open_page, embedded, script=SHIFT)
    page.get_by_role("button", name="问政有据").click()
    expect(frame(page).get_by_label("想问什么")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("shifted") == 0
    assert len(seen.hosts - {""}) == 2


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_open_or_closed(open_page: Opener, embedded: str, width: int) -> None:
    page, _ = visit(open_page, embedded, width)
    tags = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    rules = {"runOnly": tags, "resultTypes": ["violations"]}
    ours = {"include": [[WIDGET]]}
    for _ in range(2):
        found = Axe().run(page, context=ours, options=rules).response["violations"]
        assert [violation["id"] for violation in found] == []
        page.evaluate("WenZhengYouJu.open()")
        expect(frame(page).get_by_label("想问什么")).to_be_visible()


def test_second_include_does_nothing_and_there_is_one_global(open_page: Opener, embedded: str) -> None:
    page, _ = visit(open_page, embedded)
    page.evaluate(
        """() => new Promise((done) => { const again = document.createElement("script");
             again.src = document.querySelector("script").src; again.onload = done; document.head.append(again); })"""
    )
    expect(page.locator(WIDGET)).to_have_count(1)
    page.evaluate("() => { try { window.WenZhengYouJu = null; } catch (refused) { /* strict */ } }")
    assert page.evaluate("WenZhengYouJu.version") == 1


def test_wrong_attributes_fall_back_with_a_warning(open_page: Opener, embedded: str) -> None:
    wrong = """document.addEventListener("readystatechange", () => { const s = document.querySelector("script").dataset;
      s.color = "#ffff00"; s.position = "top"; s.elder = "yes"; }, {once: true});"""
    page, seen = visit(open_page, embedded, script=wrong)
    launcher = page.locator(f"{WIDGET} .launcher")
    assert launcher.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(155, 28, 23)"
    assert len([w for w in seen.warnings if "WenZhengYouJu" in w]) == 3


def test_messages_from_anyone_else_are_not_heard(open_page: Opener, embedded: str) -> None:
    page, _ = visit(open_page, embedded)
    page.evaluate("WenZhengYouJu.open()")
    expect(frame(page).get_by_label("想问什么")).to_be_visible()
    page.evaluate("postMessage({source: 'wenzheng-youju', version: 1, type: 'escape'}, '*')")
    page.evaluate(
        """() => { const inner = document.querySelector("[data-widget]").shadowRoot.querySelector(".panel iframe");
             const old = {source: "wenzheng-youju", version: 2, type: "ask", question: "食堂"};
             inner.contentWindow.postMessage(old, "*"); }"""
    )
    page.evaluate("WenZhengYouJu.ask('口袋公园建几个')")  # what came before it has been read by then
    expect(frame(page).locator(".turn")).to_have_count(1)
    expect(frame(page).locator(".turn")).to_contain_text("口袋公园")
    expect(page.get_by_role("dialog")).to_be_visible()


def wait_in_vain(page: Page, url: str) -> None:
    """Come to a portal, and let the time pass in which the service should have said that it is there."""
    page.clock.install()
    page.goto(url)
    page.wait_for_load_state("networkidle")  # what it says, it has said
    expect(page.locator(f"{WIDGET} button.launcher")).to_be_visible()
    page.clock.fast_forward("12")
    expect(page.locator(f"{WIDGET} a.launcher[href='tel:12345']")).to_be_visible()


def test_portal_that_is_not_on_the_list_gets_the_hotline_in_place_of_the_frame(open_page: Opener, address: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        wait_in_vain(open_page("about:blank", expected="body", fresh=True), portal(server, address))
        server.shutdown()


def test_with_the_service_down_the_launcher_is_a_link_to_the_hotline(open_page: Opener, embedded: str) -> None:
    page = open_page("about:blank", expected="body", fresh=True)
    seen = Seen(page)
    page.route("**/ping*", lambda route: route.abort())
    wait_in_vain(page, embedded)
    assert [error for error in seen.errors if "ERR_FAILED" not in error] == []


def test_without_third_party_storage_the_frame_still_answers(open_page: Opener, embedded: str) -> None:
    refused = """for (const name of ["localStorage", "sessionStorage"]) if (window.top !== window)
      Object.defineProperty(window, name, {get() { throw new DOMException("denied", "SecurityError"); }});"""
    page, seen = visit(open_page, embedded, script=refused)
    page.evaluate("WenZhengYouJu.ask('老人食堂今年建几个?')")
    expect(frame(page).locator(".turn .text")).to_contain_text("5个")
    assert seen.errors == []
