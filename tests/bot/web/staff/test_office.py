"""The office's pages and files: what an editor reads there, and what is kept of the reading."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest
from fastapi.testclient import TestClient

from bot.pipeline import Bot
from bot.records import feedback, turns
from bot.records.database import Database
from bot.records.feedback import Feedback
from bot.records.schema import audit as entries
from bot.records.turns import Kept
from bot.web.staff import office
from tests.bot.chain import broken_at
from tests.bot.web.conftest import client_of
from tests.bot.web.signed_in import signed_in

SESSION = "s" * 16


@pytest.fixture
def editor(own: Bot, database: Database, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(office, "PATIENCE_SECONDS", 60.0)  # a busy machine is slow, not wrong
    client = client_of(own)
    client.headers["X-CSRF-Token"] = signed_in(client, database, "editor")
    return client


@pytest.fixture
def asked(own: Bot, database: Database) -> list[Kept]:
    """Three questions really answered: one the report answers, one it does not, one with personal data."""
    questions = ("老人食堂今年建几个？", "长者食堂几点开饭？", "我电话13812345678，<b>房价</b>今年多少钱一平")
    made = [Kept.of("page", SESSION, q, own.answer(q), 0.01, {"index": "x"}) for q in questions]
    turns.write(database, made)
    feedback.keep_feedback(database, Feedback(made[0].answer_id, useful=False, reason="hard", comment="看不懂"))
    return made


def acts(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        return [(row.action, row.detail) for row in connection.execute(entries.select().order_by(entries.c.number))]


def test_empty_office_says_so(editor: TestClient) -> None:
    page = editor.get("/office").text
    assert "这段时间还没有提问" in page
    assert "演示数据" not in page


def test_page_shows_shares_gaps_and_a_way_to_write_the_answer(editor: TestClient, asked: list[Kept]) -> None:
    page = editor.get("/office").text
    assert "33.3%" in page
    assert "长者食堂几点开饭？" in page
    assert "先问：老人食堂今年建几个？" in page
    assert f"office/approved/new?from={asked[1].answer_id}" in page
    assert "看不懂" in page
    form = editor.get(f"/office/approved/new?from={asked[1].answer_id}").text
    assert "长者食堂几点开饭？" in form


def test_nothing_raw_reaches_the_pages(editor: TestClient, asked: list[Kept]) -> None:
    for path in ("/office", "/office/turns", f"/office/turns/{asked[0].answer_id}", "/office/questions.csv"):
        shown = editor.get(path).text
        assert "13812345678" not in shown
        assert "<b>房价" not in shown or path.endswith("csv")


def test_turns_are_narrowed_down(editor: TestClient, asked: list[Kept]) -> None:
    assert editor.get("/office/turns").text.count("office/turns/") == 3
    unanswered = editor.get("/office/turns?group=unanswered").text
    assert asked[0].answer_id not in unanswered
    assert asked[1].answer_id in unanswered
    assert editor.get("/office/turns?group=disliked").text.count("office/turns/") == 1
    assert "看不懂" in editor.get("/office/turns?group=disliked").text
    assert editor.get("/office/turns?q=几点").text.count("office/turns/") == 1
    assert "没有这样的记录" in editor.get("/office/turns?group=fallback").text
    assert "没有这样的记录" in editor.get("/office/turns?week=2020-01-01&weeks=53").text
    assert editor.get("/office/turns?group=else").status_code == 422


def test_long_list_goes_over_pages(own: Bot, editor: TestClient, database: Database) -> None:
    answer = own.answer("老人食堂今年建几个？")
    made = [Kept.of("page", SESSION, f"问{n}", answer, 0.01, {}) for n in range(office.TURNS_A_PAGE + 5)]
    turns.write(database, [Kept(**{**_fields(one), "answer_id": f"{n:032x}"}) for n, one in enumerate(made)])
    first, second = editor.get("/office/turns").text, editor.get("/office/turns?page=1").text
    assert (first.count("office/turns/"), second.count("office/turns/")) == (office.TURNS_A_PAGE, 5)
    assert "更早的" in first
    assert "更早的" not in second


def _fields(kept: Kept) -> dict[str, object]:
    return {name: getattr(kept, name) for name in Kept.__dataclass_fields__}


def test_sample_is_judged_with_a_click_each_and_tells_the_accuracy(editor: TestClient, asked: list[Kept]) -> None:
    page = editor.get("/office/accuracy").text
    assert asked[0].question in page
    assert "还有1个要看" in page
    judged = editor.post("/office/accuracy", data={"answer": asked[0].answer_id, "correct": "false"}).text
    assert "这一周的抽查已经做完" in judged
    assert "0.0%" in judged
    assert "1个里对0个" in judged
    assert "0.0%至79.3%" in editor.get("/office").text
    assert "0.7935" in editor.get("/office/accuracy.csv").text
    assert editor.post("/office/accuracy", data={"answer": "f" * 32, "correct": "true"}).status_code == 404


def test_times_are_those_of_the_place(editor: TestClient, own: Bot, database: Database) -> None:
    kept = Kept.of("page", SESSION, "问", own.answer("老人食堂今年建几个？"), 0.01, {})
    turns.write(database, [Kept(**{**_fields(kept), "at": datetime(2026, 3, 1, 20, 7, tzinfo=UTC)})])
    assert "2026-03-02 04:07" in editor.get(f"/office/turns/{kept.answer_id}").text


def test_conversation_is_shown_whole_and_the_look_at_it_is_kept(
    editor: TestClient, asked: list[Kept], database: Database
) -> None:
    page = editor.get(f"/office/turns/{asked[1].answer_id}").text
    for turn in asked[:2]:
        assert turn.question in page
    assert "看不懂" in page
    assert ("conversation viewed", json.dumps({"answer": asked[1].answer_id})) in acts(database)
    assert broken_at(database) is None
    missing = editor.get("/office/turns/" + "f" * 32, headers={"accept": "text/html"})
    assert missing.status_code == 404
    assert "可能已过保存期" in missing.text


@pytest.mark.parametrize(("name", "rows"), [("figures", 3), ("questions", 3), ("gaps", 3), ("accuracy", 8)])
def test_files_say_where_they_come_from_and_agree(
    editor: TestClient, asked: list[Kept], database: Database, name: str, rows: int
) -> None:
    written = list(csv.reader(io.StringIO(editor.get(f"/office/{name}.csv").content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(editor.get(f"/office/{name}.xlsx").content)).active
    assert sheet is not None
    read = [[str(c) for c in row if c is not None] for row in sheet.iter_rows(values_only=True)]
    written = [[cell.removesuffix(".0") for cell in row] for row in written]
    assert [[cell for cell in row if cell] for row in written] == [[cell for cell in row if cell] for row in read]
    assert [row[0] for row in written[:3]] == ["来源", "期间", "说明"]
    assert written[2][1] == "个人信息已遮盖"
    assert len(written) == 4 + rows
    assert [act for act, _ in acts(database)].count("records exported") == 2


def test_what_the_office_itself_says_is_not_there_is_no_gap(own: Bot, editor: TestClient, database: Database) -> None:
    """In the list and in both files alike."""
    left = Kept.of("page", SESSION, "公租房怎么申请", own.answer("公租房怎么申请"), 0.01, {})
    turns.write(database, [left, replace(left, answer_id="f" * 32, question="低保多少钱", mode="approved")])
    for path in ("turns?group=unanswered", "questions.csv", "gaps.csv"):
        shown = editor.get(f"/office/{path}").text
        assert ("公租房怎么申请" in shown, "低保多少钱" in shown) == (True, False)


def test_question_that_looks_like_a_formula_is_none(own: Bot, editor: TestClient, database: Database) -> None:
    answer = own.answer("今天天气怎么样")
    turns.write(database, [Kept.of("page", SESSION, "=1+1", answer, 0.01, {})])
    assert "'=1+1" in editor.get("/office/questions.csv").text
    sheet = openpyxl.load_workbook(io.BytesIO(editor.get("/office/questions.xlsx").content)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"} == {"s"}


def test_demonstration_is_marked_on_the_page_and_in_the_files(own: Bot, editor: TestClient, database: Database) -> None:
    answer = own.answer("今天天气怎么样")
    turns.write(database, [Kept.of("page", "demo-1", "今天天气怎么样", answer, 0.01, {})])
    assert "这里有演示数据" in editor.get("/office").text
    assert "演示数据，不是真实记录" in editor.get("/office/figures.csv").text


def test_page_that_takes_long_shows_how_far_it_is(editor: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "PATIENCE_SECONDS", 0.0)
    shown = editor.get("/office")
    assert "<progress" in shown.text
    assert shown.headers["refresh"] == "1"


def test_weeks_out_of_reach_are_refused_or_brought_back(editor: TestClient, asked: list[Kept]) -> None:
    assert editor.get("/office?weeks=0").status_code == 422
    assert editor.get("/office?week=x").status_code == 422
    assert editor.get("/office?week=1999-01-01").status_code == 200
    assert "33.3%" in editor.get(f"/office?weeks=1&week={datetime.now(UTC).date()}").text
