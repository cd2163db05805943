"""The light page: without scripts, with them, and for those who need it large."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener, ask
from tests.browser.test_reach import violations


def test_whole_conversation_without_scripts(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/lite", width=360, java_script_enabled=False)
    page.get_by_label("想问什么").fill("今年新增多少充电桩?")
    page.locator("#send").click()
    expect(page.locator(".turn .text")).to_contain_text("200个以上")
    page.locator("a.mark").first.click()
    expect(page.locator("mark:target")).to_be_in_viewport()
    page.get_by_label("想问什么").fill("那停车位呢?")
    page.locator("#send").click()
    expect(page.locator(".turn .text")).to_contain_text("300个以上")
    page.get_by_role("link", name="在报告中查看").first.click()
    expect(page.locator(".passage mark")).to_be_visible()


def test_who_has_no_scripts_is_led_from_the_page_to_the_light_one(open_page: Opener, address: str) -> None:
    page = open_page(address, width=360, java_script_enabled=False, expected="body")
    page.wait_for_url("**/lite")
    expect(page.get_by_label("想问什么")).to_be_visible()


def test_examples_work_without_scripts(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/lite", width=360, java_script_enabled=False)
    page.locator(".examples a").first.click()
    expect(page.locator(".turn .text")).to_contain_text("5个")
    expect(page.locator("#send")).to_be_in_viewport(ratio=1)


def test_complaint_is_written_and_looked_up_without_scripts(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/complaints", width=360, java_script_enabled=False)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_label("什么事")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("请写5到1000个字")
    page.get_by_label("什么事").fill("回答把停车位的数字写错了")
    page.get_by_role("button", name="提交").click()
    receipt = page.locator(".receipt .number").inner_text()
    page.goto(f"{address}/complaints")
    page.get_by_label("回执号").fill(receipt)
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".receipt")).to_contain_text("已收到")


def test_with_scripts_it_is_the_same_conversation(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/lite", width=390)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.reload()
    ask(page, "老人食堂今年建几个?")
    expect(page.locator(".turn button.mark")).to_be_visible()
    expect(page.get_by_label("想问什么")).to_be_in_viewport(ratio=1)
    page.get_by_label("想问什么").click()  # nothing lies over it
    expect(page.locator("#send")).to_be_in_viewport(ratio=1)
    expect(page.locator(".turn .source mark")).to_have_text("新建“长者食堂”5个")
    assert errors == []


@pytest.mark.parametrize("query", ["", "?mode=elder", "?theme=dark", "?mode=elder&theme=contrast"])
def test_axe_finds_nothing(open_page: Opener, address: str, query: str) -> None:
    page = open_page(f"{address}/lite{query}", width=360)
    assert violations(page) == []
    ask(page, "老人食堂今年建几个?")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_first_visit_is_light(open_page: Opener, address: str) -> None:
    page = open_page("about:blank", expected="body", fresh=True)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    received: list[int] = []
    network.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.goto(f"{address}/lite")
    page.wait_for_load_state("networkidle")
    assert len(received) <= 6
    assert sum(received) <= 30_000


def test_documentation_of_the_interface_is_drawn_under_our_policy(open_page: Opener, address: str) -> None:
    page = open_page(f"{address}/docs", expected="#docs")
    expect(page.get_by_text("提问，得到有出处的回答".replace(",", "\uff0c"))).to_be_visible()
