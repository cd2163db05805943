"""Writing, releasing and withdrawing approved answers through the pages."""

import re

import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records import turns
from bot.records.database import Database
from bot.records.turns import Kept
from tests.bot.web.conftest import client_of
from tests.bot.web.signed_in import signed_in

QUESTION = "老人食堂今年建几个？"
QUOTE = "新建“长者食堂”5个"


@pytest.fixture
def writer(own: Bot, database: Database) -> TestClient:
    client = client_of(own)
    client.headers["X-CSRF-Token"] = signed_in(client, database, "editor", "writer")
    return client


@pytest.fixture
def second(own: Bot, database: Database) -> TestClient:
    client = client_of(own)
    client.headers["X-CSRF-Token"] = signed_in(client, database, "editor", "second")
    return client


def write(client: TestClient, **more: object) -> str:
    """Save a draft; the page that comes of it."""
    typed = {
        "question": QUESTION,
        "answer": "计划新建5个。",
        "quote": [QUOTE],
        "valid_from": "2025-01-01",
        "year": "2025",
        **more,
    }
    reply = client.post("/office/approved", data=typed)
    assert reply.status_code in (200, 422)
    return reply.text


def test_answer_is_served_once_a_second_person_released_it(writer: TestClient, second: TestClient) -> None:
    assert "自己写的要由另一个人审定" in write(writer)
    path = re.search(r'action="(/office/approved/\w+/approve)"', second.get("/office/approved").text)
    assert path
    assert writer.post(path.group(1), data={"version": "1"}).status_code == 422
    assert second.post(path.group(1), data={"version": "1"}).status_code == 200
    answer = second.post("/api/ask", json={"question": "今年要新建多少个老年食堂"}).json()
    assert (answer["mode"], answer["label"], answer["answer"]) == ("approved", "人工审定", "计划新建5个。[1]")
    assert answer["citations"][0]["quote"] == QUOTE
    withdraw = path.group(1).removesuffix("approve") + "withdraw"
    assert second.post(withdraw).status_code == 422
    assert "已撤回" in second.post(withdraw, data={"reason": "过时"}).text
    assert second.post("/api/ask", json={"question": QUESTION}).json()["mode"] == "excerpt"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"answer": "计划新建50个。"}, "数字"),
        ({"quote": ["新建“长者食堂”6个"]}, "不在"),
        ({"quote": []}, "至少"),
        ({"valid_from": "明天"}, "日期"),
        ({"valid_until": "2024-01-01"}, "日期"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    writer: TestClient, wrong: dict[str, object], said: str
) -> None:
    page = write(writer, **wrong)
    alert = re.search(r'role="alert">(.*?)<', page)
    assert alert
    assert said in alert.group(1)
    assert QUESTION in page
    assert str(wrong.get("answer", "计划新建5个。")) in page
    assert "还没有标准口径" in writer.get("/office/approved").text


SOURCED = {
    "question": "公租房怎么申请？",
    "answer": "带身份证到街道办事大厅申请。",
    "quote": [],
    "ground": "source",
    "source_title": "公租房申请指南",
    "source_publisher": "某某住建局",
    "source_date": "2025-03-01",
    "source_url": "https://zjj.example.gov.cn/guide",
    "source_until": "2999-12-31",
}


def test_answer_from_another_official_source_is_served_with_its_name_and_link(
    writer: TestClient, second: TestClient
) -> None:
    assert "2999-12-31" in write(writer, **SOURCED)
    path = re.search(r'action="(/office/approved/\w+/approve)"', second.get("/office/approved").text)
    assert path
    assert "核对" in second.post(path.group(1), data={"version": "1"}).text
    assert second.post("/api/ask", json={"question": SOURCED["question"]}).json()["mode"] == "excerpt"
    second.post(path.group(1), data={"version": "1", "read": "true"})
    answer = second.post("/api/ask", json={"question": SOURCED["question"]}).json()
    assert (answer["status"], answer["mode"], answer["citations"]) == ("answered", "approved", [])
    assert answer["sources"] == [
        {
            "title": "公租房申请指南",
            "publisher": "某某住建局",
            "date": "2025-03-01",
            "url": "https://zjj.example.gov.cn/guide",
        }
    ]
    shown = second.post("/lite", data={"question": SOURCED["question"]}).text
    assert (
        '<a class="leaving" href="https://zjj.example.gov.cn/guide" target="_blank" rel="noopener noreferrer">' in shown
    )
    assert "将离开本站，前往zjj.example.gov.cn" in shown


