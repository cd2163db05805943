"""Judging a sample of answers, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import NotFound
from bot.records import turns
from bot.records.database import Database
from bot.records.office import judgements
from bot.records.statistics import Span
from bot.records.turns import Kept
from tests.bot.chain import broken_at

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SPAN = Span(NOW - timedelta(days=1), NOW + timedelta(days=1))
TURN = Kept("0" * 32, NOW, "", "page", "食堂几个", "answered", "excerpt", "", "5个", [], [], None, {}, 0.1, "")


@pytest.fixture
def filled(database: Database) -> Database:
    made = [replace(TURN, answer_id=f"{n:032x}") for n in range(5)]
    made.append(replace(TURN, answer_id="d" * 32, status="unanswerable_not_in_report"))
    made.append(replace(TURN, answer_id="e" * 32, at=NOW - timedelta(days=9)))
    turns.write(database, made)
    return database


def drawn(database: Database, most: int) -> list[str]:
    return [turn["answer_id"] for turn in judgements.drawn(database, SPAN, most)]


def test_sample_is_of_answers_of_the_span_and_ends_when_enough_are_judged(filled: Database) -> None:
    first, *others = drawn(filled, 3)
    assert len(others) == 2
    judgements.keep(filled, first, True, "小林")
    assert drawn(filled, 3) == others
    for answer_id, correct in zip(others, (True, False), strict=True):
        judgements.keep(filled, answer_id, correct, "小林")
    assert drawn(filled, 3) == []
    assert judgements.tallied(filled, SPAN) == (2, 3)
    assert len(drawn(filled, 20)) == 2
    assert broken_at(filled) is None


def test_later_judgement_takes_the_place_of_an_earlier_one(filled: Database) -> None:
    judgements.keep(filled, f"{1:032x}", False, "小林")
    judgements.keep(filled, f"{1:032x}", True, "小王")
    assert judgements.tallied(filled, SPAN) == (1, 1)


def test_answer_that_is_gone_is_not_judged_and_judgements_go_with_the_turns(filled: Database) -> None:
    with pytest.raises(NotFound):
        judgements.keep(filled, "f" * 32, True, "小林")
    judgements.keep(filled, "e" * 32, True, "小林")
    assert turns.purge(filled, 1, 365, "test")["judgements"] == 1
