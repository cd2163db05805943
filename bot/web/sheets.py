"""A table as a file for a spreadsheet, with lines above it that say where it comes from."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi.responses import Response

Cell = str | int | float
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROW, WIDE, LONG_TEXT = 16, 48, 24


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns` are headings, `about` the lines above them (name and value), each row a cell a column."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    about: Mapping[str, str] = field(default_factory=dict)


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, so that a spreadsheet opens it as it is; no cell is a formula there.

    A cell that a spreadsheet would take for one gets an apostrophe (OWASP, CSV injection).
    """
    out = io.StringIO()
    table = csv.writer(out)
    table.writerows(_inert([name, value]) for name, value in sheet.about.items())
    table.writerow(sheet.columns)
    table.writerows(map(_inert, sheet.rows))
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook with a frozen heading and a filter. No text becomes a formula or a link."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(sheet.name)
        heading = book.add_format({"bold": True, "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for number, line in enumerate(sheet.about.items()):
            page.write_row(number, 0, line)
        top, last = len(sheet.about), len(sheet.columns) - 1
        page.write_row(top, 0, list(sheet.columns), heading)
        for number, row in enumerate(sheet.rows, top + 1):
            page.write_row(number, 0, list(row), wrapped)
        for column in range(last + 1):
            longest = max((len(str(row[column])) for row in sheet.rows), default=0)
            page.set_column(column, column, WIDE if longest > LONG_TEXT else NARROW)
        page.freeze_panes(top + 1, 0)
        page.autofilter(top, 0, top + max(len(sheet.rows), 1), last)
    return out.getvalue()


def download(sheet: Sheet, name: str, form: str) -> Response:
    """The sheet as a file of a `form`, csv or xlsx."""
    body = as_xlsx(sheet) if form == "xlsx" else as_csv(sheet)
    media = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(body, media_type=media, headers=headers)


def _inert(row: Sequence[Cell]) -> list[Cell]:
    return [
        f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
        for cell in row
    ]
