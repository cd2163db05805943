"""Asking: the box, the stream, what can be done while one waits, and what stays."""

import json
import re
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import WIDTHS, Opener, ask


@pytest.fixture(params=[WIDTHS["desktop"], WIDTHS["phone"]], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, open_page: Opener, address: str) -> Page:
    return open_page(address, width=request.param)


def box(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_label("想问什么")


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
    expect(turn.locator(".dated")).to_contain_text("2025年的计划")


def test_every_example_is_asked_by_one_click(page: Page) -> None:
    for place in range(page.locator(".examples a").count()):
        page.locator(".examples a").nth(place).click()
        expect(page.locator(".turn").last).to_have_attribute("data-status", "answered")
        expect(page.locator(".examples")).to_be_hidden()
        page.get_by_role("button", name="新的对话").click()


def test_conversation_goes_on_and_can_be_begun_anew(page: Page) -> None:
    ask(page, "今年新增多少充电桩?")
    ask(page, "那停车位呢?")
    expect(page.locator(".turn .text").last).to_contain_text("300个以上")
    page.get_by_role("button", name="新的对话").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(box(page)).to_be_focused()
    page.reload()
    expect(page.locator("#facts")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_facts_and_examples_greet_the_first_visit(page: Page) -> None:
    expect(page.locator("#facts li")).to_have_count(3)
    expect(page.locator("#facts")).to_contain_text("以原文为准")
    ask(page, "长者食堂新建几个?")
    expect(page.locator("#facts")).to_be_hidden()


def test_enter_of_an_input_method_does_not_send(page: Page) -> None:
    box(page).fill("老人")
    page.evaluate(
        """() => { for (const more of [{isComposing: true}, {keyCode: 229}]) {
             document.querySelector("#question").dispatchEvent(
               new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true, ...more})); } }"""
    )
    expect(box(page)).to_have_value("老人")
    expect(page.locator(".turn")).to_have_count(0)


def test_shift_and_enter_break_the_line(page: Page) -> None:
    box(page).fill("老人食堂")
    box(page).press("Shift+Enter")
    box(page).type("建几个")
    expect(box(page)).to_have_value("老人食堂\n建几个")
    expect(page.locator(".turn")).to_have_count(0)


def test_counter_tells_near_the_limit_and_nothing_too_long_is_sent(page: Page) -> None:
    box(page).fill("路" * 100)
    expect(page.locator("#count")).to_be_empty()
    box(page).fill("路" * 290)
    expect(page.locator("#count")).to_have_text("还可以写10个字")
    box(page).fill("路" * 312)
    expect(page.locator("#count")).to_contain_text("多了12个字")
    box(page).press("Enter")
    expect(page.locator(".turn")).to_have_count(0)
    expect(box(page)).to_have_value("路" * 312)


def test_nothing_written_asks_for_a_question(page: Page) -> None:
    page.get_by_role("button", name="提问", exact=True).first.click()
    expect(page.locator("#count")).to_contain_text("请先写下")
    expect(box(page)).to_be_focused()


def test_box_grows_to_four_lines_and_stays_at_the_bottom(page: Page) -> None:
    one = box(page).bounding_box()
    box(page).fill("\n".join("路" * 9))
    many = box(page).bounding_box()
    assert one
    assert many
    assert one["height"] < 60
    assert 3 * 25 < many["height"] - one["height"] + 25 < 5 * 26
    expect(box(page)).to_be_in_viewport(ratio=0.99)


def test_focus_stays_in_the_box_for_the_next_question(page: Page) -> None:
    ask(page, "长者食堂新建几个?")
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("")


def test_on_a_touch_screen_focus_goes_to_the_turn_so_that_no_keyboard_covers_it(
    open_page: Opener, address: str
) -> None:
    page = open_page(address, width=390, has_touch=True, is_mobile=True)
    ask(page, "长者食堂新建几个?")
    expect(page.locator(".turn").last).to_be_focused()


def test_deep_link_asks_once(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/?q={quote('老人食堂今年建几个')}")
    expect(page.locator(".turn .text")).to_contain_text("5个")
    assert "q=" not in page.url
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)


def test_conversation_survives_a_reload_and_goes_on(page: Page) -> None:
    ask(page, "今年新增多少充电桩?")
    page.reload()
    expect(page.locator(".turn .text")).to_contain_text("200个以上")
    ask(page, "那停车位呢?")
    expect(page.locator(".turn .text").last).to_contain_text("300个以上")


def test_conversation_is_not_seen_in_another_tab(page: Page, address: str) -> None:
    ask(page, "长者食堂新建几个?")
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator("#facts")).to_be_visible()
    expect(other.locator(".turn")).to_have_count(0)


def test_finished_answer_is_announced_once_with_its_label(page: Page) -> None:
    page.evaluate(
        """() => { window.told = []; new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach(
             (n) => told.push(n.textContent)))).observe(document.querySelector("[role=log]"), {childList: true}); }"""
    )
    ask(page, "长者食堂新建几个?")
    told = page.evaluate("window.told")
    assert len(told) == 1
    assert told[0].startswith("报告原文摘录。")
    assert "[1]" not in told[0]


def test_whole_journey_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    page.keyboard.type("长者食堂新建几个")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .text")).to_contain_text("5个")
    page.locator(".turn .mark").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".turn mark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".turn .mark")).to_be_focused()


def test_what_a_resident_types_is_never_markup(page: Page) -> None:
    ask(page, "<img src=x onerror=alert(1)>长者食堂新建几个")
    expect(page.locator(".turn .words")).to_contain_text("<img src=x")
    expect(page.locator(".turn img")).to_have_count(0)


def test_no_request_goes_to_any_other_host(page: Page, address: str) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.reload()
    ask(page, "长者食堂新建几个?")
    for name in ("report", "targets", "privacy"):
        page.goto(f"{address}/{name}")
    page.wait_for_load_state("networkidle")  # what a page sends late: fonts, telemetry, update checks
    assert hosts - {""} == {urlsplit(address).netloc}


def test_nothing_on_the_page_offends_its_own_policy(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for name in ("", "lite", "report", "targets", "privacy"):
        page.goto(f"{address}/{name}")
        page.wait_for_load_state("networkidle")
    assert said == []


def test_page_is_in_chinese_for_readers_and_screen_readers(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_role("log")).to_have_count(1)
    assert re.search("政府工作报告问答", page.title())


# what typing suggests


def test_typing_suggests_questions_chosen_by_keys(page: Page) -> None:
    box(page).press_sequentially("充电")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()
    box(page).press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", "suggestion-0")
    chosen = options.first.inner_text()
    box(page).press("Enter")
    expect(page.locator(".turn .words")).to_have_text(chosen)
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(page.locator(".turn")).to_have_attribute("data-status", "answered")


def test_suggestions_are_closed_by_escape_and_what_was_typed_is_sent_as_it_is(page: Page) -> None:
    box(page).press_sequentially("充电")
    expect(page.get_by_role("option").first).to_be_visible()
    box(page).press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box(page)).to_have_value("充电")
    box(page).press("Enter")
    expect(page.locator(".turn .words")).to_have_text("充电")


def test_personal_data_is_not_sent_while_it_is_typed(open_page: Opener, address: str) -> None:
    page = open_page(address, fresh=True)
    sent: list[str] = []
    page.on("request", lambda made: sent.append(made.post_data or "") if made.url.endswith("/api/suggest") else None)
    with page.expect_request("**/api/suggest"):
        box(page).fill("手机信号")
    page.clock.install()
    for private in ("充电桩 138 0595 1234", "充电桩138-0595-1234", "我叫充电桩", "a@b.cn充电桩"):
        box(page).fill(private)
        page.clock.run_for(1000)  # whoever types pauses long enough for it to be sent
    with page.expect_request("**/api/suggest"):
        box(page).fill("充电桩")
        page.clock.run_for(1000)
    expect(page.get_by_role("option").first).to_be_visible()
    assert [json.loads(body) for body in sent] == [{"typed": "手机信号"}, {"typed": "充电桩"}]


def test_question_is_shown_without_personal_data(page: Page) -> None:
    ask(page, "长者食堂新建几个?我电话13805951234")
    expect(page.locator(".turn .words")).not_to_contain_text("13805951234")
    expect(page.locator(".turn .masked")).to_have_text("已为您遮住个人信息")


# with a model: sentences, stop, waiting


def test_sentences_appear_as_they_pass_then_the_whole_answer(open_page: Opener, writing_address: str) -> None:
    page = open_page(writing_address)
    box(page).fill("长者食堂新建几个?停车位新增多少?")
    box(page).press("Enter")
    expect(page.locator(".turn.pending .label")).to_contain_text("核对后才显示")
    expect(page.locator(".turn .label")).to_have_text("人工智能生成,请以原文为准".replace(",", "\uff0c"))
    expect(page.locator(".turn .source mark").first).to_be_visible()


def test_stop_keeps_the_question_and_offers_to_try_again(open_page: Opener, writing_address: str) -> None:
    page = open_page(writing_address)
    box(page).fill("长者食堂新建几个?")
    box(page).press("Enter")
    page.get_by_role("button", name="停止").click()
    expect(page.locator(".turn .label")).to_contain_text("已停止")
    expect(page.get_by_role("button", name="提问", exact=True).first).to_be_visible()
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn .text")).to_contain_text("5个")


def test_those_who_come_later_are_told_how_many_are_before_them(open_page: Opener, writing_address: str) -> None:
    first, second = open_page(writing_address), open_page(writing_address)
    for page in (first, second):
        box(page).fill("长者食堂新建几个?")
    first.keyboard.press("Enter")
    expect(first.locator(".turn.pending")).to_be_visible()
    second.keyboard.press("Enter")
    expect(second.locator(".turn .why")).to_contain_text("前面还有1位")
    expect(second.locator(".turn .text")).to_contain_text("5个", timeout=20_000)
