import pytest

from bot.understanding.period import Period, periods, ranges

THIS = Period(2025, 2025, stated=False)


def years(*spans: tuple[int, int]) -> tuple[Period, ...]:
    return tuple(Period(*span) for span in spans)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("去年修了几条路", years((2024, 2024))),
        ("前年装了多少部电梯", years((2023, 2023))),
        ("大前年呢", years((2022, 2022))),
        ("明年还修吗", years((2026, 2026))),
        ("24年gdp涨了几个点", years((2024, 2024))),
        ("2023年建了几所学校,2024年建了几所", years((2023, 2023), (2024, 2024))),
        ("十四五一共修了多少路", years((2021, 2025))),
        ("未来五年打算建多少房", years((2025, 2029))),
        ("过去五年收入涨了多少", years((2020, 2024))),
        ("今年修几条路", (THIS,)),
        ("承包地再延长30年吗", ()),
        ("房子住了20多年了", ()),
        ("3月15日能办吗", ()),
        ("今年龄多大能领", ()),
        ("近年来年轻人就业有什么政策", ()),
        ("以后年年都有补贴吗", ()),
        ("残疾证明年审怎么办", ()),
        ("上年纪的老人怎么办", ()),
        ("补贴2000元", ()),
        ("交20年社保能领多少", ()),
        ("工龄25年", ()),
        ("2025停车位多少个", years((2025, 2025))),
        ("我不是问今年的,问去年实际多少", years((2024, 2024))),
        ("今年是不是要修路,修几条", (THIS,)),
    ],
)
def test_years_are_told_by_number_or_from_the_newest_document(text: str, asked: tuple[Period, ...]) -> None:
    assert periods(text, 2025) == asked


def test_year_compared_with_is_told_from_the_year_asked_about() -> None:
    asked, other = periods("今年比去年多修几条", 2025)
    assert (asked, other.compared, other.until) == (THIS, True, 2024)


def test_year_named_twice_is_one() -> None:
    assert periods("2024年,就是去年,修了几条", 2025) == years((2024, 2024))


@pytest.mark.parametrize(
    ("text", "between"),
    [("2021年到2024年每年多少", [2022, 2023]), ("2024至2025年", []), ("2021年和2024年", []), ("从2023-2025年", [2024])],
)
def test_range_of_years_is_told_from_two_years(text: str, between: list[int]) -> None:
    assert [year for years in ranges(text) for year in years] == between
