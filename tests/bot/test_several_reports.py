"""Reports of several years and versions of a regulation side by side: the year asked decides, else the latest."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.answering.replies import Judged
from bot.desk.search import Desk
from bot.finding.evidence import Evidence
from bot.judging.decide import Judgement, Outcome
from bot.pipeline import Bot
from bot.web.rendering import Views
from tests.bot.web.conftest import client_of
from tests.conftest import bot_over

TEXTS = {
    "mou-2030": (
        "某区2030年政府工作报告",
        "annual_plan",
        "一、2029年工作回顾\n过去一年，新建社区食堂9个，改造公厕21座。地区生产总值完成300亿元，同比增长6.2%。\n"
        "二、2030年工作安排\n今年新建社区食堂12个。地区生产总值增长7%左右。城镇居民人均可支配收入增长5%。",
    ),
    "mou-2031": (
        "某区2031年政府工作报告",
        "annual_plan",
        "一、2030年工作回顾\n过去一年，新建社区食堂11个。全区地区生产总值330亿元、增长6.8%。\n"
        "二、2031年工作安排\n今年新建社区食堂15个，种植行道树八百棵。农村居民人均可支配收入增长8%。",
    ),
    "dogs-2028": ("某区养犬办法", "regulation", "第一条 犬只登记费每只每年500元。\n第二条 遛犬应当牵绳。"),
    "dogs-2033": ("某区养犬办法", "regulation", "第一条 犬只登记费每只每年200元。\n第二条 遛犬应当牵绳。"),
}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    documents = {
        name: (f"title: {title}\nyear: {name[-4:]}\nkind: {kind}", text) for name, (title, kind, text) in TEXTS.items()
    }
    twin = {"twin-2031": documents["mou-2031"]}
    with bot_over(tmp_path_factory.mktemp("several"), **documents, **twin) as opened:
        yield opened


@pytest.mark.parametrize(
    ("asked", "told", "untold"),
    [
        ("社区食堂今年建几个", "15个", "12个"),
        ("社区食堂去年建了几个", "11个", "9个"),
        ("前年社区食堂建了几个", "9个", "15个"),
        ("登记养狗一年多少钱", "200元", "500元"),
        ("行道树要种多少棵", "八百棵", "11个"),
    ],
)
def test_year_asked_decides_and_else_the_latest(several: Bot, asked: str, told: str, untold: str) -> None:
    said = several.answer(asked).answer
    assert told in said
    assert untold not in said


def test_plan_of_a_year_and_what_came_of_it_are_told_apart(several: Bot) -> None:
    answer = several.answer("2030年社区食堂建了几个")
    assert {(c.part.kind, c.quote[-3:]) for c in answer.citations} == {("review", "11个"), ("plan", "12个")}
    assert "2030年的计划" in answer.answer


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("12个", "2031年的报告说后来做到的是：新建社区食堂11个。[2]"),
        ("11个", "2030年的报告当时的计划是：今年新建社区食堂12个。[2]"),
    ],
)
def test_promise_and_result_are_told_with_each_other(several: Bot, amount: str, told: str) -> None:
    corpus, question = several.index.corpus, several.reader.read("2030年社区食堂建了几个").questions[0]
    (one,) = (one for statements in corpus.stated.values() for one in statements if one.amount == amount)
    quoted = Evidence(corpus.by_id[one.passage_id], one.start, one.end, 1.0, 1.0, 1.0, True, frozenset())
    answer = several.speaker.quote([Judged(question, (), Judgement(Outcome.ANSWERED, (quoted,)))], [])
    assert answer.answer.splitlines()[1:] == [told]


def test_result_is_told_with_what_had_been_promised_and_then_nothing_is_left_to_ask(several: Bot) -> None:
    answer = several.answer("2030年全区地区生产总值实际增长百分之几")
    assert {c.part.kind for c in answer.citations} == {"plan", "review"}
    assert "完成了没有" not in Views(several, today=date(2032, 1, 1)).turn("", answer)


def rows(answer: Answer) -> list[tuple[int, str | None, str]]:
    return [(row.year, row.kind, row.figure) for row in answer.compared]


def test_course_over_the_years_is_a_table_of_plans_and_results(several: Bot) -> None:
    answer = several.answer("社区食堂这几年每年建多少个")
    assert rows(answer) == [
        (2029, "review", "9个"),
        (2030, "plan", "12个"),
        (2030, "review", "11个"),
        (2031, "plan", "15个"),
    ]
    assert [row.figure in answer.citations[row.mark - 1].quote for row in answer.compared] == [True] * 4
    assert "2030年的结果：新建社区食堂11个。[3]" in answer.answer


@pytest.mark.parametrize("asked", ["GDP目标这几年怎么变", "地区生产总值增速2029年到2031年怎么变化"])
def test_only_figures_of_one_kind_are_compared_and_a_year_without_is_named(several: Bot, asked: str) -> None:
    answer = several.answer(asked)
    assert rows(answer) == [
        (2029, "review", "6.2%"),
        (2030, "plan", "7%左右"),
        (2030, "review", "6.8%"),
        (2031, None, ""),
    ]
    assert "2031年：没有查到同样的数字。" in answer.answer
    assert answer.citations[0].quote == "地区生产总值完成300亿元，同比增长6.2%"


def test_year_that_is_not_held_is_told_from_one_without_the_figure(several: Bot) -> None:
    answer = several.answer("2027年、2030年和2031年新建社区食堂分别是多少个")
    assert (2027, None, "") in rows(answer)
    assert "2027年：没有收录写这一年的报告。" in answer.answer


def test_another_thing_is_no_row_of_the_table(several: Bot) -> None:
    answer = several.answer("城镇居民人均可支配收入今年和去年比增长多少")
    assert not answer.compared
    assert "8%" not in [row.figure for row in answer.compared]


def test_comparison_is_read_out_and_copied_in_lines_and_no_model_puts_it_into_words(several: Bot) -> None:
    prepared = several.prepared("社区食堂这几年每年建多少个", ())
    line = "2030年的结果：新建社区食堂11个。"
    assert line in Desk(several).script_of(prepared.answer).script
    assert f"{line}[3]" in Views(several).copied("", prepared.answer)
    assert not prepared.can_be_phrased
    assert several.prepared("社区食堂今年建几个", ()).can_be_phrased


def test_comparison_is_a_table_on_the_page_and_lines_where_there_is_only_text(several: Bot) -> None:
    asked = "社区食堂这几年每年建多少个"
    client = client_of(several)
    page = client.get("/lite", params={"q": asked}).text
    table = page[page.index('<table class="compared">') : page.index("</table>")]
    assert table.count("<tr>") == 5
    assert "<td>结果</td><td><strong>11个</strong></td><td>新建社区食堂11个" in table
    assert page.count("<figure") == 4
    body = client.post("/api/ask", json={"question": asked}).json()
    assert body["compared"][1] == {"year": 2030, "kind": "plan", "figure": "12个", "mark": 2, "note": ""}
    assert "2030年的计划：今年新建社区食堂12个。[2]" in body["answer"]


def test_what_only_an_older_report_tells_is_told_with_its_year(several: Bot) -> None:
    answer = several.answer("公厕改造了多少座")
    assert "21座" in answer.answer
    assert "2029年" in answer.answer


def test_document_that_is_there_twice_is_used_once(several: Bot) -> None:
    assert "twin-2031" not in several.index.corpus.documents
    assert "同一份文件" in several.index.corpus.skipped["twin-2031"]


def test_promise_is_linked_with_what_the_next_report_says_came_of_it(several: Bot) -> None:
    corpus = several.index.corpus
    linked = {
        (t.document_id, t.amount): corpus.progress[t.id].amount for t in corpus.targets if t.id in corpus.progress
    }
    assert linked == {("mou-2030", "12个"): "11个", ("mou-2030", "7%左右"): "6.8%"}


def test_progress_is_shown_with_the_targets(several: Bot) -> None:
    client = client_of(several)
    told = [t["result"] for t in client.get("/api/targets").json()["targets"] if t["result"]]
    assert [(one["document"], one["amount"]) for one in told] == [
        ("某区2031年政府工作报告", "11个"),
        ("某区2031年政府工作报告", "6.8%"),
    ]
    page = client.get("/targets").text
    assert "进度：《某区2031年政府工作报告》说" in page
    assert "后来的报告" in client.get("/api/targets.csv").text


def test_place_that_is_named_decides_between_reports_of_several_places(tmp_path: Path) -> None:
    fields = "title: {0}2031年政府工作报告\nyear: 2031\npublisher: {0}人民政府\nplace_names: [{0}]"
    text = "一、2030年工作回顾\n过去一年，新建社区食堂{}个。\n二、2031年工作安排\n今年新建社区食堂{}个。"
    here, there = ((fields.format("临江区"), text.format(11, 15)), (fields.format("望海区"), text.format(21, 25)))
    with bot_over(tmp_path, here=here, there=there) as bot:
        for place, figures in (("临江区", ["11个", "15个"]), ("望海区", ["21个", "25个"])):
            assert [row.figure for row in bot.answer(f"{place}去年和今年各建多少个社区食堂").compared] == figures
            assert f"{figures[1]}。" in bot.answer(f"{place}今年新建多少个社区食堂").answer
