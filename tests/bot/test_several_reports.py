"""Reports of several years and versions of a regulation side by side: the year asked decides, else the latest."""

from collections.abc import Iterator

import pytest

from bot.pipeline import Bot
from tests.bot.web.conftest import client_of
from tests.conftest import bot_over

TEXTS = {
    "mou-2030": (
        "某区2030年政府工作报告",
        "annual_plan",
        "一、2029年工作回顾\n过去一年，新建社区食堂9个，改造公厕21座。\n二、2030年工作安排\n今年新建社区食堂12个。",
    ),
    "mou-2031": (
        "某区2031年政府工作报告",
        "annual_plan",
        "一、2030年工作回顾\n过去一年，新建社区食堂11个。\n二、2031年工作安排\n今年新建社区食堂15个，种植行道树八百棵。",
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
    assert {(c.part.kind, c.quote[-3:]) for c in answer.citations} <= {("review", "11个"), ("plan", "12个")}
    assert "2030年的情况" in answer.answer


def test_course_over_the_years_is_told_year_by_year(several: Bot) -> None:
    said = several.answer("社区食堂这几年每年建多少个").answer
    places = [said.index(told) for told in ("2029年的情况", "9个", "2030年的", "2031年的计划", "15个")]
    assert places == sorted(places)


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
    assert linked == {("mou-2030", "12个"): "11个"}


def test_progress_is_shown_with_the_targets(several: Bot) -> None:
    client = client_of(several)
    told = [t["result"] for t in client.get("/api/targets").json()["targets"] if t["result"]]
    assert [(one["document"], one["amount"]) for one in told] == [("某区2031年政府工作报告", "11个")]
    page = client.get("/targets").text
    assert "进度：《某区2031年政府工作报告》说" in page
    assert "后来的报告" in client.get("/api/targets.csv").text
