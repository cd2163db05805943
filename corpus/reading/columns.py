"""Tables of figures on a printed page: rows that stand in columns, each figure with what stands above its column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus import tuning
from corpus.reading.tables import Cell, is_figure, table_lines


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text on a page: where its line stands, where it begins, and the size of its letters, in points."""

    text: str
    x: float
    y: float
    size: float

    @property
    def end(self) -> float:
        """Where it ends, about; a Latin letter is half as wide as a Chinese one."""
        letters = sum(1.0 if ord(one) > 0x2E7F else tuning.LATIN_BREADTH for one in self.text.strip())
        return self.x + self.size * letters


PrintedLine = Sequence[Piece]


@dataclass(frozen=True, slots=True)
class _Box:
    """What stands together on a line, or all of a column: from where to where, and how high."""

    text: str
    left: float
    right: float
    y: float
    size: float = 0.0

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    def meets(self, other: "_Box") -> bool:
        return self.left < other.right and other.left < self.right


class Tables:
    """Reads the tables of one document, page by page: one that goes on has its names on the page before."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._columns: Sequence[_Box] = ()

    def read(self, lines: Sequence[PrintedLine]) -> Iterator[PrintedLine | str]:
        """The lines of a page, in their order; instead of those of a table of figures its rows, as `table_lines` says.

        A table is rows of as many cells, each below the other, mostly figures; what stands above its columns names
        them. A row by itself is one where all of its columns are named.
        """
        boxes = [_boxes(line) for line in lines]
        at = shown = 0
        while at < len(lines):
            end = _end_of_body(boxes, at)
            columns = _columns(boxes[at:end]) if end > at else []
            first = _first_of_head(boxes, at, shown, columns)
            names = _names(boxes[first:at], columns) if first < at else self._before(columns, at)
            if end - at > 1 or (end > at and all(names)):
                yield from lines[shown:first]
                yield from table_lines(_grid(names, boxes[at:end], columns))
                self._names, self._columns, shown = names, columns, end
            at = max(end, at + 1)
        yield from lines[shown:]

    def _before(self, columns: Sequence[_Box], at: int) -> list[str]:
        """The names of the table of the page before, where these rows are the first of a page and go on with it."""
        goes_on = at < tuning.EDGE_LINES and len(columns) == len(self._columns) and _fits(columns, self._columns)
        return self._names if goes_on else [""] * len(columns)


def _boxes(line: PrintedLine) -> list[_Box]:
    """What stands together on a line: a gap of a letter or more parts two cells."""
    found: list[_Box] = []
    for piece in line:
        if found and piece.x - found[-1].right < tuning.CELL_GAP * piece.size:
            last = found[-1]
            found[-1] = _Box(last.text + piece.text.strip(), last.left, max(piece.end, last.right), last.y, last.size)
        else:
            found.append(_Box(piece.text.strip(), piece.x, piece.end, piece.y, piece.size))
    return found


def _end_of_body(boxes: Sequence[Sequence[_Box]], at: int) -> int:
    """Where the rows end that begin at a line; there itself, where none do."""
    if not _is_row(boxes[at]):
        return at
    columns, end = list(boxes[at]), at + 1
    while end < len(boxes) and _is_row(boxes[end]) and _fits(boxes[end], columns):
        columns = _columns([columns, boxes[end]]) if len(boxes[end]) == len(columns) else columns
        end += 1
    return end


def _is_row(line: Sequence[_Box]) -> bool:
    """Whether a line is a name and figures: mostly figures after the first cell."""
    return len(line) > 1 and 2 * sum(is_figure(box.text) for box in line[1:]) > len(line) - 1


def _fits(line: Sequence[_Box], columns: Sequence[_Box]) -> bool:
    """Whether each cell of a line stands in a column of its own, the first in the first; some may be empty."""
    places = [[place for place, column in enumerate(columns) if box.meets(column)] for box in line]
    return all(len(place) == 1 for place in places) and places[:1] == [[0]] and len({p[0] for p in places}) == len(line)


def _columns(rows: Sequence[Sequence[_Box]]) -> list[_Box]:
    """The columns of some rows: from where to where the cells of each reach."""
    whole = [row for row in rows if len(row) == max(map(len, rows))]
    return [
        _Box("", min(box.left for box in column), max(box.right for box in column), max(box.y for box in column))
        for column in zip(*whole, strict=True)
    ]


def _first_of_head(boxes: Sequence[Sequence[_Box]], at: int, shown: int, columns: Sequence[_Box]) -> int:
    """The first line of what names the columns above the row at a place; that row, where nothing does."""
    first = at
    while first > shown and columns and _names_columns(boxes[first - 1], boxes[shown:at], columns):
        first -= 1
    return first


def _names_columns(line: Sequence[_Box], above: Sequence[Sequence[_Box]], columns: Sequence[_Box]) -> bool:
    """Whether all of a line names columns. What reaches over several is no name where nothing stands beside it."""
    for box in line:
        named, beside = _below(box, columns), (one for other in above for one in other if one is not box)
        alone = not any(abs(one.y - box.y) < box.size / 2 and _below(one, columns) for one in beside)
        if not named or (alone and len(named) > 1) or not 0 < box.y - columns[0].y <= tuning.HEAD_ABOVE * box.size:
            return False
    return True


def _below(box: _Box, columns: Sequence[_Box]) -> list[int]:
    """The columns that a box may name: those whose middle it covers, or the one it meets; none below a figure."""
    covered = [place for place, column in enumerate(columns) if box.left <= column.centre <= box.right]
    met = [place for place, column in enumerate(columns) if box.meets(column)]
    named = covered or met[:1]
    return [] if is_figure(box.text) or len(named) == len(columns) else named


def _names(head: Sequence[Sequence[_Box]], columns: Sequence[_Box]) -> list[str]:
    """The name of each column: what stands above it, from the top down."""
    names = [""] * len(columns)
    for box in sorted((box for line in head for box in line), key=lambda box: (-box.y, box.left)):
        for place in _below(box, columns):
            names[place] += box.text
    return names


def _grid(names: Sequence[str], body: Sequence[Sequence[_Box]], columns: Sequence[_Box]) -> list[list[Cell]]:
    """A table as its cells, the names of the columns first."""
    rows = [[Cell(next((box.text for box in line if box.meets(column)), "")) for column in columns] for line in body]
    return [[Cell(name, heads=True) for name in names], *rows] if any(names) else rows
