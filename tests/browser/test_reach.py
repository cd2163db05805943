"""That everyone can use it: axe, elder mode, colours, sizes, narrow screens, embedding."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import READY, WIDTHS, Opener, ask

AXE = Axe().axe_script
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = ["color-contrast", "color-contrast-enhanced"]
QUESTIONS = ("老人食堂今年建几个?", "长者食堂几点开饭?", "医药卫生体制怎么改革?", "家里着火了怎么办", "你好")
LOOKS = [("standard", "light"), ("standard", "dark"), ("elder", "light"), ("elder", "dark"), ("elder", "contrast")]
# Each look once, the usual one in both widths: colours do not depend on the width.
SEEN = [(*look, width) for look, width in zip([LOOKS[0], *LOOKS], [1280, 390, 1280, 390, 1280, 390], strict=True)]
PAGES = ("report", "report?q=项目", "targets", "privacy", "how", "complaints")
TOO_SMALL = """(least) => ["button", "a", "summary", "input", "textarea", "select"]
  .flatMap((name) => [...document.querySelectorAll(`#page ${name}`)])
  .filter((e) => e.checkVisibility() && !e.closest(".unseen, .skip") && e.type !== "radio")
  .filter((e) => { const r = e.getBoundingClientRect(); return Math.min(r.width, r.height) < least - 0.5; })
  .map((e) => e.outerHTML.slice(0, 90))"""
SMALL_TEXT = """(least) => [...document.querySelectorAll("#page *")].filter((e) => e.checkVisibility()
  && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .map((e) => [getComputedStyle(e), e.outerHTML.slice(0, 90)])
  .map(([style, html]) => [parseFloat(style.fontSize), parseFloat(style.lineHeight), html])
  .filter(([size, line]) => size < least || line / size < 1.59)"""


def violations(page: Page, mode: str = "standard", theme: str = "light") -> list[str]:
    """What axe finds: everything in the light theme, in the others what colours change."""
    options: dict[str, object] = {"runOnly": RULES, "resultTypes": ["violations"]}
    if theme != "light":
        options["runOnly"] = {"type": "rule", "values": COLOURS[: 1 + (mode == "elder")]}
    elif mode == "elder":
        options["rules"] = {COLOURS[1]: {"enabled": True}}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # What passed is left in the page: to bring it here takes longer than to find it.
    found = page.evaluate("async (options) => (await axe.run(document, options)).violations", options)
    return [f"{v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"]]


@pytest.mark.parametrize(("mode", "theme", "width"), SEEN)
def test_axe_finds_nothing_before_while_and_after_asking(
    open_page: Opener, address: str, mode: str, theme: str, width: int
) -> None:
    page = open_page(f"{address}/?mode={mode}&theme={theme}", width=width)
    expect(page.get_by_label("想问什么")).to_be_visible()
    assert violations(page, mode, theme) == []
    for question in QUESTIONS:
        ask(page, question)
    page.locator(".term").first.click()
    page.get_by_role("button", name="没用").first.click()
    page.locator(".display summary").click()
    expect(page.locator(".reason").first).to_be_visible()
    assert violations(page, mode, theme) == []
    page.route("**/turn", lambda route: route.abort())
    page.get_by_label("想问什么").fill("停车位")
    page.get_by_label("想问什么").press("Enter")
    expect(page.get_by_role("button", name="再试一次")).to_be_visible()
    page.get_by_label("想问什么").fill("路" * 320)
    assert violations(page, mode, theme) == []


@pytest.mark.parametrize(("mode", "theme"), LOOKS)
def test_axe_finds_nothing_while_typing_suggests_and_where_talks_are_kept(
    open_page: Opener, address: str, mode: str, theme: str
) -> None:
    page = open_page(f"{address}/?mode={mode}&theme={theme}", width=390)
    page.get_by_label("想问什么").press_sequentially("充电")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    assert violations(page, mode, theme) == []
    page.keyboard.press("Escape")
    ask(page, "经济方面今年有哪些预期目标?")
    page.get_by_text("看整段").click()
    expect(page.locator(".turn .next a").first).to_be_visible()
    assert violations(page, mode, theme) == []
    page.get_by_role("button", name="保存这次对话").click()
    page.get_by_role("button", name="新的对话").click()
    expect(page.locator("#saved li")).to_have_count(1)
    assert violations(page, mode, theme) == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("mode", "theme"), LOOKS)
def test_axe_finds_nothing_on_the_other_pages(
    open_page: Opener, address: str, name: str, mode: str, theme: str
) -> None:
    page = open_page(f"{address}/{name}{'&' if '?' in name else '?'}mode={mode}&theme={theme}", width=390)
    assert violations(page, mode, theme) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_nothing_where_the_page_is_embedded(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/privacy")
    page.evaluate(
        "document.body.innerHTML = '<main><h1>门户</h1><iframe title=问答 width=380 height=700 src=./></iframe></main>'"
    )
    frame = page.frame_locator("iframe")
    expect(frame.locator(READY)).to_be_attached()
    frame.get_by_label("想问什么").fill("长者食堂新建几个?")
    frame.get_by_label("想问什么").press("Enter")
    expect(frame.locator(".turn .text")).to_contain_text("5个")
    assert violations(page) == []


@pytest.mark.parametrize(("mode", "least"), [("standard", 44), ("elder", 60)])
def test_everything_to_press_is_large_enough(open_page: Opener, address: str, mode: str, least: int) -> None:
    page = open_page(f"{address}/?mode={mode}", width=390)
    ask(page, "医药卫生体制怎么改革?")
    assert page.evaluate(TOO_SMALL, least) == []
    for name in PAGES:
        page.goto(f"{address}/{name}")
        assert page.evaluate(TOO_SMALL, least) == [], name


def test_elder_mode_is_large_and_airy(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/?mode=elder", width=390)
    ask(page, "医药卫生体制怎么改革?")
    assert page.evaluate(SMALL_TEXT, 24) == []
    for name in PAGES:
        page.goto(f"{address}/{name}")
        assert page.evaluate(SMALL_TEXT, 24) == [], name


def test_elder_mode_is_entered_on_the_first_screen_and_remembered(open_page: Opener, address: str) -> None:
    page = open_page(address, width=360, height=640)
    switch = page.get_by_role("button", name="长辈模式")
    expect(switch).to_be_in_viewport()
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.goto(f"{address}/report")
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    page.goto(address)
    expect(page.locator("#composer .hotline", has_text="打12345")).to_be_in_viewport()
    expect(page.get_by_label("想问什么")).to_be_in_viewport()


def test_text_grows_to_forty_pixels(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/?mode=elder", width=390)
    page.locator(".display summary").click()
    for _ in range(6):
        page.get_by_role("button", name="字大一点").click()
    page.keyboard.press("Escape")
    ask(page, "长者食堂新建几个?")
    size = page.locator(".turn .text").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size == 40
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("mode", ["standard", "elder"])
@pytest.mark.parametrize("width", [*WIDTHS.values(), 320])
def test_nothing_scrolls_sideways(open_page: Opener, address: str, width: int, mode: str) -> None:
    page = open_page(f"{address}/?mode={mode}", width=width)
    ask(page, "医药卫生体制怎么改革?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_text_of_twice_the_size_and_a_fourfold_zoom_stay_usable(open_page: Opener, address: str) -> None:
    page = open_page(address, width=640)
    page.add_style_tag(content="html { font-size: 200% }")
    ask(page, "长者食堂新建几个?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    zoomed = open_page(address, width=320, height=256)
    ask(zoomed, "长者食堂新建几个?")
    assert zoomed.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert zoomed.locator("#composer").evaluate("e => getComputedStyle(e).position") == "static"


def test_colours_follow_the_device_until_chosen_and_are_remembered(open_page: Opener, address: str) -> None:
    page = open_page(address, color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".display summary").click()
    page.get_by_role("button", name="高对比").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "contrast")


def test_who_asked_for_less_motion_gets_none(open_page: Opener, address: str) -> None:
    page = open_page(address, reduced_motion="reduce")
    page.route("**/turn", lambda route: None)
    page.get_by_label("想问什么").fill("停车位")
    page.get_by_label("想问什么").press("Enter")
    assert page.locator(".dots i").first.evaluate("e => getComputedStyle(e).animationName") == "none"


def test_hotline_is_always_in_sight(open_page: Opener, address: str) -> None:
    page = open_page(address, width=390)
    expect(page.locator("#composer a[href='tel:12345']")).to_be_in_viewport()
    ask(page, "长者食堂新建几个?")
    expect(page.locator("#composer a[href='tel:12345']")).to_be_in_viewport()
