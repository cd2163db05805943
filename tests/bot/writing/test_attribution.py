"""Marks given by code."""

from collections.abc import Sequence

import pytest

from bot.writing.attribution import attributed
from bot.writing.faithfulness import Source, Support
from tests.bot.writing.conftest import BESIDE

SOURCES = {
    1: Source(1, "优化养老服务,新建长者食堂5个。", BESIDE),
    2: Source(2, "新增停车位300个以上,新建公园绿地90亩以上。", BESIDE),
    3: Source(3, "硬化改造农村道路10公里以上。", BESIDE),
}


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("今年新建长者食堂5个[1]。", "今年新建长者食堂5个[1]。"),
        ("今年新建长者食堂5个。", "今年新建长者食堂5个[1]。"),
        ("停车位要增加300个以上[7]。", "停车位要增加300个以上[2]。"),
        ("农村道路要硬化10公里以上[1]。", "农村道路要硬化10公里以上[3]。"),
        ("新建长者食堂5个，新增停车位300个以上。", "新建长者食堂5个，新增停车位300个以上[1][2]。"),
        ("新建公园绿地90亩以上", "新建公园绿地90亩以上[2]"),
    ],
)
def test_sentence_gets_the_marks_of_the_passages_that_support_it(support: Support, sentence: str, marked: str) -> None:
    assert attributed(sentence, SOURCES, support, support.fault_against) == (marked, "")


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("今年新建长者食堂15个。", "figure"),
        ("今年新建长者食堂300个以上。", "figure"),
        ("今年新建体育馆5个[1]。", "word"),
        ("详见 www.a.cn。", "markup"),
    ],
)
def test_sentence_that_no_passage_supports_is_told_what_is_wrong(support: Support, sentence: str, fault: str) -> None:
    assert attributed(sentence, SOURCES, support, support.fault_against)[1] == fault


def test_no_passages_are_tried_twice(support: Support) -> None:
    tried: list[tuple[int, ...]] = []

    def fault(_: str, cited: Sequence[Source]) -> str:
        tried.append(tuple(sorted(source.mark for source in cited)))
        return "word"

    attributed("今年新建长者食堂5个[2][1]。", SOURCES, support, fault)
    assert len(tried) == len(set(tried)) == 6
