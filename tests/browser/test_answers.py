"""What can be done with an answer: check it, have a word explained, copy, print, hear and rate it."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Opener, ask

VOICE = """
  window.spoken = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  const fake = new EventTarget();
  Object.assign(fake, { getVoices: () => VOICES, cancel() {},
    speak(words) { spoken.push([words.text, words.rate]); if (!window.held) setTimeout(() => words.onend(), 5); } });
  Object.defineProperty(window, "speechSynthesis", { value: fake });
"""
OWN_VOICE = VOICE.replace("VOICES", "[{lang: 'en-US', localService: true}, {lang: 'zh-CN', localService: true}]")
FOREIGN_VOICE = VOICE.replace("VOICES", "[{lang: 'en-US', localService: true}, {lang: 'zh-CN', localService: false}]")


@pytest.fixture
def page(open_page: Opener, address: str) -> Page:
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    ask(page, "长者食堂新建几个?")
    return page


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("mode", ["standard", "elder"])
@pytest.mark.parametrize("question", ["今年新增多少充电桩?", "长者食堂几点开饭?", "今年那些增长的指标给我列个清单"])
def test_mark_leads_to_the_quote_itself(open_page: Opener, address: str, width: int, mode: str, question: str) -> None:
    page = open_page(f"{address}/?mode={mode}", width=width)
    ask(page, question)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    mark = page.locator(".turn button.mark").first
    mark.press("Enter")
    quote = page.locator("mark:focus")
    expect(quote).to_be_in_viewport(ratio=0.99)
    above = quote.bounding_box()
    dock = page.locator("#composer").bounding_box()
    assert above
    assert dock
    assert above["y"] + above["height"] <= dock["y"]
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()


@pytest.mark.parametrize(("mode", "most"), [("standard", 700), ("elder", 1300)])
@pytest.mark.parametrize("question", ["今年新增多少充电桩?", "老人食堂今年建几个?", "十一中塘西校区什么时候开学?"])
def test_answer_to_a_fact_fits_a_phone_with_the_box_for_the_next_question(
    open_page: Opener, address: str, mode: str, most: int, question: str
) -> None:
    page = open_page(f"{address}/?mode={mode}", width=390, has_touch=True, is_mobile=True)
    ask(page, question)
    box = page.locator(".turn .answer").bounding_box()
    assert box
    assert box["height"] <= most
    for part in (".turn .short", ".turn mark", "#composer textarea", "#composer .hotline"):
        expect(page.locator(part)).to_be_in_viewport(ratio=0.99)


def test_whole_paragraph_is_unfolded_in_its_place(page: Page) -> None:
    rest = page.locator(".source .rest").first
    expect(rest).to_be_hidden()
    page.get_by_text("看整段").click()
    expect(rest).to_be_visible()
    expect(page.locator(".source mark")).to_have_count(1)


def test_long_list_is_folded_and_counted(open_page: Opener, address: str) -> None:
    page = open_page(address)
    ask(page, "经济方面今年有哪些预期目标?")
    expect(page.locator(".counted")).to_have_text("共 11 项")
    expect(page.locator(".source li").nth(5)).to_be_visible()
    expect(page.locator(".source li").nth(6)).to_be_hidden()
    page.get_by_text("还有 5 项").click()
    expect(page.locator(".source li").nth(10)).to_be_visible()


def test_back_from_the_report_finds_the_talk_where_it_was_left(open_page: Opener, address: str) -> None:
    page = open_page(address, width=390)
    for question in ("今年新增多少充电桩?", "老人食堂今年建几个?"):
        ask(page, question)
    page.get_by_text("看整段").first.click()
    link = page.get_by_role("link", name="在报告中查看").first
    link.scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    link.click()
    expect(page.locator(".passage:focus")).to_be_visible()
    page.go_back()
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".source .rest").first).to_be_visible()
    page.wait_for_function("place => Math.abs(scrollY - place) < 3", arg=place)


def test_annotated_word_is_explained_in_place_and_closed_by_escape(open_page: Opener, address: str) -> None:
    page = open_page(address)
    ask(page, "医药卫生体制怎么改革?")
    term = page.locator(".term").first
    text = page.locator(".source .paragraph").first.inner_text()
    term.click()
    expect(term).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".gloss")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".gloss")).to_have_count(0)
    expect(term).to_be_focused()
    assert page.locator(".source .paragraph").first.inner_text() == text


def test_copied_answer_carries_label_and_sources(page: Page) -> None:
    page.get_by_role("button", name="复制回答和出处").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = clipboard(page)
    assert "\u3010报告原文摘录\u3011" in copied
    assert "新建“长者食堂”5个" in copied
    assert "正文第17段" in copied


def test_part_copied_by_hand_carries_the_label(page: Page) -> None:
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.turn .text'))")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+C")
    assert clipboard(page).endswith("\u3010报告原文摘录\u3011《2025年洛江区政府工作报告》")


def test_label_is_shown_in_every_mode_theme_and_on_paper(page: Page, address: str) -> None:
    for query in ("mode=elder", "theme=dark", "theme=contrast", "label=0&hide=label"):
        page.goto(f"{address}/?{query}")
        expect(page.locator(".turn .label")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".turn .label")).to_be_visible()
    expect(page.locator(".turn .source mark")).to_be_visible()
    for control in ("#composer", ".masthead", ".turn .actions", ".turn .feedback", ".turn .open"):
        expect(page.locator(control)).to_be_hidden()
    page.add_style_tag(content=".label { display: none; visibility: hidden; opacity: 0 }")
    expect(page.locator(".turn .label")).to_be_visible()


def test_reading_aloud_begins_with_the_label_and_obeys_pause_and_speed(open_page: Opener, address: str) -> None:
    page = open_page(address, script=OWN_VOICE)
    ask(page, "长者食堂新建几个?")
    page.locator(".display summary").click()
    page.get_by_role("button", name="慢", exact=True).click()
    page.evaluate("window.held = true")
    page.locator(".turn").get_by_role("button", name="听回答").click()
    expect(page.locator(".turn").get_by_role("button", name="暂停")).to_be_visible()
    assert page.evaluate("spoken") == [["报告原文摘录。", 0.7]]
    page.locator(".turn").get_by_role("button", name="暂停").click()
    page.evaluate("window.held = false")
    page.locator(".turn").get_by_role("button", name="接着听").click()
    expect(page.locator(".turn").get_by_role("button", name="听回答")).to_be_visible()
    assert "5个" in "".join(text for text, _ in page.evaluate("spoken"))


def test_without_a_voice_of_the_device_itself_nothing_offers_to_read(open_page: Opener, address: str) -> None:
    page = open_page(address, script=FOREIGN_VOICE)
    ask(page, "长者食堂新建几个?")
    expect(page.get_by_role("button", name="听回答")).to_have_count(0)


def test_rating_is_counted_once_and_its_reason_kept_without_personal_data(page: Page, served: Path) -> None:
    page.get_by_role("button", name="没用").dblclick()
    page.get_by_label("看不懂").check()
    page.get_by_label("想补充的话").fill("请打13805951234")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".thanks")).to_contain_text("已经记下")
    page.reload()
    expect(page.get_by_role("button", name="没用")).to_be_disabled()
    rated = page.locator(".turn").get_attribute("data-id")
    with closing(sqlite3.connect(served / "records.db")) as records:
        rows = records.execute("select useful, reason, comment from feedback where answer_id = ?", [rated])
        ((useful, reason, comment),) = rows.fetchall()
    assert (useful, reason) == (0, "hard")
    assert "13805951234" not in comment


def test_rating_that_cannot_be_kept_is_told(page: Page) -> None:
    page.route("**/api/feedback", lambda route: route.fulfill(status=503, body="{}"))
    page.get_by_role("button", name="有用").click()
    expect(page.locator(".thanks")).to_contain_text("没能记下")
    expect(page.get_by_role("button", name="有用")).to_be_enabled()


def test_source_opens_in_the_report_focused_and_highlighted(page: Page) -> None:
    page.get_by_role("link", name="在报告中查看").click()
    passage = page.locator(".passage:focus")
    expect(passage).to_be_in_viewport()
    expect(passage.locator("mark")).to_have_text("新建“长者食堂”5个")
    passage.get_by_role("link", name="问一问这一段").click()
    expect(page.locator(".turn").last).to_have_attribute("data-status", "answered")
    expect(page.locator(".turn").last.locator(".source .path").first).to_contain_text("健全完善社会保障")


def test_answer_leads_on_to_questions_that_are_answered(page: Page) -> None:
    onward = page.locator(".turn .next a")
    expect(onward).to_have_count(3)
    question = onward.first.inner_text()
    onward.first.click()
    turn = page.locator(".turn").last
    expect(turn.locator(".words")).to_have_text(question)
    expect(turn).to_have_attribute("data-status", "answered")
    expect(turn.locator(".next a").first).to_be_visible()
    assert question not in turn.locator(".next a").all_inner_texts()


def test_link_of_a_question_is_passed_on(page: Page, address: str) -> None:
    page.get_by_role("button", name="分享").click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    link = clipboard(page)
    assert link.startswith(f"{address}/?q=")
    page.goto(link)
    expect(page.locator(".turn .text").last).to_contain_text("5个")


def test_one_answer_is_printed_alone_on_a_page(page: Page) -> None:
    ask(page, "今年新增多少充电桩?")
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="打印").first.click()
    expect(page.locator(".turn.printed")).to_have_count(1)
    page.emulate_media(media="print")
    expect(page.locator(".turn .label").first).to_be_visible()
    expect(page.locator(".turn").last).to_be_hidden()
    assert len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) == 1  # and with it the event that ends printing
    expect(page.locator(".turn.printed")).to_have_count(0)


def test_tab_has_its_own_name_again_after_several_answers_unseen(page: Page) -> None:
    own = page.title()
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    for question in ("今年新增多少充电桩?", "老人食堂今年建几个?"):
        ask(page, question)
    expect(page).to_have_title(f"有回答了 - {own}")
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page).to_have_title(own)


def test_browser_that_stores_nothing_says_that_a_talk_could_not_be_kept(open_page: Opener, address: str) -> None:
    refusing = """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, {
        get() { throw new DOMException("", "SecurityError"); } });"""
    page = open_page(address, script=refusing)
    ask(page, "长者食堂新建几个?")
    page.get_by_role("button", name="保存这次对话").click()
    expect(page.get_by_role("button", name="这台设备存不下")).to_be_visible()


def test_talk_is_kept_on_this_device_only_on_request_and_deleted(page: Page) -> None:
    assert page.evaluate("localStorage.getItem('talks')") is None
    page.evaluate("document.querySelector('[data-act=save]').click(); document.querySelector('#fresh').click()")
    kept = page.locator("#saved li")
    expect(kept).to_have_count(1)
    kept.get_by_role("button").first.click()
    expect(page.locator(".turn .text")).to_contain_text("5个")
    page.get_by_role("button", name="新的对话").click()
    kept.get_by_role("button", name="删除").click()
    expect(page.locator("#saved")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('talks')") is None


def test_tab_tells_that_an_answer_came_while_it_was_hidden(page: Page) -> None:
    before = page.title()
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    ask(page, "今年新增多少充电桩?")
    assert page.title() == f"有回答了 - {before}"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.title() == before


def test_what_is_pressed_is_read_in_elder_mode_by_who_chose_so(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/?mode=elder", script=OWN_VOICE)
    ask(page, "今年新增多少充电桩?")
    page.locator(".turn .short strong").click()
    assert page.evaluate("spoken") == []
    page.locator(".display summary").click()
    page.get_by_role("button", name="点哪里读哪里").click()
    page.keyboard.press("Escape")
    page.locator(".turn .short strong").click()
    page.wait_for_function("spoken.length > 0")
    assert "200个以上" in page.evaluate("spoken[0][0]")


def test_own_records_can_be_taken_along_and_deleted(page: Page, address: str) -> None:
    page.goto(f"{address}/privacy")
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出这次对话的记录").click()
    assert "长者食堂新建几个" in taken.value.path().read_text(encoding="utf-8")
    page.get_by_role("button", name="删除这次对话的记录").click()
    expect(page.locator("#session [role=status]")).to_have_text("已删除1条记录")
    page.goto(address)
    expect(page.locator(".turn")).to_have_count(0)
