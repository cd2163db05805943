from pathlib import Path

import pytest

from bot.understanding.details import Details, asked
from bot.understanding.kinds import Cues, Kind
from corpus.encoder import E5Encoder
from corpus.words import Words
from evals import intents, told
from evals.messages import questions
from evals.sources import sources
from tests.conftest import ROOT

CUES = Cues.load(ROOT / "corpus" / "lexicon")


@pytest.fixture(scope="module")
def details() -> Details:
    return Details.load(E5Encoder())


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("今年再多几家医院互认检查结果", {Kind.COUNT}),
        ("老接到骗钱的电话,政府管不管", set()),
        ("要筹多少套保租房", {Kind.COUNT}),
        ("厂里的电费便宜了多少个点", {Kind.RATE}),
        ("上面投了多少钱下去", {Kind.MONEY}),
        ("陪护一天收多少钱", {Kind.PRICE}),
        ("那条断头路几时能通", {Kind.TIME}),
        ("新的养老院盖在哪个镇", {Kind.PLACE}),
        ("低保怎么申请", {Kind.PROCEDURE}),
        ("垃圾分类今年有什么打算", set()),
    ],
)
def test_detail_is_told_by_what_is_meant_rather_than_by_a_word(details: Details, text: str, kinds: set[Kind]) -> None:
    assert {item.kind for item in asked(CUES.items, details.shares(text))} == kinds


def test_shares_are_of_every_label_and_sum_to_one(details: Details) -> None:
    shares = details.shares("停车位几个")
    assert set(Kind) < set(shares)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-4)


def test_likelier_details_come_first(details: Details) -> None:
    found = asked(CUES.items, {"time": 0.4, "count": 0.5, "place": 0.1})
    assert [item.kind for item in found] == [Kind.COUNT, Kind.TIME]


def test_without_an_encoder_the_characters_tell() -> None:
    alone = Details.load(None)
    assert [item.kind for item in asked(CUES.items, alone.shares("新建多少个停车位"))] == [Kind.COUNT]


def test_what_no_report_tells_is_less_likely_told(details: Details) -> None:
    assert details.told("今年停车位增加多少个") > 0.5 > details.told("食堂的电话号码是多少")


def test_weights_are_those_of_the_labelled_questions(details: Details, tmp_path: Path) -> None:
    words = Words(tmp_path)
    assert details.model.learned == intents.digest(intents.asked())
    cases = [case for source in sources() for case in source.cases() if case.half == "dev"]
    assert details.telling.learned == told.digest(told.known(cases, words.fold))


def test_every_label_is_one_that_is_known() -> None:
    labels = {label for message in questions() for label in message.label.split("+")}
    assert labels == {kind.value for kind in Kind} | {"meaning", "claim", "yesno", "what", "statement"}
