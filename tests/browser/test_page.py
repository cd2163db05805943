from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def hosts() -> set[str]:
    return set()


@pytest.fixture(params=[1280, 390], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str, hosts: set[str]) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    opened.on("request", lambda r: hosts.add(urlsplit(r.url).netloc))
    opened.goto(address)
    yield opened
    opened.close()


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("想问什么")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".turn").last).to_contain_text(question)


@pytest.mark.parametrize(
    ("question", "answer", "heading"),
    [
        ("老人食堂今年建几个?", "新建“长者食堂”5个", "健全完善社会保障"),
        ("十一中塘西校区什么时候开学?", "2025年秋季建成招生", "办好人民满意教育"),
        ("今年新增多少充电桩?", "公共充换电设施200个以上", "完善城市功能配套"),
    ],
)
def test_question_gets_its_answer_with_the_cited_paragraph(
    page: Page, question: str, answer: str, heading: str
) -> None:
    ask(page, question)
    turn = page.locator(".turn").last
    expect(turn.locator(".label")).to_have_text("报告原文摘录")
    expect(turn.locator(".text")).to_contain_text(answer)
    expect(turn.locator(".source .path")).to_contain_text(heading)
    expect(turn.locator(".source mark")).to_be_visible()
    expect(turn.locator(".source .paragraph")).to_contain_text(heading + "。")


def test_what_the_report_does_not_say_is_told_with_the_hotline(page: Page) -> None:
    ask(page, "长者食堂几点开饭?")
    turn = page.locator(".turn").last
    expect(turn.locator(".label")).to_have_text("报告未涉及")
    expect(turn.locator(".text")).to_contain_text("没有说明")
    expect(turn.locator("a[href='tel:12345']")).to_be_visible()


def test_example_question_is_asked_by_one_click(page: Page) -> None:
    page.locator("button.example").first.click()
    expect(page.locator(".turn .text").last).to_contain_text("5个")


def test_mark_leads_to_its_citation(page: Page) -> None:
    ask(page, "长者食堂新建几个?")
    page.locator(".turn a.mark").last.click()
    expect(page.locator(".source:target")).to_be_in_viewport()


def test_conversation_goes_on_and_can_be_begun_anew(page: Page) -> None:
    ask(page, "今年新增多少充电桩?")
    ask(page, "那停车位呢?")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn .text").last).to_contain_text("300个以上")
    page.get_by_role("button", name="新的对话").click()
    expect(page.locator(".turn")).to_have_count(0)


def test_hotline_is_always_in_sight(page: Page) -> None:
    expect(page.locator(".hotline a")).to_be_in_viewport()
    ask(page, "长者食堂新建几个?")
    expect(page.locator(".hotline a")).to_be_in_viewport()


def test_nothing_scrolls_sideways(page: Page) -> None:
    ask(page, "长者食堂新建几个?")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_no_request_goes_to_any_other_host(page: Page, address: str, hosts: set[str]) -> None:
    ask(page, "长者食堂新建几个?")
    page.wait_for_timeout(1500)  # what a page sends late: fonts, telemetry, update checks
    assert hosts - {""} == {urlsplit(address).netloc}


def test_page_is_in_chinese_for_readers_and_screen_readers(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("log")).to_have_count(1)
