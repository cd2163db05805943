import re

import pytest

from bot.guarding.privacy import mask, without_personal_data
from evals.case import CASES, load
from tests.bot.personal import messages


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我电话13812345678找我", "[电话号码]"),
        ("身份证11010519491231002X", "[身份证号]"),
        ("卡号6222 0200 0000 0000 000", "[银行卡号]"),
        ("邮箱 zhang.san@example.com", "[邮箱]"),
        ("车牌闽C12345被拖走", "[车牌号]"),
        ("我住万虹路128号3栋502室", "[住址]"),
    ],
)
def test_personal_data_is_masked_by_its_kind(text: str, masked: str) -> None:
    result = mask(text)
    assert masked in result
    assert not any(c.isdigit() for c in result)


def test_long_number_with_a_wrong_checksum_is_masked_all_the_same() -> None:
    assert mask("身份证110105194912310021") == "身份证[号码]"


@pytest.mark.parametrize(
    "text", ["新增停车位300个以上", "2025年秋季", "12345热线", "硬化10公里,投资159亿元", "3366警务"]
)
def test_figures_of_a_question_are_left_alone(text: str) -> None:
    assert mask(text) == text


def test_what_is_left_holds_the_question_and_no_trace() -> None:
    left = without_personal_data("我电话是13812345678,长者食堂今年建几个")
    assert "长者食堂今年建几个" in left
    assert "电话" not in left


def test_of_invented_messages_nearly_all_are_masked() -> None:
    told = messages(300)
    unmasked = [m.text for m in told if m.raw in mask(m.text) or re.search(r"\d{5}", mask(m.text))]
    assert len(unmasked) <= 300 * 0.02, unmasked


def test_ordinary_questions_are_left_alone() -> None:
    asked = [case.question for path in sorted(CASES.glob("*/dev-*.jsonl")) for case in load(path)]
    plain = [q for q in asked if not re.search(r"\d{7}|[A-Z]\d|我叫|姓名|号楼|\d号|\d栋", q)]
    changed = [q for q in plain if mask(q) != q]
    assert len(plain) > 1000
    assert len(changed) <= len(plain) * 0.01, changed


def test_what_people_do_is_no_name() -> None:
    assert mask("我是开饭馆的,区里有什么计划") == "我是开饭馆的,区里有什么计划"
    assert mask("我是林阿明,区里有什么计划").startswith("[姓名]")


def test_two_addresses_that_run_on_are_both_masked() -> None:
    assert mask("zhang@qq.com.+li@163.com") == "[邮箱][邮箱]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("家住万安社区滨江花园3栋502室漏水", "[住址]漏水"),
        ("河市镇新街12号,罗溪村 7 号楼 2单元 301", "[住址],[住址]"),
        ("路1号楼", "路1号楼"),
        ("中路1号村路2号", "[住址][住址]"),
        ("号楼 12号", "号楼 12号"),
    ],
)
def test_house_number_is_masked_with_the_streets_before_it(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_blanks_before_a_mask_go_with_it() -> None:
    assert without_personal_data("我的电话是  13812345678  谢谢") == "   谢谢"
    assert without_personal_data("食堂 \n 13812345678") == "食堂 "


@pytest.mark.parametrize("odd", ["\0", "\x1f", "\ud800"])
def test_characters_that_cannot_be_written_do_not_hide_a_number(odd: str) -> None:
    assert mask(f"电话138{odd}1234{odd}5678") == "电话[电话号码]"
