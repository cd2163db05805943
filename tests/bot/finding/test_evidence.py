from dataclasses import replace

import pytest

from bot.finding.evidence import Evidence, concept_strength, joined, lead_of, strength, trimmed, whole_list
from bot.understanding.topics import Concept
from corpus.passage import Passage

TEXT = "目标是:产值增长6%;出口增长5%;投资增长8%。做好其他工作。"
PASSAGE = Passage("p", "d", "body", 1, (), TEXT, 0, len(TEXT))


def evidence(quote: str) -> Evidence:
    start = TEXT.index(quote)
    return Evidence(PASSAGE, start, start + len(quote), 1.0, 1.0, 1.0, True, frozenset())


@pytest.mark.parametrize(
    ("name", "text", "least", "most"),
    [
        ("食堂", "新建长者食堂", 1, 1),
        ("食堂", "新建餐厅", 0, 0),
        ("口袋小公园", "打造口袋公园", 0.3, 0.7),
        ("gdp", "gd", 0, 0),
    ],
)
def test_strength_is_full_for_the_name_and_less_for_most_of_it(name: str, text: str, least: float, most: float) -> None:
    assert least <= strength(name, text) <= most


def test_best_name_of_a_concept_decides() -> None:
    concept = Concept(("饭堂",), (("饭堂", 1.0), ("食堂", 0.8)), 1.0)
    assert concept_strength(concept, "新建长者食堂") == 0.8


def test_neighbouring_sentences_become_one_quote() -> None:
    (one,) = joined([evidence("出口增长5%"), evidence("产值增长6%")])
    assert one.quote == "产值增长6%;出口增长5%"


def test_distant_sentences_stay_apart() -> None:
    assert len(joined([evidence("产值增长6%"), evidence("做好其他工作")])) == 2


def test_enumeration_is_quoted_whole() -> None:
    assert whole_list(evidence("出口增长5%")).quote == "目标是:产值增长6%;出口增长5%;投资增长8%"


def test_sentence_without_semicolons_is_no_enumeration() -> None:
    one = evidence("做好其他工作")
    assert whole_list(one) == replace(one)


def test_quotes_end_without_stops() -> None:
    assert trimmed("新建食堂5个,。", 8) == 6


def test_annotation_is_quoted_whole_without_its_number() -> None:
    text = "20.十件实事:办学校,修道路。还有种树。"
    passage = Passage("n", "d", "annotation", 20, (), text, 0, len(text))
    quoted = whole_list(Evidence(passage, 9, 12, 1.0, 1.0, 1.0, True, frozenset())).quote
    assert quoted == "十件实事:办学校,修道路。还有种树"


def test_item_of_an_article_comes_with_what_it_hangs_on() -> None:
    text = "第九条 有下列情形之一的，学校承担责任：\n（一）设备不合格的；\n（二）场地有险，未及时修的。\n学校应当公开。"
    article = Passage("a", "d", "body", 9, ("第九条",), text, 0, len(text))

    def quoted(words: str) -> Evidence:
        start = text.index(words)
        return Evidence(article, start, start + len(words), 1.0, 1.0, 1.0, True, frozenset())

    lead = lead_of(quoted("未及时修的"))
    assert lead is not None
    assert lead.quote == "第九条 有下列情形之一的，学校承担责任"
    assert lead_of(quoted("学校应当公开")) is None
    assert lead_of(quoted("有下列情形之一的")) is None
