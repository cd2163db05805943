"""The rules of judging, on a text that is not the report's: they hold for any plan."""

import re
from collections.abc import Iterator

import pytest

from bot.pipeline import Bot
from tests.conftest import bot_over

PLAN = """一、2030年工作安排
全年重点抓好以下4个方面的工作:
(一)保障民生
完善公共服务。新建社区图书馆6座,改造农贸市场3个;新增公交线路4条,开通云岭镇至湖东村专线。云岭镇中心小学9月建成招生,湖东医院动工建设。
繁荣文化事业。举办“湖东灯会”等活动12场次以上,培育剧团2家。
附注
1.两化:绿化、亮化。
"""


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    fields = "title: 2030年某区工作安排\nyear: 2030"
    with bot_over(tmp_path_factory.mktemp("other"), other=(fields, PLAN)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("图书馆今年建几座", "新建社区图书馆6座"),
        ("菜市场改造几个", "改造农贸市场3个"),
        ("云岭镇中心小学几月招生", "9月建成招生"),
        ("湖东医院什么时候动工", "湖东医院动工建设"),
        ("两化是什么意思", "绿化、亮化"),
        ("文化活动办多少场", "12场次以上"),
    ],
)
def test_what_the_text_says_is_answered(other: Bot, question: str, told: str) -> None:
    answer = other.answer(question)
    assert answer.status.value == "answered"
    assert told in answer.answer
    assert "2030年" in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "图书馆几点开门",
        "图书馆建在哪里",
        "农贸市场改造哪家公司施工",
        "湖东医院什么时候投用",
        "湖东医院有多少张床位",
        "剧团怎么报名",
        "培育的是哪两家剧团",
        "公交票价多少钱",
        "去年建了几座图书馆",
        "为什么只建6座图书馆",
        "机场什么时候通航",
    ],
)
def test_what_it_does_not_say_is_declined(other: Bot, question: str) -> None:
    assert other.answer(question).status.value == "unanswerable_not_in_report"


def test_claim_is_held_against_the_text(other: Bot) -> None:
    assert "不同" in other.answer("今年建16座图书馆对吧").answer
    assert "不同" not in other.answer("今年建6座图书馆对吧").answer


def test_claim_of_another_year_is_held_against_the_year_that_tells_of_it(other: Bot) -> None:
    answer = other.answer("湖东医院2029年就动工了对吧")
    assert "湖东医院动工建设" in answer.answer
    assert "2030年" in answer.answer


def test_claim_is_not_denied_by_a_figure_of_something_else(other: Bot) -> None:
    assert "不同" not in other.answer("听说今年开通专线5条").answer
    assert "不同" in other.answer("听说今年新增公交线路5条").answer


def test_claim_of_an_amount_that_nobody_tells_is_not_confirmed(other: Bot) -> None:
    assert "没有这样写" in other.answer("听说今年公交专线花了300万元").answer
    assert "没有这样写" in other.answer("听说湖东医院是北京来建的吧").answer
    assert "没有这样写" in other.answer("听说华为要给湖东医院动工,真的吗").answer
    assert "没有这样写" not in other.answer("今年建6座图书馆对吧").answer
    assert "没有这样写" not in other.answer("图书馆是不是一个社区一个社区建").answer


def test_sentence_that_only_announces_is_no_answer(other: Bot) -> None:
    assert "以下4个方面" not in other.answer("城里要多出来多少份活儿").answer


def test_several_questions_are_answered_one_by_one(other: Bot) -> None:
    answer = other.answer("图书馆建几座?公交线路新增几条?")
    assert "6座" in answer.answer
    assert "4条" in answer.answer


def test_part_that_is_not_said_is_named_beside_the_part_that_is(other: Bot) -> None:
    answer = other.answer("图书馆建几座?图书馆几点开门?")
    assert "6座" in answer.answer
    assert "“图书馆几点开门”" in answer.answer
    assert "没有说明" in answer.answer


def test_part_of_which_nothing_is_said_is_named_too(other: Bot) -> None:
    answer = other.answer("图书馆建几座?公交票价多少钱?")
    assert "6座" in answer.answer
    assert "公交票价多少钱" in answer.answer


def test_proof_in_a_clause_on_something_else_proves_nothing(other: Bot) -> None:
    answer = other.answer("湖东医院几月投用")  # September is the school's
    assert answer.status == "unanswerable_not_in_report"
    assert "时间" in answer.answer


@pytest.mark.parametrize("text", ["图书馆座位太少了,天天去都坐不下", "求你们给湖东医院多派几个医生吧,排队排到腿软"])
def test_who_complains_or_pleads_is_told_where_to_turn_and_no_plan(other: Bot, text: str) -> None:
    answer = other.answer(text)
    assert answer.status == "unanswerable_not_in_report"
    assert "计划是" not in answer.answer
    assert "12345" in answer.answer


def test_list_that_is_not_quoted_whole_says_how_many_there_are(bot: Bot) -> None:
    answer = bot.answer("有数字的目标都有哪些")
    found = re.search(r"一共(\d+)项，这里是(\d+)项", answer.answer)
    assert found
    assert int(found.group(1)) == len({(t.passage_id, t.start) for t in bot.targets()})
    assert 0 < int(found.group(2)) < int(found.group(1))


@pytest.mark.parametrize("asked", ["2023年有数字的目标都有哪些", "十三五建了多少长者食堂"])
def test_list_or_span_of_years_that_are_not_held_is_declined(bot: Bot, asked: str) -> None:
    answer = bot.answer(asked)
    assert answer.status.value == "unanswerable_not_in_report"
    assert answer.citations == ()
