"""A regulation is answered from by its articles: an item never without what it hangs on, a rule with its conditions."""

from collections.abc import Iterator

import pytest

from bot.answer import Status
from bot.pipeline import Bot
from tests.conftest import bot_over

TEXT = """某市电梯安全办法
第一章 总则
第一条 为了保障电梯安全，制定本办法。
第二章 使用
第二条 电梯发生困人的，物业服务人应当在三十分钟内赶到现场救援。
第三条 有下列情形之一的，维修费用由业主承担：
（一）质量保证期满后更换部件的；
（二）装修损坏电梯的。
第四条 有下列情形之一的，维修费用由制造单位承担：
（一）部件有制造缺陷的；
（二）质量保证期内自行损坏的。
第五条 电梯停用超过二十四小时的，物业服务人应当公告原因。
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    fields = "title: 某市电梯安全办法\nyear: 2030\nkind: regulation"
    with bot_over(tmp_path_factory.mktemp("rules"), lifts=(fields, TEXT)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("asked", "lead", "item"),
    [
        ("装修碰坏电梯修起来谁出钱", "维修费用由业主承担", "装修损坏电梯的"),
        ("零件本身有制造缺陷谁出钱修", "维修费用由制造单位承担", "部件有制造缺陷的"),
    ],
)
def test_item_is_quoted_with_what_it_hangs_on(rules: Bot, asked: str, lead: str, item: str) -> None:
    said = rules.answer(asked).answer
    assert lead in said
    assert item in said


@pytest.mark.parametrize("told", ["我们小区电梯困人,等了一个钟头物业才来", "电梯老停,停两天了物业一个字不说"])
def test_who_tells_of_a_case_is_told_what_the_rules_say_of_it(rules: Bot, told: str) -> None:
    answer = rules.answer(told)
    assert any("物业服务人应当" in citation.quote for citation in answer.citations)


def test_rule_is_quoted_with_its_condition(rules: Bot) -> None:
    answer = rules.answer("电梯停了多久物业要说明原因")
    assert "停用超过二十四小时" in answer.answer
    assert answer.citations[0].part.kind == "rules"
    assert "计划" not in answer.answer


def test_what_the_rules_do_not_say_is_declined(rules: Bot) -> None:
    assert rules.answer("电梯广告收入一年有多少").status is Status.NOT_IN_REPORT
