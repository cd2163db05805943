"""The office's pages in a real browser: for everyone, and from a number to the answer that was missing."""

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from tests.bot.web.signed_in import PASSWORD
from tests.browser.conftest import READY, ROOT, Opener, serving
from tests.browser.staff import account, sign_in, tab_to
from tests.browser.test_reach import TOO_SMALL, violations
from tests.conftest import Indexed

REPORT = "某市青山区2031年政府工作报告\n一、2031年工作安排\n今年新建儿童剧场21座。\n"
PAGES = (
    "office",
    "office/turns",
    "office/accuracy",
    "office/approved",
    "office/approved/new",
    "office/documents",
    "office/switches",
    "office/complaints",
    "office/users",
)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('office') / 'records.db'}"


@pytest.fixture(scope="module")
def office_address(indexed: Indexed, records: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with demonstration data, and documents that may be changed."""
    data, held = indexed("office-data"), tmp_path_factory.mktemp("held") / "documents"
    shutil.copytree(ROOT / "corpus" / "documents", held)
    environment = {"BOT_DATABASE_URL": records, "BOT_DATA_DIR": str(data), "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-m", "bot", "demo"], cwd=ROOT, env=environment, check=True, capture_output=True)
    with serving(data, BOT_DATABASE_URL=records, BOT_DOCUMENTS_DIR=str(held)) as (url, _):
        yield url


def in_office(open_page: Opener, address: str, records: str, name: str = "", **context: object) -> Page:
    page = open_page(f"{address}/sign-in", **context)  # type: ignore[arg-type]
    sign_in(page, address, account(records, "editor" if name else "administrator", name), "office")
    return page


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("light", 390), ("dark", 390), ("contrast", 1280)])
def test_axe_finds_nothing_on_any_page(
    open_page: Opener, office_address: str, records: str, width: int, theme: str
) -> None:
    page = open_page(f"{office_address}/sign-in?theme={theme}", width=width)
    assert violations(page) == []
    sign_in(page, office_address, account(records, "administrator"), "office")
    for path in PAGES:
        page.goto(f"{office_address}/{path}?theme={theme}")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("progress")).to_have_count(0)
        assert violations(page) == [], path
        assert page.evaluate(TOO_SMALL, 24) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(f"{office_address}/office/turns")
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="一次对话")).to_be_visible()
    assert violations(page) == []


def test_from_the_numbers_to_the_conversation_and_the_missing_answer(
    open_page: Opener, office_address: str, records: str
) -> None:
    page = in_office(open_page, office_address, records)
    expect(page.get_by_text("这里有演示数据")).to_be_visible()
    page.get_by_label("没答上和评价差的问题看哪一周").select_option(index=1)
    page.get_by_role("button", name="查看").click()
    page.locator(".gaps").first.get_by_role("link", name="看记录").first.click()
    page.locator("tbody a").first.click()
    question = page.locator(".wanted h2").inner_text().removeprefix("居民问：")
    page.locator(".wanted").get_by_role("link", name="写标准口径").click()
    expect(page.get_by_label("居民会怎样问")).to_have_value(question)


def test_gap_is_answered_released_by_a_second_person_and_served_with_the_keyboard_alone(
    open_page: Opener, office_address: str, records: str
) -> None:
    writer = in_office(open_page, office_address, records, name="the-writer")
    question = _begin_from_a_gap(writer)
    for name, text in SOURCE.items():
        tab_to(writer, writer.get_by_role("textbox", name=name, exact=True))
        writer.keyboard.press("ControlOrMeta+a")  # what the bot said stands there already
        writer.keyboard.type(text)
        if name == "回答":
            _choose_the_source(writer)
    tab_to(writer, writer.get_by_role("button", name="看看居民会看到什么"))
    writer.keyboard.press("Enter")
    expect(writer.locator(".preview")).to_contain_text("将离开本站，前往zfw.example.gov.cn")
    tab_to(writer, writer.get_by_role("button", name="保存，等人审定"))
    writer.keyboard.press("Enter")
    mine = writer.get_by_role("row").filter(has_text="带材料到街道申请")
    expect(mine).to_contain_text("自己写的要由另一个人审定")

    second = in_office(open_page, office_address, records, name="the-second")
    second.goto(f"{office_address}/office/approved")
    waiting = second.get_by_role("row").filter(has_text="带材料到街道申请")
    tab_to(second, waiting.get_by_role("checkbox", name="已打开来源核对过"))
    second.keyboard.press("Space")
    tab_to(second, waiting.get_by_role("button", name="审定通过"))
    second.keyboard.press("Enter")
    expect(waiting.get_by_role("button", name="审定通过")).to_have_count(0)

    resident = open_page(office_address)
    resident.get_by_label("想问什么").focus()
    resident.keyboard.type(question)
    resident.keyboard.press("Enter")
    turn = resident.locator(".turn")
    expect(turn.locator(".label").first).to_have_text("人工审定")
    expect(turn).to_contain_text("带材料到街道申请")
    link = turn.get_by_role("link", name="zfw.example.gov.cn")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(turn).to_contain_text("某某住建局《办事指南》，2025-03-01发布")
    assert violations(resident) == []


SOURCE = {
    "回答": "带材料到街道申请。",
    "来源的名称（文件、公告或网页）": "办事指南",
    "发布单位": "某某住建局",
    "发布日期": "2025-03-01",
    "网址": "https://zfw.example.gov.cn/guide",
    "这个来源有效到哪天（过了这一天自动停用）": "2999-12-31",
}


def _begin_from_a_gap(page: Page) -> str:
    """From the office's page to the form for a question that counts from no year: that question."""
    tab_to(page, page.get_by_label("没答上和评价差的问题看哪一周"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    tab_to(page, page.get_by_role("button", name="查看"))
    page.keyboard.press("Enter")
    page.wait_for_url("**week=**")
    lines = page.locator(".gaps").first.locator("li").filter(has_not_text="今年")
    question = lines.first.locator(".question").inner_text()
    tab_to(page, lines.first.get_by_role("link", name="写标准口径"))
    page.keyboard.press("Enter")
    expect(page.get_by_label("居民会怎样问")).to_have_value(question)
    return question


def _choose_the_source(page: Page) -> None:
    """The kinds of ground are one stop for the keyboard; its arrows choose among them."""
    tab_to(page, page.get_by_role("radio", name="收录的报告原文"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="别的官方来源")).to_be_checked()
    expect(page.get_by_label("引用1：原文里的话，一字不差")).to_be_hidden()


def test_editor_sees_no_form_of_administrators(open_page: Opener, office_address: str, records: str) -> None:
    page = in_office(open_page, office_address, records, name="the-writer")
    page.goto(f"{office_address}/office/switches")
    expect(page.get_by_text("只有管理员可以改动")).to_be_visible()
    assert page.locator("main form").count() == 0
    expect(page.get_by_role("link", name="账号")).to_have_count(0)


def test_days_are_written_the_same_in_every_language(open_page: Opener, office_address: str, records: str) -> None:
    page = in_office(open_page, office_address, records, locale="en-US")
    page.goto(f"{office_address}/office/approved/new")
    shown = page.get_by_label("从哪天起有效（2025-03-01 这样）")
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", shown.input_value())
    assert page.locator("input[type=date], input[type=datetime-local]").count() == 0


def test_files_are_downloaded(open_page: Opener, office_address: str, records: str) -> None:
    page = in_office(open_page, office_address, records, accept_downloads=True)
    for form in ("CSV", "XLSX"):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(f"没答上和评价差的问题（{form}）")).click()
        assert download.value.suggested_filename == f"questions.{form.lower()}"


def test_link_on_another_site_leads_to_the_page_for_who_is_signed_in(
    open_page: Opener, office_address: str, records: str
) -> None:
    page = in_office(open_page, office_address, records)
    link = f'<a href="{office_address}/office/turns?group=unanswered">记录</a>'
    page.route("http://portal.example/", lambda route: route.fulfill(content_type="text/html", body=link))
    page.goto("http://portal.example/")
    page.get_by_role("link").click()
    page.wait_for_url("**/office/turns?group=unanswered")
    expect(page.get_by_role("heading", name="提问记录")).to_be_visible()


def test_link_on_another_site_leads_who_is_not_signed_in_there_by_way_of_signing_in(
    open_page: Opener, office_address: str, records: str
) -> None:
    page = open_page(f"{office_address}/lite", expected="main")
    link = f'<a href="{office_address}/office/turns">记录</a>'
    page.route("http://portal.example/", lambda route: route.fulfill(content_type="text/html", body=link))
    page.goto("http://portal.example/")
    page.get_by_role("link").click()
    page.wait_for_url("**/sign-in?next=office%2Fturns&again=1")
    page.get_by_label("名字").fill(account(records, "administrator"))
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/office/turns")


def test_document_is_put_up_by_two_persons_with_the_keyboard_and_answered_from(
    open_page: Opener, office_address: str, records: str, tmp_path: Path
) -> None:
    file = tmp_path / "报告.txt"
    file.write_text(REPORT, encoding="utf-8")
    writer = open_page(f"{office_address}/sign-in", java_script_enabled=False)
    sign_in(writer, office_address, account(records, "editor", "writer"), "office/documents")
    writer.get_by_label("文件", exact=True).set_input_files(file)
    writer.get_by_role("button", name="上传，看看读成什么").press("Enter")
    writer.get_by_role("button", name="提交，等另一个人审定").press("Enter")
    expect(writer.get_by_text("等另一个人审定", exact=True)).to_be_visible()
    second = open_page(f"{office_address}/sign-in", width=390)
    sign_in(second, office_address, account(records, "editor", "second"), "office/documents")
    second.get_by_role("link", name="查看《某市青山区2031年政府工作报告》").press("Enter")
    release = second.get_by_role("button", name="审定，放上")
    expect(release).to_be_visible()
    assert violations(second) == []
    assert second.evaluate(TOO_SMALL, 24) == []
    assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")
    release.press("Enter")
    expect(second.get_by_text("放上《某市青山区2031年政府工作报告》：已审定")).to_be_visible()
    question, deadline = "2031年新建儿童剧场多少座？", time.monotonic() + 120
    while "21座" not in asked(office_address, question)["answer"] and time.monotonic() < deadline:
        time.sleep(0.5)
    assert "21座" in asked(office_address, question)["answer"]
    example = second.locator(".example", has_text=question)
    while time.monotonic() < deadline:
        second.goto(f"{office_address}/")
        expect(second.locator(READY)).to_be_attached()
        if example.count():
            break
    expect(example).to_be_visible()


def asked(address: str, question: str) -> dict[str, Any]:
    """What the service answers."""
    body = json.dumps({"question": question}).encode()
    with urlopen(Request(f"{address}/api/ask", body, {"Content-Type": "application/json"})) as reply:
        told: dict[str, Any] = json.load(reply)
        return told
