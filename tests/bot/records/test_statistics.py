"""What is counted, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.records import feedback, lookups, statistics, turns
from bot.records.database import Database
from bot.records.feedback import Feedback
from bot.records.lookups import Lookup
from bot.records.schema import turns as table
from bot.records.statistics import Asked, Counted, Span, Wanted
from bot.records.turns import Kept

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SPAN = Span(NOW - DAY, NOW + DAY)
TURN = Kept(
    "0" * 32, NOW, "s" * 16, "page", "食堂几个", "answered", "excerpt", "摘录", "5个", [], [], None, {}, 0.1, "养老"
)


@pytest.fixture
def filled(database: Database) -> Database:
    made = [replace(TURN, answer_id=f"{n:032x}", seconds=n / 100) for n in range(1, 101)]
    made += [
        replace(TURN, answer_id=f"a{n:031x}", question="房价", status="unanswerable_not_in_report", topic="")
        for n in range(3)
    ]
    made.append(replace(TURN, answer_id="b" * 32, fallback="deadline", question="50%的学位"))
    made.append(replace(TURN, answer_id="c" * 32, at=NOW + DAY))
    turns.write(database, made)
    for answer_id, useful in ((f"{1:032x}", False), (f"{2:032x}", True), (f"a{0:031x}", False)):
        feedback.keep_feedback(database, Feedback(answer_id, useful, "" if useful else "wrong"))
    return database


def test_turns_are_counted_by_topic_and_ending_within_the_span(filled: Database) -> None:
    assert sorted(statistics.counted(filled, SPAN), key=lambda one: -one.times) == [
        Counted("养老", "answered", "excerpt", "", 100),
        Counted("", "unanswerable_not_in_report", "excerpt", "", 3),
        Counted("养老", "answered", "excerpt", "deadline", 1),
    ]
    assert statistics.counted(filled, Span(NOW - 3 * DAY, NOW - DAY)) == []


def test_quantiles_are_those_of_the_answers(database: Database) -> None:
    assert statistics.quantiles(database, SPAN, (0.5, 0.95)) == [0, 0]
    turns.write(database, [replace(TURN, answer_id=f"{n:032x}", seconds=n / 100) for n in range(100)])
    assert statistics.quantiles(database, SPAN, (0.5, 0.95, 1.0)) == [0.5, 0.95, 0.99]


def test_questions_in_the_same_words_are_one(filled: Database) -> None:
    unanswered = Wanted(SPAN, ("unanswerable_not_in_report",))
    assert statistics.asked(filled, unanswered) == [Asked("", "房价", 3, f"a{2:031x}")]
    disliked = statistics.asked(filled, Wanted(SPAN, useless=True))
    assert [(one.question, one.times) for one in disliked] == [("房价", 1), ("食堂几个", 1)]


def test_opinions_are_counted_by_reason(filled: Database) -> None:
    today = Span(datetime.now(UTC) - DAY, datetime.now(UTC) + DAY)
    assert statistics.opinions(filled, today) == {(True, ""): 1, (False, "wrong"): 2}


def test_look_ups_are_counted_by_outcome(database: Database) -> None:
    for n, outcome in enumerate(("answered", "transferred", "transferred", "wrong")):
        lookups.keep(database, Lookup(f"{n:032x}", "小林", "房价", "", "", outcome, NOW))
    assert statistics.outcomes(database, SPAN) == {"answered": 1, "transferred": 2, "wrong": 1}
    assert statistics.looked_up(database, SPAN, ("transferred", "wrong"), 1) == [("房价", "transferred", 2)]


def test_turns_are_listed_by_what_is_wanted_the_latest_first(filled: Database) -> None:
    assert len(statistics.listed(filled, Wanted(SPAN), 0, 200)) == 104
    rated = statistics.listed(filled, Wanted(SPAN, useless=True), 0, 10)
    assert {row["answer_id"] for row in rated} == {f"{1:032x}", f"a{0:031x}"}
    assert rated[0]["at"] == NOW
    assert [row["fallback"] for row in statistics.listed(filled, Wanted(SPAN, fallback=True), 0, 10)] == ["deadline"]
    assert len(statistics.listed(filled, Wanted(SPAN, topic=""), 0, 10)) == 3
    assert len(statistics.listed(filled, Wanted(SPAN, word="0%"), 0, 10)) == 1
    assert statistics.listed(filled, Wanted(SPAN, word="_"), 0, 10) == []
    later = statistics.listed(filled, Wanted(Span(NOW - DAY, NOW + 2 * DAY)), 0, 1)
    assert later[0]["answer_id"] == "c" * 32


def test_demonstration_is_told_by_its_sessions(database: Database) -> None:
    turns.write(database, [TURN])
    assert not statistics.is_demonstration(database)
    turns.write(database, [replace(TURN, answer_id="1" * 32, session="demo-1")])
    assert statistics.is_demonstration(database)


def test_reading_keeps_nobody_from_writing(filled: Database) -> None:
    with filled.read() as connection:
        connection.execute(select(table.c.answer_id).limit(1)).first()
        turns.write(filled, [replace(TURN, answer_id="d" * 32)])
    assert turns.of_answer(filled, "d" * 32)
