import pytest

from corpus.figures import arabic, figures


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator"),
    [
        ("新增公共充换电设施200个以上", 200, "个", "以上"),
        ("总投资2亿元以上", 2e8, "元", "以上"),
        ("增长6.2%", 6.2, "%", ""),
        ("服务业增加值超160亿元", 160e8, "元", "超"),
        ("拓市场100家次以上", 100, "家次", "以上"),
        ("带动全省1万多个村", 1e4, "个", "多"),
        ("外调绿电力争达到400亿千瓦时", 400e8, "千瓦时", "达到"),
    ],
)
def test_figure_is_read_with_unit_and_comparator(text: str, value: float, unit: str, comparator: str) -> None:
    (figure,) = figures(text)
    assert (figure.value, figure.unit, figure.comparator) == (value, unit, comparator)


def test_range_holds_every_value_in_it() -> None:
    (promised,), (asked,) = figures("精准招引3-5家企业"), figures("4个")
    assert promised.agrees(asked)
    assert not promised.agrees(figures("6家")[0])
    (share,) = figures("增长4.5%—5%")
    assert (share.value, share.upper, share.unit) == (4.5, 5.0, "%")
    assert len(figures("从77%提高到80%")) == 2


def test_counters_are_one_dimension_and_money_another() -> None:
    assert figures("5个")[0].dimension == figures("5座")[0].dimension == "count"
    assert figures("5元")[0].dimension != figures("5个")[0].dimension
    assert figures("3块钱")[0].dimension == "元"


def test_text_of_a_figure_is_exact() -> None:
    text = "完成年度投资159亿元以上,新开工项目50个"
    assert [text[f.start : f.end] for f in figures(text)] == ["159亿元以上", "50个"]


@pytest.mark.parametrize(
    ("said", "written"),
    [("十个食堂", "10个食堂"), ("百分之五", "5%"), ("两百个", "200个"), ("三医", "三医"), ("十一中", "十一中")],
)
def test_chinese_numerals_become_digits_before_a_measure_word(said: str, written: str) -> None:
    assert arabic(said) == written


@pytest.mark.parametrize(
    "said", ["百分之" + "九" * 400, "百分之" + "9" * 5000, "9" * 5000 + "个", "1" + "亿" * 400 + "元"]
)
def test_numbers_without_end_are_no_error(said: str) -> None:
    assert arabic(said)
    assert len(figures(said)) <= len(said)


def test_number_after_a_numbering_is_kept_apart() -> None:
    assert arabic("15.四个") == "15. 4个"
