import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from bot.pipeline import Bot
from bot.web import sheets, tables
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
    written = list(csv.reader(io.StringIO(sheets.as_csv(tables.sheet(rows)).decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(sheets.as_xlsx(tables.sheet(rows)))).active
    assert sheet is not None
    read = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert read == written
    assert written[0] == list(tables.COLUMNS)
    assert len(written) == len(targets) + 1


def test_text_of_a_document_never_becomes_a_formula(bot: Bot, targets: list[Target]) -> None:
    row = tables.row(bot, replace(targets[0], clause="=1+1"))
    sheet = openpyxl.load_workbook(io.BytesIO(sheets.as_xlsx(tables.sheet([row])))).active
    assert sheet is not None
    assert sheet.cell(2, 6).data_type == "s"
