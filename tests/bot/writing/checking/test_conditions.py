import re

import pytest

from bot.settings import ROOT
from bot.wording import read_yaml
from bot.writing.checking.clauses import clauses_of
from bot.writing.checking.conditions import Conditions, sets_condition
from corpus.corpus import Corpus


@pytest.fixture(scope="module")
def conditions(corpus: Corpus) -> Conditions:
    return Conditions(re.compile(read_yaml(ROOT / "prompts" / "check.yaml")["entitles"]), corpus.words)


@pytest.mark.parametrize(
    ("source", "at", "kept"),
    [
        ("对低保家庭每户每年补助取暖费800元", 0, "低保家庭"),
        ("符合条件的企业可享受稳岗返还", 0, "符合条件"),
        ("对连续缴费满一年的,给予奖励", 1, "连续缴费满一年"),
        ("学位不足时,可以统筹安排", 1, "学位不足"),
        ("经区政府批准,可以燃放", 1, "区政府批准"),
        ("可以在指定区域燃放", 0, "区域"),
        ("为特殊人群送医入户", 0, "特殊人群"),
        ("示范区内化肥用量减少15%", 0, "示范区"),
        ("父母一方须参保,且居住证签发满半年", 0, "居住证签发"),
    ],
)
def test_condition_left_out_is_told(conditions: Conditions, source: str, at: int, kept: str) -> None:
    clause = clauses_of(source)[at]
    assert kept in conditions.dropped(clause, lambda _: 0.0)
    assert not conditions.dropped(clause, lambda _: 1.0)


@pytest.mark.parametrize("source", ["新增停车位300个以上", "推动医院建成投用", "为了减轻负担,加快改革", "对外开放扩大"])
def test_clause_that_hangs_on_nothing_has_no_condition(conditions: Conditions, source: str) -> None:
    assert not conditions.dropped(clauses_of(source)[-1], lambda _: 0.0)


def test_condition_itself_is_no_statement() -> None:
    assert sets_condition("符合条件的")
    assert not sets_condition("对低保家庭每户每年补助800元")
