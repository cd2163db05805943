"""A table as a file for a spreadsheet, with lines above it that state its source."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi.responses import Response

Cell = str | int | float
# Half-width characters that make a spreadsheet read a text as a formula; the mathematical minus has no other width.
FORMULA = ("=", "+", "-", "@", "\u2212")
UNSEEN = "CZ"  # Unicode categories of spaces, line breaks, controls and zero-width marks
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROW, WIDE, LONG_TEXT = 16, 48, 24


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns` are headings, `about` the lines above them (name and value); a row has one cell per column."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    about: Mapping[str, str] = field(default_factory=dict)


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, so that a spreadsheet opens it as it is; no cell is a formula there.

    A cell that a spreadsheet would take for one gets an apostrophe (OWASP, CSV injection).
    """
    out = io.StringIO()
    rows = (*sheet.about.items(), sheet.columns, *sheet.rows)
    csv.writer(out).writerows([inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook with a frozen heading and a filter. No text becomes a link, nor a formula, even when it is edited."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        page = book.add_worksheet(sheet.name)
        text = book.add_format({"quote_prefix": True})
        heading = book.add_format({"quote_prefix": True, "text_wrap": True, "bold": True})
        wrapped = book.add_format({"quote_prefix": True, "text_wrap": True, "valign": "top"})
        number = book.add_format({"valign": "top"})
        for at, line in enumerate(sheet.about.items()):
            page.write_row(at, 0, line, text)
        top, last = len(sheet.about), len(sheet.columns) - 1
        page.write_row(top, 0, list(sheet.columns), heading)
        for at, row in enumerate(sheet.rows, top + 1):
            for column, cell in enumerate(row):
                page.write(at, column, cell, wrapped if isinstance(cell, str) else number)
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


def inert(cell: Cell) -> Cell:
    """A cell that no spreadsheet reads as a formula, whatever the width of its first character and what precedes it."""
    if not isinstance(cell, str):
        return cell
    first = next((sign for sign in cell if unicodedata.category(sign)[0] not in UNSEEN), "")
    return f"'{cell}" if unicodedata.normalize("NFKC", first).startswith(FORMULA) else cell
