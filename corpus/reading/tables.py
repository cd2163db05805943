"""A table to lines: every row is one, and each cell keeps the name of its column (指标:常住人口,2015年:48.2万人)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import tuning

YEAR = re.compile(r"(?:19|20)\d\d(?:年.{0,6})?$|\d{1,2}(?:-\d{1,2})?月.{0,4}$")
FIGURE = re.compile(r"[-+－]?\d[\d,.\s]*[^\d\s]{0,4}$")
STOPS = re.compile("[。；;！？]")


@dataclass(eq=False, slots=True)
class Cell:
    """A cell; one that is merged stands at every place it covers. `heads` where it is marked as a heading."""

    text: str
    heads: bool = False


Grid = Sequence[Sequence[Cell]]


def table_lines(grid: Grid) -> Iterator[str]:
    """The lines of a table: what stands above it, then its rows with the names of their columns."""
    rows = [row for row in grid if any(cell.text for cell in row)]
    while rows and len(_apart(rows[0])) == 1:
        yield rows.pop(0)[0].text
    heads = _heads(rows)
    names = _names(rows[:heads])
    headings = [[cell.text for cell in row] for row in rows[:heads]]
    for row in rows[heads:]:
        if [cell.text for cell in row] not in headings:
            yield _line(row, names)


def _apart(row: Sequence[Cell]) -> list[Cell]:
    """The cells of a row, each once."""
    return list(dict.fromkeys(row))


def _line(row: Sequence[Cell], names: list[str]) -> str:
    cells = [cell for cell in _apart(row) if cell.text]
    if len(_apart(row)) == 1 or (len(cells) == 1 and not names):
        return cells[0].text
    if not names:
        return f"{cells[0].text}:{','.join(cell.text for cell in cells[1:])}"
    return ",".join(_named(cell, row, names) for cell in cells)


def _named(cell: Cell, row: Sequence[Cell], names: list[str]) -> str:
    over = (name for name, other in zip(names, row, strict=False) if other is cell and name)
    name = "、".join(dict.fromkeys(over))
    return f"{name}:{cell.text}" if name and name != cell.text else cell.text


def _names(rows: Grid) -> list[str]:
    """The name of each column: what stands above it, from the top down."""
    width = max((len(row) for row in rows), default=0)
    columns = [[row[at] for row in rows if at < len(row)] for at in range(width)]
    return ["".join(cell.text for cell in _apart(column)) for column in columns]


def _heads(rows: Grid) -> int:
    """How many rows head the columns; a cell that reaches down from the first takes the rows it covers with it."""
    marked = next((at for at, row in enumerate(rows) if not all(cell.heads for cell in row)), len(rows))
    heads = marked or int(_looks_like_head(rows))
    while 0 < heads < len(rows) and set(rows[heads - 1]) & set(rows[heads]):
        heads += 1
    return heads if heads < len(rows) else 0


def _looks_like_head(rows: Grid) -> bool:
    if len(rows) < 2:
        return False
    cells = [cell.text for cell in _apart(rows[0]) if cell.text]
    if len(cells) < 2 or not all(map(_can_head, cells)):
        return False
    return len(rows[0]) > 2 or _counts(rows[1:])


def _can_head(text: str) -> bool:
    """Whether a text is short, one phrase and no figure; a year may head a column."""
    return len(text) <= tuning.LONGEST_COLUMN_NAME and not is_figure(text) and not STOPS.search(text)


def _counts(rows: Grid) -> bool:
    """Whether most rows end with a figure: then the row above two columns names them."""
    return 2 * sum(is_figure(row[-1].text) for row in rows) > len(rows)


def is_figure(text: str) -> bool:
    """Whether a cell is a figure; a year is none."""
    return bool(FIGURE.match(text)) and not YEAR.match(text)
