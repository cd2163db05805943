from collections import Counter
from pathlib import Path

import pytest

from corpus.corpus import Corpus
from corpus.outline import outline
from corpus.parts import parts_of
from corpus.passage import Document
from corpus.reading.text import read_text
from corpus.targets import Target, alike, targets

EXPECTED = Path(__file__).parent / "targets-luojiang-2025.tsv"


def expected() -> Counter[tuple[str, str]]:
    """Checked once by hand against the report: paragraph, amount."""
    rows = EXPECTED.read_text(encoding="utf-8").splitlines()[1:]
    return Counter((row.split("\t")[0], row.split("\t")[1]) for row in rows)


def read(corpus: Corpus, text: str, kind: str = "annual_plan", heading: str = "一、目标") -> list[Target]:
    document = Document("d", "报告", 2030, kind, "某区", (), "", "", "")  # type: ignore[arg-type]
    passages = outline("d", read_text(f"{heading}\n{text}".encode()))
    parts = parts_of(document, passages)
    return targets(passages, lambda passage: parts[passage.id], corpus.words)


def test_every_promise_of_the_report_is_found_and_nothing_else(corpus: Corpus) -> None:
    found = Counter((t.passage_id.rsplit("-", 1)[1], t.amount) for t in corpus.targets)
    right = sum((found & expected()).values())
    assert right / sum(expected().values()) >= 0.97
    assert right == sum(found.values())


def test_clause_is_verbatim_at_its_offsets(corpus: Corpus) -> None:
    for target in corpus.targets:
        assert corpus.by_id[target.passage_id].text[target.start : target.end] == target.clause
        assert target.amount in target.clause


def test_clause_with_two_figures_gives_two_targets(corpus: Corpus) -> None:
    first, second = read(corpus, "新增公共设施200个以上、停车位300个以上。")
    assert (first.action, first.object, first.number, first.comparator) == ("新增", "公共设施", 200, "以上")
    assert (second.action, second.object, second.number) == ("新增", "停车位", 300)


def test_object_may_follow_its_figure(corpus: Corpus) -> None:
    (target,) = read(corpus, "招引10个以上带动力强的大项目。")
    assert (target.action, target.object) == ("招引", "带动力强的大项目")


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("努力完成4000户的改造任务。", "的改造任务"),
        ("新建2所公立幼儿园。", "公立幼儿园"),
        ("为8000名孤独症儿童免费提供服务。", "孤独症儿童免费提供服务"),
        ("地区生产总值增长5%左右、努力争取更好结果。", "地区生产总值增长"),
    ],
)
def test_what_is_counted_follows_a_verb_or_preposition_and_goes_before_a_share(
    corpus: Corpus, text: str, thing: str
) -> None:
    assert [target.object for target in read(corpus, text)] == [thing]


@pytest.mark.parametrize(
    "text", ["地区生产总值300亿元、增长6%。", "地区生产总值300亿元，同比增长6%。", "地区生产总值300亿元，年均增长6%。"]
)
def test_growth_is_of_the_thing_told_before_it(corpus: Corpus, text: str) -> None:
    told, grown = read(corpus, text)
    assert (told.object, grown.object, grown.amount) == ("地区生产总值", "地区生产总值", "6%")
    assert grown.clause == text.rstrip("。")


def test_figure_alone_is_of_the_thing_told_before_it_and_one_with_its_own_thing_is_not(corpus: Corpus) -> None:
    grown, reached = read(corpus, "地区生产总值增长7.5%，达到326亿元。")
    assert (reached.object, reached.clause) == (grown.object, "地区生产总值增长7.5%，达到326亿元")
    assert [one.object for one in read(corpus, "新建公厕30座，50个停车位。")] == ["新建公厕", "停车位"]


def test_what_stands_behind_a_mark_is_no_object_of_the_figure_before_it(corpus: Corpus) -> None:
    first, second = read(corpus, "城镇新增就业5万人、失业人员实现再就业1万人。")
    assert (first.object, second.object) == ("城镇新增就业", "失业人员实现再就业")


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("地区生产总值完成300亿元。", "全区地区生产总值330亿元。", True),
        ("一般公共预算收入增长6%。", "一般公共财政预算收入按可比口径增长7%。", True),
        ("公厕新建改造30座。", "新建改造公厕34座。", True),
        ("城镇居民收入增长6%。", "农村居民收入增长6%。", False),
        ("地区生产总值300亿元。", "地区生产总值增长6%。", False),
        ("城镇登记失业率4%。", "城镇登记失业率下降4%。", False),
        ("新增就业5000人。", "社会保障和新增就业补助5000人。", False),
    ],
)
def test_statements_are_alike_when_they_count_one_thing_in_one_way(
    corpus: Corpus, one: str, other: str, are: bool
) -> None:
    (first,), (second,) = read(corpus, one), read(corpus, other)
    assert bool(alike(first, second, corpus.words)) is are


def test_range_money_and_deadline_are_read(corpus: Corpus) -> None:
    (target,) = read(corpus, "8月底前完成投资2-3亿元。")
    assert (target.number, target.upper, target.unit, target.deadline) == (2e8, 3e8, "元", "8月底前")


def test_without_a_date_the_plan_s_year_is_the_deadline(corpus: Corpus) -> None:
    assert read(corpus, "新建食堂5个。")[0].deadline == "2030年"


@pytest.mark.parametrize("text", ["瞄准500强企业开展招商。", "拓展5G场景。", "2025年是收官之年。", "办好12345热线。"])
def test_numbers_that_promise_nothing_are_no_targets(corpus: Corpus, text: str) -> None:
    assert not read(corpus, text)


def test_regulation_promises_nothing(corpus: Corpus) -> None:
    assert not read(corpus, "罚款200元以上。", kind="regulation")


def test_review_promises_nothing_and_what_lies_ahead_is_due_at_its_end(corpus: Corpus) -> None:
    assert not read(corpus, "新建食堂5个。", heading="一、2029年工作回顾")
    (target,) = read(corpus, "新建食堂5个。", heading="二、“十六五”时期主要目标")
    assert target.deadline == "2035年"