def test_answer_that_nothing_is_there_sends_on_and_is_no_gap_any_more(writer: TestClient, second: TestClient) -> None:
    nothing = {"ground": "nothing", "referral": "12345政务服务便民热线", "quote": []}
    write(writer, question="低保多少钱一个月", answer="报告没有写这件事，请拨打12345咨询。", **nothing)
    path = re.search(r'action="(/office/approved/\w+/approve)"', second.get("/office/approved").text)
    assert path
    second.post(path.group(1), data={"version": "1"})
    answer = second.post("/api/ask", json={"question": "低保多少钱一个月"}).json()
    assert (answer["status"], answer["mode"]) == ("unanswerable_not_in_report", "approved")
    assert answer["contacts"][0]["phone"] == "12345"


def test_preview_is_what_a_resident_will_see_and_saves_nothing(writer: TestClient) -> None:
    page = writer.post("/office/approved/preview", data={**SOURCED, "valid_from": "2025-01-01"}).text
    assert "将离开本站，前往zjj.example.gov.cn" in page
    assert "人工审定" in page
    assert "还没有标准口径" in writer.get("/office/approved").text
    wrong = writer.post("/office/approved/preview", data={**SOURCED, "valid_from": "03/01/2025"})
    assert wrong.status_code == 422
    assert "2025-03-01 这样" in wrong.text


def test_other_ways_to_ask_are_proposed_from_the_records_and_taken_with_one_click(
    own: Bot, writer: TestClient, database: Database
) -> None:
    answer = own.answer("公租房怎么申请")
    turns.write(database, [Kept.of("page", "s" * 16, "申请公租房要怎么弄", answer, 0.01, {})])
    page = writer.get("/office/approved/new", params={"question": "公租房怎么申请？"}).text
    assert 'name="way" value="申请公租房要怎么弄"' in page
    taken = writer.post(
        "/office/approved/find", data={"question": "公租房怎么申请？", "way": "申请公租房要怎么弄"}
    ).text
    assert re.search(r'name="variants"[^>]*>申请公租房要怎么弄</textarea>', taken)
    assert 'name="way"' not in taken


def test_form_shows_what_was_asked_before_in_the_conversation(own: Bot, writer: TestClient, database: Database) -> None:
    said = ("老人食堂今年建几个", "那几点开饭")
    made = [Kept.of("page", "s" * 16, question, own.answer(question), 0.01, {}) for question in said]
    turns.write(database, made)
    page = writer.get(f"/office/approved/new?from={made[1].answer_id}").text
    assert "<q>老人食堂今年建几个</q>" in page


def test_form_finds_passages_to_quote_and_keeps_what_was_typed(writer: TestClient) -> None:
    page = writer.post("/office/approved/find", data={"question": "甲", "answer": "乙", "find": "充电桩"}).text
    assert "充电" in page.split('id="near"')[1]
    assert 'value="甲"' in page
    assert ">乙</textarea>" in page


def test_gap_becomes_a_question_in_one_click(writer: TestClient) -> None:
    assert 'value="地铁修到哪里"' in writer.get("/office/approved/new", params={"question": "地铁修到哪里"}).text


def test_correcting_begins_with_the_last_version_and_adds_one(writer: TestClient, second: TestClient) -> None:
    listed = write(writer)
    found = re.search(r"correct=(\w+)", listed)
    assert found
    assert QUOTE in writer.get(f"/office/approved/new?correct={found.group(1)}").text
    assert "第2版" in write(writer, answer="2025年计划新建5个。", answer_id=found.group(1))
    history = writer.get(f"/office/approved/{found.group(1)}").text
    assert history.index("第2版") < history.index("第1版")
    assert writer.get("/office/approved/" + "0" * 32).status_code == 404


def test_sentence_is_quoted_with_one_click_once_and_only_where_there_is_room(writer: TestClient) -> None:
    def quotes(*typed: str, add: str = QUOTE) -> list[str]:
        form = {"question": QUESTION, "quote": list(typed), "add": add}
        page = writer.post("/office/approved/find", data=form).text
        return [q for q in re.findall(r'name="quote"[^>]*>(.*?)</textarea>', page) if q]

    assert quotes() == [QUOTE]
    assert quotes("甲", QUOTE) == ["甲", QUOTE]
    assert quotes("甲", "乙", "丙", "丁") == ["甲", "乙", "丙", "丁"]
    page = writer.post("/office/approved/find", data={"question": QUESTION}).text
    assert re.search(r'name="add" value="[^"]*长者食堂[^"]*"', page)
