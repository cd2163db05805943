import pytest

from bot.answer import Citation, CitedPart
from bot.answering.citations import CheckFailed, check

TEXT = "优化养老服务,新建“长者食堂”5个,提升幸福院3个。"


def citation(quote: str = "新建“长者食堂”5个", mark: int = 1) -> Citation:
    start = max(TEXT.find(quote), 0)
    part = CitedPart("一、安排", "plan", 2025, "2025年")
    return Citation(mark, "p", "报告", 2025, part, "body", (), TEXT, quote, start, start + len(quote))


def test_supported_text_passes() -> None:
    check("新建“长者食堂”5个。[1]", [citation()])


@pytest.mark.parametrize("text", ["新建“长者食堂”6个。[1]", "新建5个以上。[1]", "2026年新建5个。[1]"])
def test_figure_that_no_cited_passage_holds_is_stopped(text: str) -> None:
    with pytest.raises(CheckFailed, match="figure"):
        check(text, [citation()])


def test_unknown_mark_is_stopped() -> None:
    with pytest.raises(CheckFailed, match="mark"):
        check("新建5个。[2]", [citation()])


@pytest.mark.parametrize("quote", ["新建“长者食堂”8个", ""])
def test_quote_that_is_not_in_the_passage_is_stopped(quote: str) -> None:
    with pytest.raises(CheckFailed, match="quote"):
        check("好。[1]", [citation(quote)])


def test_figures_of_our_own_wording_need_no_passage() -> None:
    check("2025年的计划是:新建5个。[1]", [citation()], said="2025年")
