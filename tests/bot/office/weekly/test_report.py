"""The office's report: weeks, shares, gaps; and how one waits for it."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import NotKept
from bot.office.weekly import report
from bot.office.weekly.report import Office, Progress, Report, make
from bot.office.weekly.weeks import Period, Week, week_of
from bot.records import turns
from bot.records.database import Database
from bot.records.turns import Kept

TODAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
WEEK = timedelta(days=7)
PERIOD = Period(TODAY, 4, week_of(TODAY))
TURN = Kept(
    "0" * 32, NOON, "s" * 16, "page", "食堂几个", "answered", "excerpt", "摘录", "5个", [], [], None, {}, 0.1, "养老"
)


def test_weeks_begin_on_mondays_and_touch() -> None:
    assert week_of(TODAY) == Week(date(2026, 3, 2))
    assert week_of(date(2026, 3, 8)).sunday == date(2026, 3, 8)
    assert [week.monday.isoformat() for week in PERIOD.weeks] == [
        "2026-02-09",
        "2026-02-16",
        "2026-02-23",
        "2026-03-02",
    ]
    assert all(a.span.ends == b.span.begins for a, b in zip(PERIOD.weeks, PERIOD.weeks[1:], strict=False))


def test_week_begins_at_midnight_of_the_place() -> None:
    shanghai = Week(date(2026, 3, 2), ZoneInfo("Asia/Shanghai"))
    assert shanghai.span.begins == datetime(2026, 3, 1, 16, tzinfo=UTC)
    assert week_of(TODAY, ZoneInfo("Asia/Shanghai")) == shanghai


def test_report_tells_shares_topics_and_gaps(database: Database) -> None:
    made = [replace(TURN, answer_id=f"{n:032x}") for n in range(6)]
    made += [replace(TURN, answer_id=f"a{n:031x}", status="clarify", question="那个", topic="") for n in range(2)]
    made.append(replace(TURN, answer_id="b" * 32, status="smalltalk", topic=""))
    made.append(replace(TURN, answer_id="c" * 32, at=NOON - WEEK, topic="教育", mode="approved", fallback=""))
    made.append(replace(TURN, answer_id="d" * 32, at=NOON - 9 * WEEK))
    made.append(replace(TURN, answer_id="e" * 32, at=NOON - WEEK, status="not_in_report", mode="approved"))
    turns.write(database, made)
    report = make(database, PERIOD)
    assert [(w.answered, w.unanswered, w.other) for w in report.weeks] == [(0, 0, 0), (0, 0, 0), (1, 0, 1), (6, 2, 1)]
    assert report.asked == 11
    assert report.answered_share == pytest.approx(7 / 9)
    assert report.hot == [("养老", [0, 0, 1, 6]), ("教育", [0, 0, 1, 0])]
    assert report.modes == {"excerpt": 6, "approved": 1}
    assert [(gap.topic, gap.times) for gap in report.unanswered] == [("", 2)]
    assert report.unanswered[0].examples[0].question == "那个"


def test_nothing_asked_has_no_share(database: Database) -> None:
    report = make(database, PERIOD)
    assert report.asked == 0
    assert report.answered_share is None
    assert report.hot == []


def test_one_who_cannot_wait_is_told_how_far_it_is(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, real = threading.Event(), report.statistics.quantiles

    def slow(*asked: object) -> list[float]:
        go_on.wait(10)
        return real(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(report.statistics, "quantiles", slow)
    reports = Office(database)
    told = reports.report(PERIOD, 1.0)
    assert told == Progress(4, 11)
    go_on.set()
    assert isinstance(reports.report(PERIOD, 10), Report)


def test_steps_add_up(database: Database) -> None:
    steps: list[None] = []
    make(database, PERIOD, lambda: steps.append(None))
    assert len(steps) == PERIOD.count + report.STEPS_BESIDE_WEEKS


def test_report_just_made_is_not_made_again_and_a_later_one_is(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = Office(database)
    first = reports.report(PERIOD, 10)
    assert reports.report(PERIOD, 10) is first
    monkeypatch.setattr(report, "FRESH_SECONDS", -1.0)
    assert reports.report(PERIOD, 10) is not first


def test_dead_database_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotKept):
        Office(Database(f"sqlite:///{tmp_path}/none/records.db", "暂时记不下")).report(PERIOD, 10)
