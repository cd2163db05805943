import pytest

from bot.privacy import mask, without_personal_data


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
