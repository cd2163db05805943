"""A report that looks back, plans, and looks ahead: every page and answer tells each in its own time."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from bot.answer import Answer
from bot.pipeline import Bot
from tests.bot.web.conftest import client_of
from tests.conftest import bot_over

REPORT = """某区2026年政府工作报告
——2026年1月20日在某区第十八届人民代表大会第五次会议上
各位代表：现在，我代表区人民政府向大会报告工作。
一、2025年工作回顾
过去一年，我们办好民生实事。新增公办幼儿园学位2400个，改造老旧小区36个，城镇居民收入增长4.8%。
五年来，新建公园130个，森林覆盖率提高到61%。
二、“十五五”时期的主要目标
“十五五”时期，地区生产总值年均增长5%左右，新建改建公园200个。
三、2026年工作安排
今年要新增公办幼儿园学位3000个，改造老旧小区40个，新建公园25个。
"""


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    fields = "title: 某区2026年政府工作报告\nyear: 2026\nplace_names: [某区]"
    with bot_over(tmp_path_factory.mktemp("complete"), complete=(fields, REPORT)) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(complete: Bot) -> TestClient:
    return client_of(complete)


@pytest.mark.parametrize(
    ("asked", "told", "period"),
    [
        ("去年老旧小区改造了多少个", "36个", "2025年的情况"),
        ("今年老旧小区要改造多少个", "40个", "2026年的计划"),
        ("2025年新增了多少幼儿园学位", "2400个", "2025年的情况"),
        ("过去五年新建了多少公园", "130个", "2021至2025年的情况"),
        ("十五五要建多少公园", "200个", "2026至2030年的打算"),
    ],
)
def test_what_is_told_is_of_the_time_that_is_asked_about(complete: Bot, asked: str, told: str, period: str) -> None:
    answer = complete.answer(asked)
    assert told in answer.answer
    assert period in answer.answer


def test_both_years_are_told_each_with_its_own(complete: Bot) -> None:
    _, first, second = complete.answer("老旧小区去年改造了多少,今年要改造多少").answer.splitlines()
    assert ("2025年的结果" in first, "36个" in first) == (True, True)
    assert ("2026年的计划" in second, "40个" in second) == (True, True)


def test_year_that_is_not_held_is_told(complete: Bot) -> None:
    answer = complete.answer("前年改造了多少个老旧小区")
    assert answer.citations == ()
    assert "2024年" in answer.answer


def test_citation_names_its_part(complete: Bot) -> None:
    def part(answer: Answer) -> tuple[str, str, int]:
        cited = answer.citations[0]
        return cited.part.kind, cited.part.title, cited.year

    assert part(complete.answer("去年改造老旧小区多少个")) == ("review", "一、2025年工作回顾", 2025)
    assert part(complete.answer("今年改造老旧小区多少个")) == ("plan", "三、2026年工作安排", 2026)


def test_only_promises_are_targets(client: TestClient) -> None:
    listed = client.get("/api/targets").json()["targets"]
    assert {t["amount"] for t in listed} == {"5%左右", "200个", "3000个", "40个", "25个"}
    assert {t["deadline"] for t in listed} == {"2030年", "2026年"}


@pytest.mark.parametrize("page", ["report", "targets", "lite", "report?q=公园", "how", "privacy"])
def test_every_page_is_drawn(client: TestClient, page: str) -> None:
    assert client.get(f"/{page}").status_code == 200


def test_report_shows_the_time_of_each_part(client: TestClient) -> None:
    page = client.get("/report").text
    for period in ("2025年的情况", "2021至2025年的情况", "2026至2030年的打算", "2026年的计划"):
        assert period in page
