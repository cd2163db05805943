"""An agent's call from the first key to the last, without a mouse; and what happens when the sign-in ends."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Opener, serving
from tests.browser.staff import account, sign_in
from tests.browser.test_reach import TOO_SMALL, violations
from tests.conftest import Indexed

LISTENS = "#finder[data-ready]"


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('desk') / 'records.db'}"


@pytest.fixture(scope="module")
def desk_address(indexed: Indexed, records: str) -> Iterator[str]:
    with serving(indexed("desk-data"), BOT_DATABASE_URL=records) as (url, _):
        yield url


def at_desk(open_page: Opener, address: str, records: str, name: str = "", **context: object) -> Page:
    page = open_page(f"{address}/sign-in", **context)  # type: ignore[arg-type]
    sign_in(page, address, account(records, "agent", name))
    expect(page.locator(LISTENS)).to_be_attached()
    return page


def search(page: Page, words: str) -> None:
    page.keyboard.type(words)
    expect(page.locator("#options [role=option]").first).to_be_visible()


def test_a_call_is_answered_with_the_keyboard_alone(open_page: Opener, desk_address: str, records: str) -> None:
    page = at_desk(open_page, desk_address, records, permissions=["clipboard-read", "clipboard-write"])
    box = page.get_by_role("textbox", name="查找")
    expect(box).to_be_focused()
    search(page, "老人食堂今年建几个")
    expect(page.locator(".found-one:visible .script")).to_contain_text("新建“长者食堂”5个")
    expect(page.locator(".found-one:visible mark")).to_have_text("新建“长者食堂”5个")
    page.keyboard.press("ArrowDown")
    second = page.locator("[role=option]").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", second.get_attribute("id") or "")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Alt+c")
    expect(page.get_by_role("status").filter(has_text="口径已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.search("5个。\n出处：《.+》（2025年）.+正文第17段\n（报告原文摘录）", copied)
    with page.context.expect_page() as opened:
        page.keyboard.press("Alt+o")
    expect(opened.value.locator("mark")).to_have_text("新建“长者食堂”5个")
    opened.value.close()
    page.keyboard.press("Alt+1")
    expect(page.locator("#told")).to_have_text("已记下：已答复")
    page.keyboard.press("Alt+2")
    expect(page.locator("#told")).to_have_text("已记下：报告未涉及（转办）")
    expect(page.locator("#recent li")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(page.locator("#options")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(box).not_to_be_focused()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.type("停")
    page.keyboard.type("车位")
    expect(page.locator("#told")).to_contain_text("“停车位”这几个字在原文里出现1次")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+k")
    expect(box).to_be_focused()


def test_outcomes_and_keys_are_in_view_before_and_after_searching(
    open_page: Opener, desk_address: str, records: str
) -> None:
    page = at_desk(open_page, desk_address, records, height=800)
    for words in ("", "老人食堂今年建几个"):
        page.keyboard.type(words)
        if words:
            expect(page.locator(".found-one:visible .script")).to_be_in_viewport(ratio=1)
        for name in ("已答复", "报告未涉及（转办）", "口径有误"):
            expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
        expect(page.locator(".keys")).to_be_in_viewport(ratio=1)


def test_call_goes_on_with_enter_and_the_next_one_begins_with_one_key(
    open_page: Opener, desk_address: str, records: str
) -> None:
    page = at_desk(open_page, desk_address, records)
    search(page, "农业五新是哪五样东西")
    page.keyboard.press("Enter")
    expect(page.locator("#call li")).to_have_text(["农业五新是哪五样东西"])
    with page.expect_response(lambda reply: (reply.request.post_data_json or {}).get("query") == "第四个是啥"):
        page.keyboard.type("第四个是啥")
    expect(page.locator(".found-one:visible .script")).to_have_text(re.compile("附注：新农药"))
    page.keyboard.press("Alt+1")
    expect(page.locator("#call li")).to_have_count(2)
    expect(page.locator("#call li").last).to_contain_text("已答复")
    page.keyboard.press("Escape")
    expect(page.locator("#call li")).to_have_count(0)
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.type("第四个是啥")
    expect(page.locator("#options [role=option]").first).to_be_visible()
    expect(page.locator("#options")).not_to_contain_text("新农药")


def test_near_text_cannot_be_copied_to_be_read_out(open_page: Opener, desk_address: str, records: str) -> None:
    page = at_desk(open_page, desk_address, records)
    search(page, "长者食堂一顿饭要多少钱")
    expect(page.locator(".option").first).to_contain_text("相关原文")
    expect(page.locator(".found-one:visible .script")).to_have_count(0)
    page.keyboard.press("Alt+c")
    expect(page.locator("#told")).to_contain_text("不能直接念")


def test_pasted_ticket_is_read_and_its_reply_copied(open_page: Opener, desk_address: str, records: str) -> None:
    page = at_desk(open_page, desk_address, records, permissions=["clipboard-read", "clipboard-write"])
    text = "家住双阳街道朝阳小区的老人反映吃饭不方便。\n请问今年长者食堂新建几个？"
    page.evaluate("text => navigator.clipboard.writeText(text)", text + "谢谢。" * 300)
    page.keyboard.press("Control+v")
    expect(page.locator(".ticket")).to_contain_text("双阳街道")
    page.get_by_role("button", name="复制参考答复").click()
    expect(page.locator("#told")).to_have_text("参考答复已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "新建“长者食堂”5个" in copied
    assert "正文第17段" in copied


def test_page_has_one_main_landmark(open_page: Opener, desk_address: str, records: str) -> None:
    page = at_desk(open_page, desk_address, records)
    assert page.get_by_role("main").count() == 1


def test_filters_work_from_the_keyboard(open_page: Opener, desk_address: str, records: str) -> None:
    page = at_desk(open_page, desk_address, records)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".tag").first).to_have_text("名词")
    expect(page.locator("#told")).to_contain_text("符合筛选的有")
    assert set(page.locator(".tag").all_inner_texts()) == {"名词"}


def test_half_a_word_of_an_input_method_is_not_searched(open_page: Opener, desk_address: str, records: str) -> None:
    page = at_desk(open_page, desk_address, records)
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/desk/search" in request.url:
            asked.append(request.post_data_json["query"])

    page.on("request", note)
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "shi tang", "selectionStart": 8, "selectionEnd": 8})
    session.send("Input.insertText", {"text": "食堂"})
    expect(page.locator("[role=option]").first).to_be_visible()
    assert asked == ["食堂"]


def test_two_tabs_do_not_disturb_each_other(open_page: Opener, desk_address: str, records: str) -> None:
    first = at_desk(open_page, desk_address, records, name="two-tabs")
    second = first.context.new_page()
    second.goto(f"{desk_address}/desk")
    expect(second.locator(LISTENS)).to_be_attached()
    search(first, "食堂")
    search(second, "停车位")
    first.keyboard.press("Alt+1")
    expect(first.locator("#told")).to_contain_text("已记下")
    second.keyboard.press("Alt+3")
    expect(second.locator("#recent li")).to_have_count(2)
    assert second.locator("#recent [data-again]").all_inner_texts() == ["停车位", "食堂"]
    expect(first.locator("#query")).to_have_value("食堂")


def test_ended_sign_in_keeps_what_was_typed_and_goes_on_after_a_new_one(
    open_page: Opener, desk_address: str, records: str
) -> None:
    page = at_desk(open_page, desk_address, records, name="ended")
    search(page, "食堂")
    page.context.clear_cookies()
    page.keyboard.type("几个")
    expect(page.locator("#told")).to_contain_text("登录已结束")
    expect(page.locator("#query")).to_have_value("食堂几个")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="重新登录").click()
    sign_in(opened.value, desk_address, "ended")
    page.bring_to_front()
    page.locator("#query").press("End")
    page.keyboard.type("？")
    expect(page.locator(".found-one:visible .script")).to_contain_text("5个")


def test_server_gone_is_told_and_nothing_lost(open_page: Opener, desk_address: str, records: str) -> None:
    page = at_desk(open_page, desk_address, records)
    page.route("**/desk/search", lambda route: route.abort())
    page.keyboard.type("食堂")
    expect(page.locator("#told")).to_contain_text("暂时连不上服务")
    expect(page.locator("#query")).to_have_value("食堂")


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("light", 390), ("dark", 390), ("contrast", 1280)])
def test_axe_finds_nothing(open_page: Opener, desk_address: str, records: str, width: int, theme: str) -> None:
    page = at_desk(open_page, desk_address, records, width=width)
    page.goto(f"{desk_address}/desk?theme={theme}")
    expect(page.locator(LISTENS)).to_be_attached()
    assert violations(page) == []
    search(page, "项目")
    page.keyboard.press("Alt+1")
    expect(page.locator("#recent li").first).to_be_visible()
    assert violations(page) == []
    assert page.evaluate(TOO_SMALL, 24) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
