import csv
import io

import openpyxl
import pytest

from bot.pipeline import Bot
from bot.web import export, tables
from bot.web.export import Sheet
from corpus.targets import Target


@pytest.fixture(scope="module")
def targets(bot: Bot) -> list[Target]:
    return list(bot.targets())


def test_rows_carry_the_document_and_its_year(bot: Bot, targets: list[Target]) -> None:
    row = tables.row(bot, targets[0])
    assert (row["document"], row["year"]) == ("2025年洛江区政府工作报告", 2025)


def test_sorting_by_amount_compares_like_with_like(targets: list[Target]) -> None:
    ordered = tables.ordered(targets, "amount", descending=True)
    rates = [t.number for t in ordered if t.unit == "%"]
    assert rates == sorted(rates, reverse=True)
    assert len(ordered) == len(targets)


def test_unknown_column_keeps_the_order_of_the_report(targets: list[Target]) -> None:
    assert tables.ordered(targets, "__class__", descending=False) == targets


def test_chart_of_everything_compares_rates_not_pieces_of_different_things(targets: list[Target]) -> None:
    chart = tables.chart(targets)
    assert chart
    assert chart.unit == "%"
    assert chart.bars[0].share == 100
    assert [b.target.number for b in chart.bars] == sorted((b.target.number for b in chart.bars), reverse=True)


def test_pieces_are_drawn_within_one_topic(targets: list[Target]) -> None:
    of_one = [t for t in targets if t.topic == "积极扩大有效投资"]
    chart = tables.chart(of_one)
    assert chart
    assert chart.unit == "个"


def test_too_few_to_compare_are_not_drawn(targets: list[Target]) -> None:
    assert tables.chart(targets[:2]) is None
    assert tables.chart([]) is None


def test_csv_and_workbook_say_the_same(bot: Bot, targets: list[Target]) -> None:
    rows = [tables.row(bot, t) for t in targets]
    written = list(csv.reader(io.StringIO(export.as_csv(tables.sheet(rows)).decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(export.as_xlsx(tables.sheet(rows)))).active
    assert sheet is not None
    read = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert read == written
    assert written[0] == list(tables.COLUMNS)
    assert len(written) == len(targets) + 1


SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "−"]
BEFORE = ["", " ", "\t", "\n", "\r\n", "\u3000", "\u00a0", "\u200b", "\ufeff", "\x0b", " \n\t "]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEFORE)
def test_no_cell_of_any_file_is_a_formula(sign: str, before: str) -> None:
    cell = f"{before}{sign}1+1"
    sheet = Sheet("x", [cell], [[cell, 1], [f"{cell},{cell}", -2.5]], {cell: cell})
    written = list(csv.reader(io.StringIO(export.as_csv(sheet).decode("utf-8-sig"), newline="")))
    assert [row[0][0] for row in written] == ["'"] * 4
    assert written[0][1][0] == "'"
    assert [row[1] for row in written[2:]] == ["1", "-2.5"]
    book = openpyxl.load_workbook(io.BytesIO(export.as_xlsx(sheet))).active
    assert book is not None
    texts = [one for row in book.iter_rows() for one in row if isinstance(one.value, str)]
    assert len(texts) == 5
    assert all(one.data_type == "s" and one.quotePrefix for one in texts)
    assert [one.value for one in book["B"][2:]] == [1, -2.5]
    assert not any(one.quotePrefix for one in book["B"][2:])


@pytest.mark.parametrize("cell", ["5个", "长者食堂=5", "“-”", "(=1)", "①", ""])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert export.inert(cell) == cell
