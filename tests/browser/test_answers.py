"""What can be done with an answer: check it, have a word explained, copy, print, hear and rate it."""

import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, ask, serving
from tests.conftest import Indexed

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


def test_mark_is_a_button_that_leads_to_its_open_source(page: Page) -> None:
    expect(page.locator(".source")).to_have_attribute("open", "")
    page.get_by_role("button", name="出处[1]").click()
    expect(page.locator(".source.found")).to_be_in_viewport()


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
    for control in ("#composer", ".quick", ".masthead", ".turn .actions", ".turn .feedback"):
        expect(page.locator(control)).to_be_hidden()
    page.add_style_tag(content=".label { display: none; visibility: hidden; opacity: 0 }")
    expect(page.locator(".turn .label")).to_be_visible()


def test_reading_aloud_begins_with_the_label_and_obeys_pause_and_speed(open_page: Opener, address: str) -> None:
    page = open_page(address, script=OWN_VOICE)
    ask(page, "长者食堂新建几个?")
    page.locator(".display summary").click()
    page.get_by_role("button", name="慢", exact=True).click()
    page.evaluate("window.held = true")
    page.locator(".quick").get_by_role("button", name="听回答").click()
    expect(page.locator(".quick").get_by_role("button", name="暂停")).to_be_visible()
    assert page.evaluate("spoken") == [["报告原文摘录。", 0.7]]
    page.locator(".quick").get_by_role("button", name="暂停").click()
    page.evaluate("window.held = false")
    page.locator(".quick").get_by_role("button", name="接着听").click()
    expect(page.locator(".quick").get_by_role("button", name="听回答")).to_be_visible()
    assert "5个" in "".join(text for text, _ in page.evaluate("spoken"))


def test_without_a_voice_of_the_device_itself_nothing_offers_to_read(open_page: Opener, address: str) -> None:
    page = open_page(address, script=FOREIGN_VOICE)
    ask(page, "长者食堂新建几个?")
    expect(page.get_by_role("button", name="听回答")).to_have_count(0)


def test_rating_is_counted_once_and_its_reason_kept_without_personal_data(open_page: Opener, indexed: Indexed) -> None:
    data = indexed("rated")
    with serving(data) as (address, _):
        page = open_page(address)
        ask(page, "长者食堂新建几个?")
        page.get_by_role("button", name="没用").dblclick()
        page.get_by_label("看不懂").check()
        page.get_by_label("想补充的话").fill("请打13805951234")
        page.get_by_role("button", name="提交").click()
        expect(page.locator(".thanks")).to_contain_text("已经记下")
        page.reload()
        expect(page.get_by_role("button", name="没用")).to_be_disabled()
        rows = sqlite3.connect(data / "records.db").execute("select useful, reason, comment from feedback")
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


def test_own_records_can_be_taken_along_and_deleted(open_page: Opener, indexed: Indexed) -> None:
    with serving(indexed("kept")) as (address, _):
        page = open_page(address)
        ask(page, "长者食堂新建几个?")
        page.goto(f"{address}/privacy")
        with page.expect_download() as taken:
            page.get_by_role("button", name="导出这次对话的记录").click()
        assert "长者食堂新建几个" in taken.value.path().read_text(encoding="utf-8")
        page.get_by_role("button", name="删除这次对话的记录").click()
        expect(page.locator("#session [role=status]")).to_have_text("已删除1条记录")
        page.goto(address)
        expect(page.locator(".turn")).to_have_count(0)
