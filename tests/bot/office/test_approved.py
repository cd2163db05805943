"""Approved answers: what may be written, how it is shown, and when it does not stand any more."""

from dataclasses import replace
from datetime import date

import pytest

from bot.answer import Answer, Status
from bot.errors import AnswerUnusable
from bot.office.approved import answer_of, stands
from bot.office.drafts import refuse_unusable
from bot.office.matching import Matcher
from bot.pipeline import Bot
from bot.records.office.approved import ApprovedAnswer, Cited, Draft

TODAY = date(2025, 6, 1)
QUESTION = "老人食堂今年建几个？"


@pytest.fixture(scope="module")
def quoted(bot: Bot) -> Answer:
    return bot.answer(QUESTION)


@pytest.fixture
def written(quoted: Answer) -> Draft:
    cited = tuple(Cited(c.passage_id, c.quote) for c in quoted.citations)
    return Draft(QUESTION, "2025年计划新建“长者食堂”5个。", cited, date(2025, 1, 1), year=2025)


def test_answer_has_its_marks_its_citations_and_its_own_label(bot: Bot, written: Draft, quoted: Answer) -> None:
    shown = answer_of(written, bot)
    assert (shown.status, shown.mode, shown.label) == (Status.ANSWERED, "approved", "人工审定")
    assert shown.answer == "2025年计划新建“长者食堂”5个。[1]"
    assert shown.citations == quoted.citations
    assert shown.citations[0].text[shown.citations[0].start : shown.citations[0].end] == shown.citations[0].quote


def test_sound_draft_is_taken(bot: Bot, written: Draft) -> None:
    refuse_unusable(written, bot, TODAY)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer": "2025年计划新建“长者食堂”50个。"}, "数字"),
        ({"answer": "2025年计划在双阳街道新建“长者食堂”5个。"}, "双阳街道"),
        ({"answer": "已经建成了“长者食堂”5个。"}, "已经建成"),
        ({"answer": " "}, "回答"),
        ({"answer": "“长者食堂”5个，找13805950123。"}, "个人信息"),
        ({"question": ""}, "居民"),
        ({"citations": ()}, "至少"),
        ({"citations": (Cited("nowhere", "5个"),)}, "不在"),
        ({"valid_until": date(2024, 1, 1)}, "日期"),
    ],
)
def test_draft_that_says_more_than_its_sources_is_refused_with_the_reason(
    bot: Bot, written: Draft, change: dict[str, object], said: str
) -> None:
    with pytest.raises(AnswerUnusable, match=said):
        refuse_unusable(replace(written, **change), bot, TODAY)  # type: ignore[arg-type]


def test_answer_does_not_stand_when_its_passage_changed_or_went(bot: Bot, written: Draft) -> None:
    corpus = bot.index.corpus
    assert stands(written, corpus)
    moved = replace(written, citations=(Cited(written.citations[0].passage_id, "新建“长者食堂”6个"),))
    assert not stands(moved, corpus)
    gone = replace(written, citations=(Cited("nowhere", written.citations[0].quote),))
    assert not stands(gone, corpus)


def test_matcher_finds_the_most_alike_and_nothing_for_two_questions_at_once(bot: Bot) -> None:
    matcher = Matcher(bot)
    asked = [QUESTION, "今年新增多少充电桩？"]
    answers = [ApprovedAnswer(q, "", (), date.min, id=str(n)) for n, q in enumerate(asked)]
    found = matcher.find("充电桩今年新增多少个", answers)
    assert found is not None
    assert found.question == asked[1]
    assert matcher.find("老人食堂今年建几个？今年新增多少充电桩？", answers) is None
    assert matcher.find("充电桩装在哪里", answers) is None
    assert matcher.find("充电桩今年新增多少个", []) is None
