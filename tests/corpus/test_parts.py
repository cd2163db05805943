import pytest

from corpus.corpus import Corpus
from corpus.parts import looks_back


@pytest.mark.parametrize(
    ("heading", "opening"),
    [
        ("一、2024年工作回顾", "全年生产总值增长百分之五。"),
        ("一、不忘初心，取得新成效", "2024年是很不平凡的一年。"),
        ("一、稳中求进", "过去的一年，我们坚持稳字当头。"),
        ("", "一年来，全区上下同心。"),
    ],
)
def test_part_that_looks_back_is_known_by_its_heading_or_opening(heading: str, opening: str) -> None:
    assert looks_back(heading, opening, 2025)


@pytest.mark.parametrize(
    ("heading", "opening"),
    [("二、2025年工作安排", "2025年是收官之年。"), ("三、建设人民满意的政府", "坚持为民服务。"), ("", "各位代表：")],
)
def test_part_that_plans_is_of_the_reports_own_year(heading: str, opening: str) -> None:
    assert not looks_back(heading, opening, 2025)


def test_every_passage_has_its_year(corpus: Corpus) -> None:
    assert {corpus.year_of(passage) for passage in corpus.passages} == {2025}
