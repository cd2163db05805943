"""What an agent finds: all of it, each with words that can be read out and a source that holds them."""

from collections.abc import Iterator
from datetime import date

import pytest

from bot.desk.found import KINDS, Filters, Found, Result
from bot.desk.search import Desk
from bot.errors import QuestionEmpty, QuestionTooLong
from bot.pipeline import Bot
from bot.records.office.approved import ApprovedAnswer, Cited


@pytest.fixture(scope="module")
def desk(bot: Bot) -> Desk:
    return Desk(bot)


def kinds(found: Found) -> list[str]:
    return list(dict.fromkeys(result.kind for result in found.results))


def passages(found: Found) -> Iterator[Result]:
    yield from (result for result in found.results if result.kind in ("body", "annotation"))


@pytest.mark.parametrize(
    "typed", ["食堂", "长者食堂", "老人食堂今年建几", "老人石堂", "我妈八十了，听说今年要建老人食堂？"]
)
def test_paragraph_is_found_by_a_word_half_a_sentence_a_typo_and_a_whole_question(desk: Desk, typed: str) -> None:
    assert any("长者食堂" in result.text for result in passages(desk.search(typed)))


def test_every_mention_of_a_word_is_there_and_counted(bot: Bot, desk: Desk) -> None:
    for word in ("改革", "项目", "2025年", "文旅"):
        standing = {p.id: p.text.count(word) for p in bot.index.corpus.passages if word in p.text}
        found = desk.search(word)
        assert {r.passage_id: r.times for r in passages(found) if r.times} == standing
        assert found.mentions == sum(standing.values())


def test_what_is_read_out_is_the_sources_own_words_with_the_year_of_the_plan(bot: Bot, desk: Desk) -> None:
    for typed in ("食堂", "充电桩", "三医", "道路", "就业"):
        for result in desk.search(typed).results:
            said = result.script.split("：", 1)[1].removesuffix("。")
            assert said in bot.passage(result.passage_id).text
            assert "2025年" in result.script
            assert result.label == "报告原文摘录"
            assert "正文第" in result.source or "附注第" in result.source


def test_highlights_are_the_words_and_their_official_names(desk: Desk) -> None:
    shown = {r.text[start:end] for r in passages(desk.search("充电桩")) for start, end in r.spans}
    assert "公共充换电设施" in shown
    assert {r.text[start:end] for r in passages(desk.search("停车位")) for start, end in r.spans} >= {"停车位"}


def test_term_comes_with_its_explanation_and_target_with_its_amount(desk: Desk) -> None:
    term = desk.search("三医").results[0]
    assert (term.kind, term.title) == ("term", "三医")
    assert "医疗、医保、医药" in term.script
    target = desk.search("停车位").results[0]
    assert (target.kind, target.title) == ("target", "新增停车位 300个以上")
    assert target.text[target.quote[0] : target.quote[1]].startswith("新增公共充换电设施")


def test_filters_alone_list_everything_they_let_through(bot: Bot, desk: Desk) -> None:
    for kind in KINDS[1:]:
        assert kinds(desk.search("", filters=Filters(kind=kind))) == [kind]
    assert len(desk.search("", filters=Filters(quantity=True)).results) == len(bot.targets())
    section = desk.sections[3]
    assert all(section in r.where for r in desk.search("", filters=Filters(section=section)).results)
    assert "8月底前" in desk.deadlines
    due = desk.search("", filters=Filters(deadline="8月底前")).results
    assert due
    assert all("8月底前" in result.text for result in due)


def test_filters_narrow_a_search(desk: Desk) -> None:
    whole = desk.search("项目")
    narrowed = desk.search("项目", filters=Filters(kind="body", section=desk.sections[5]))
    assert 0 < len(narrowed.results) < len(whole.results)
    assert set(narrowed.results) < set(whole.results)


def test_approved_answer_stands_first_with_its_own_label(bot: Bot, desk: Desk) -> None:
    cited = bot.answer("老人食堂今年建几个？").citations[0]
    one = ApprovedAnswer(
        "老人食堂今年建几个？", "计划新建5个。[1]", (Cited(cited.passage_id, cited.quote),), date(2025, 1, 1),
        variants=("哪里能给爷爷打饭",), id="a1",
    )  # fmt: skip
    first = desk.search("食堂", [one]).results[0]
    assert (first.kind, first.id, first.label) == ("approved", "a1", "人工审定")
    assert first.script == "计划新建5个。"
    assert desk.search("打饭", [one]).results[0].id == "a1"
    assert kinds(desk.search("停车位", [one]))[0] != "approved"


def test_answer_is_read_out_without_marks_and_a_refusal_as_it_is(bot: Bot, desk: Desk) -> None:
    told = desk.script_of(bot.answer("老人食堂今年建几个？"))
    assert told.script.endswith("新建“长者食堂”5个。")
    assert "[1]" not in told.script
    assert told.text[told.quote[0] : told.quote[1]] in told.script
    refused = desk.script_of(bot.answer("今天天气怎么样"))
    assert "12345" in refused.script
    assert refused.source == ""


def test_personal_data_in_a_pasted_question_is_not_searched_for(desk: Desk) -> None:
    with_number = desk.search("我的电话13812345678，长者食堂在哪里")
    assert any("长者食堂" in result.text for result in with_number.results)
    assert with_number.mentions == 0


def test_unusable_words_are_refused(desk: Desk) -> None:
    with pytest.raises(QuestionEmpty):
        desk.search("  ")
    with pytest.raises(QuestionTooLong):
        desk.search("食堂" * 400)
