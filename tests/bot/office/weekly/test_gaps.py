"""Gaps: one of each meaning, week by week, with what was asked before."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.office.weekly.gaps import EXAMPLES, UNANSWERED, Meaning, gaps, unanswered
from bot.office.weekly.weeks import Period, week_of
from bot.pipeline import Bot
from bot.records import turns
from bot.records.database import Database
from bot.records.turns import Kept

TODAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)
PERIOD = Period(TODAY, 2, week_of(TODAY))
WANTED = unanswered(PERIOD.week.span)
TURN = Kept(
    "0" * 32, NOON, "", "page", "公租房怎么申请", UNANSWERED[0], "excerpt", "", "", [], [], None, {}, 0.1, "住房"
)


def kept(number: int, question: str, **more: object) -> Kept:
    return replace(TURN, answer_id=f"{number:032x}", question=question, **more)  # type: ignore[arg-type]


def test_questions_of_one_meaning_are_one_gap_with_its_share_and_its_trend(bot: Bot, database: Database) -> None:
    before = NOON - timedelta(days=7)
    made = [kept(1, "申请公租房去哪儿"), kept(2, "公租房去哪里申请"), kept(3, "公租房去哪里申请", topic="")]
    made += [kept(4, "低保多少钱一个月"), kept(5, "公租房去哪里申请", at=before), kept(6, "三医是什么", at=before)]
    made.append(kept(7, "公租房去哪里申请", mode="approved"))
    turns.write(database, made)
    found = gaps(database, PERIOD, WANTED, Meaning.of(bot))
    assert [(gap.times, gap.trend) for gap in found] == [(3, (1, 3)), (1, (0, 1))]
    assert found[0].share == pytest.approx(3 / 4)
    assert {one.question for one in found[0].examples} == {"申请公租房去哪儿", "公租房去哪里申请"}
    assert len(gaps(database, PERIOD, WANTED, Meaning())) == 3


def test_gap_shows_what_was_asked_before_and_means_it(bot: Bot, database: Database) -> None:
    said = (("a" * 16, "低保怎么申请"), ("b" * 16, "幼儿园怎么报名"))
    for number, (session, first) in enumerate(said):
        asked = kept(10 + number, first, session=session, status="answered", at=NOON - timedelta(minutes=5))
        turns.write(database, [asked, kept(20 + number, "那要多少钱", session=session, topic=f"主题{number}")])
    found = gaps(database, PERIOD, WANTED, Meaning.of(bot))
    assert sorted(gap.earlier for gap in found) == [("低保怎么申请",), ("幼儿园怎么报名",)]


def test_gap_shows_its_commonest_wordings_and_tells_how_many_there_are(database: Database) -> None:
    turns.write(database, [kept(number, "公租房" + "呢" * (number % 7)) for number in range(14)])
    found = gaps(database, PERIOD, WANTED, Meaning())
    assert sum(gap.wordings for gap in found) == 7
    assert all(len(gap.examples) <= EXAMPLES for gap in found)
