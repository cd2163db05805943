"""The life of an approved answer in the records, on both databases."""

from datetime import date, timedelta

import pytest

from bot.errors import AnswerUnusable, NotFound
from bot.records.database import Database
from bot.records.office import approved
from bot.records.office.approved import Cited, Draft
from tests.bot.chain import broken_at

TODAY = date(2025, 6, 1)
WRITTEN = Draft("问", "答。", (Cited("p1", "答"),), valid_from=TODAY)


def released(database: Database, written: Draft = WRITTEN, answer_id: str = "") -> approved.ApprovedAnswer:
    made = approved.draft(database, written, "小林", answer_id)
    approved.approve(database, made.id, made.version, "小陈")
    return made


def test_nothing_is_in_force_before_a_second_person_released_it(database: Database) -> None:
    made = approved.draft(database, WRITTEN, "小林")
    assert approved.in_force(database, TODAY) == ()
    with pytest.raises(AnswerUnusable, match="另一个人"):
        approved.approve(database, made.id, made.version, "小林")
    approved.approve(database, made.id, made.version, "小陈")
    (served,) = approved.in_force(database, TODAY)
    assert (served.question, served.citations, served.author, served.approver) == (
        "问",
        WRITTEN.citations,
        "小林",
        "小陈",
    )
    with pytest.raises(AnswerUnusable, match="待审"):
        approved.approve(database, made.id, made.version, "小陈")


def test_new_version_takes_the_place_of_the_old_only_when_released(database: Database) -> None:
    first = released(database)
    second = approved.draft(database, Draft("问", "新答。", (Cited("p1", "答"),), TODAY), "小王", first.id)
    assert [one.answer for one in approved.in_force(database, TODAY)] == ["答。"]
    approved.approve(database, second.id, second.version, "小陈")
    assert [one.answer for one in approved.in_force(database, TODAY)] == ["新答。"]
    assert [(one.version, one.state) for one in approved.history(database, first.id)] == [
        (2, "approved"),
        (1, "replaced"),
    ]


def test_answer_is_in_force_from_its_first_day_to_its_last(database: Database) -> None:
    until = TODAY + timedelta(days=2)
    released(database, Draft("问", "答。", WRITTEN.citations, TODAY, until))
    days = [TODAY - timedelta(days=1), TODAY, until, until + timedelta(days=1)]
    assert [len(approved.in_force(database, day)) for day in days] == [0, 1, 1, 0]


def test_withdrawn_and_suspended_answers_are_not_served(database: Database) -> None:
    first, second = released(database), released(database)
    approved.withdraw(database, first.id, "小王", "过时")
    approved.suspend(database, approved.history(database, second.id)[0], "原文改动")
    assert approved.in_force(database, TODAY) == ()
    assert approved.suspended(database) == 1
    assert {one.reason for one in approved.every(database)} == {"过时", "原文改动"}
    released(database, answer_id=second.id)
    assert len(approved.in_force(database, TODAY)) == 1
    assert approved.suspended(database) == 0


def test_every_act_stands_in_the_audit_and_an_unknown_answer_is_told(database: Database) -> None:
    made = released(database)
    approved.withdraw(database, made.id, "小王", "过时")
    assert broken_at(database) is None
    with pytest.raises(NotFound):
        approved.history(database, "0" * 32)
    with pytest.raises(NotFound):
        approved.draft(database, WRITTEN, "小林", "0" * 32)
