from pathlib import Path

import pytest

from bot import tuning
from bot.pipeline import Bot
from bot.understanding.question import Question, by_years, following, parts, understand
from corpus.corpus import read_corpus


@pytest.fixture(scope="module")
def read(bot: Bot):  # type: ignore[no-untyped-def]
    def of(text: str, context: Question | None = None) -> Question:
        alone = understand(bot.index.corpus.words.fold(text), bot.language)
        return following(alone, context, bot.language) if context else alone

    return of


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("一餐多少钱", "price"),
        ("怎么报名", "procedure"),
        ("谁负责这件事", "who"),
        ("哪家公司承建", "who"),
        ("什么时候开学", "time"),
        ("建在哪里", "place"),
        ("是哪几个村", "place"),
        ("增长多少", "rate"),
        ("一共投资多少亿", "money"),
        ("新增几个", "count"),
        ("为什么不建", "reason"),
        ("联系电话是多少", "contact"),
    ],
)
def test_the_thing_asked_for_is_heard(read, text: str, asked: str) -> None:  # type: ignore[no-untyped-def]
    assert asked in [item.kind for item in read(text).asked]


def test_more_telling_reading_wins(read) -> None:  # type: ignore[no-untyped-def]
    assert [item.kind for item in read("全年投资多少钱").asked] == ["money"]


def test_everyday_words_go_by_their_official_names(read) -> None:  # type: ignore[no-untyped-def]
    names = dict(read("老人饭堂").concepts[0].names)
    assert names["长者食堂"] == max(names.values())


def test_place_of_the_document_tells_nothing(read) -> None:  # type: ignore[no-untyped-def]
    assert not read("洛江区").concepts


def test_side_remarks_weigh_less_than_the_question(read) -> None:  # type: ignore[no-untyped-def]
    story = read("我家旁边的公园晚上很吵很吵,天天睡不好觉,孩子也没法写作业,请问今年停车位增加多少?")
    weights = {said: c.weight for c in story.concepts for said in c.said}
    assert weights["停车位"] > weights["公园"]


def test_last_year_is_the_year_before_the_report(read) -> None:  # type: ignore[no-untyped-def]
    assert read("去年建了几个").year == 2024
    assert read("2023年呢").year == 2023
    assert read("今年建几个").year is None


def test_claim_carries_its_figures(read) -> None:  # type: ignore[no-untyped-def]
    claim = read("报告说新建十个长者食堂对吧")
    assert claim.is_claim
    assert [f.value for f in claim.figures] == [10]


def test_name_that_no_document_holds_is_noticed_in_a_claim(read) -> None:  # type: ignore[no-untyped-def]
    assert read("区医院是跟南方医科大学附属医院合作吧").unheard
    assert not read("区医院是跟泉州市第一医院合作吧").unheard


def test_follow_up_takes_what_it_leaves_out_from_the_turn_before(read) -> None:  # type: ignore[no-untyped-def]
    follow_up = read("停车位呢", read("新增多少充电桩"))
    assert follow_up.asks("count")
    weights = {said: c.weight for c in follow_up.concepts for said in c.said}
    assert weights["停车位"] > weights["充电桩"]


def test_bound_is_the_amount_by_which_targets_are_picked_out(read) -> None:  # type: ignore[no-untyped-def]
    bound = read("有哪些200个以上的指标").bound
    assert bound
    assert (bound.figure.value, bound.figure.dimension, bound.below) == (200, "count", False)
    assert read("低于5%的指标有哪些").bound.below
    assert read("充电桩是200个以上对吧").bound is None


def test_both_years_make_a_question_of_each_when_documents_tell_of_both(bot: Bot, read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "documents" / "two-2025"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("一、2024年工作回顾\n新增停车位200个。\n二、2025年工作安排\n新增停车位300个。")
    (folder / "document.yaml").write_text("title: 报告\nyear: 2025\npublisher: 某区\nfile: a.txt\n")
    both = read_corpus(folder.parent, bot.settings.lexicon_dir, tmp_path / "data")
    asked = read("停车位去年加了多少,今年加多少")
    assert [q.period.until for q in by_years(asked, both)] == [2024, 2025]
    assert [q.period.until for q in by_years(asked, bot.index.corpus)] == [2024, 2025]  # of last year it tells nothing
    assert len(by_years(read("停车位今年加多少"), both)) == 1


def test_comparison_with_last_year_is_not_about_last_year(read) -> None:  # type: ignore[no-untyped-def]
    assert read("要比去年多多少").year is None
    assert read("去年完成了多少").year is not None


def test_follow_up_that_asks_for_itself_takes_only_the_topic_before(read) -> None:  # type: ignore[no-untyped-def]
    before = read("双阳哪里有电商园")
    assert not read("那怎么帮企业把货卖到国外", before).asks("place")
    assert read("那停车位呢", read("充电桩新增多少")).asks("count")


def test_space_parts_questions_as_a_comma_does(bot: Bot) -> None:
    turn = "今年新增就业多少人 停车位新增多少个"
    assert len(parts(turn, bot.language)) == 2


def test_turn_has_so_many_questions_at_most(bot: Bot) -> None:
    asked = parts("食堂几个?学校几个?医院几个?道路几个?公园几个?车位几个?床位几个?岗位几个?", bot.language)
    assert len(asked) == tuning.MOST_QUESTIONS
    assert asked[-1].endswith("岗位几个?")
