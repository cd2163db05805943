"""Printed lines to paragraphs: what a page adds is taken out, and lines that go on are joined."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus import tuning
from corpus.figures import NUMERALS

STOP = "。；;！!？?：:"
# Chinese characters and their marks: between two of them a blank says nothing.
HAN = "\u3001-\u303f\u3400-\u9fff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—"
BETWEEN = re.compile(rf"(?<=[{HAN}]) +(?=[{HAN}\w(])|(?<=[\w%‰)]) +(?=[{HAN}])")
SPREAD = re.compile(rf"(?<![^ ])[{HAN}](?: +[{HAN}](?![^ ])){{3,}}")
PROSE = re.compile("[，。；：]")
PART_NUMBER = rf"第[{NUMERALS}百零〇]{{1,6}}[编章节条]"
# A line that begins so is a paragraph of its own, however full the line above it is.
OPENS = re.compile(
    rf"[{NUMERALS}百]{{1,4}}、|[(（][{NUMERALS}百]{{1,4}}[)）]|{PART_NUMBER}\s|"
    r"[图表]\s*\d|\d{1,3}\s*[.．、](?!\d)|\d{1,2}\s*注[:：]|注[:：]"
)
# The number of an article is set apart from its text.
NUMBERED = re.compile(rf"{PART_NUMBER} +")
# A row of a table: nothing but figures, two or more at its end, or three words or more without a mark.
FIGURE = r"[-－]?[\d.,]+[%‰]?"
ROW = re.compile(rf"{FIGURE}(?:\s+{FIGURE})*$|\S.*?(?:\s+{FIGURE}){{2,}}$|[{HAN}]+(?: +[{HAN}]+){{2,}}$")
PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第\s*)?(\d{1,4})(?:\s*页)?(?:\s*(?:[/／]|[,，]?\s*共)\s*\d{1,4}\s*页?)?[-—–·\s]*$"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as it is printed: where it begins, and the size of its letters, in points; or a `whole` row of a table."""

    text: str
    x: float
    size: float
    whole: bool = False

    @property
    def reach(self) -> float:
        """Where it ends, about; a Latin letter is half as wide as a Chinese one."""
        letters = sum(1.0 if ord(character) > 0x2E7F else tuning.LATIN_BREADTH for character in self.text)
        return self.x + self.size * letters

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return self.whole or (not PROSE.search(self.text) and bool(ROW.match(_close(self.text[: tuning.LONGEST_ROW]))))


Page = Sequence[Printed]


def paragraphs(pages: Sequence[Page]) -> Iterator[str]:
    """The paragraphs of the pages of one document."""
    lines = [line for page in _without_edges(pages) for line in _from_margin(page)]
    # A few lines reach farther than the page, by our measure: not they tell what is full.
    reaches = sorted(line.reach for line in lines)
    full = tuning.FULL_LINE * reaches[int(len(lines) * tuning.USUAL_BREADTH)] if lines else 0.0
    whole: list[Printed] = []
    for line in lines:
        if whole and not _goes_on(whole, line, full):
            yield _joined(whole)
            whole = []
        whole.append(line)
    if whole:
        yield _joined(whole)


def _from_margin(page: Page) -> Iterator[Printed]:
    """The lines of a page by their distance from its margin, where most of them begin."""
    margins = Counter(round(line.x) for line in page if not line.whole).most_common(1)
    yield from (replace(line, x=max(line.x - (margins[0][0] if margins else 0), 0.0)) for line in page)


def _goes_on(whole: Sequence[Printed], line: Printed, full: float) -> bool:
    """Whether a paragraph goes on in a line. Where it began with an indent, a line without one is no new paragraph."""
    last, indent = whole[-1], tuning.INDENT * line.size
    if last.reach < max(full, tuning.FULL_LETTERS * last.size) or line.x > last.x + indent:
        return False
    if abs(last.size - line.size) > tuning.OTHER_SIZE * last.size:
        return False
    if OPENS.match(line.text) or last.is_row or line.is_row:
        return False
    return last.text[-1] not in STOP or whole[0].x > indent > line.x


def _joined(lines: Sequence[Printed]) -> str:
    text = ""
    for line in lines:
        text += _glue(text, line.text) + line.text
    text = _close(text)
    numbered = NUMBERED.match(text)
    at = numbered.end() if numbered else 0
    return text[:at] + BETWEEN.sub("", text[at:]) if PROSE.search(text) else text


def _close(text: str) -> str:
    """A line without the blanks between letters that are set apart."""
    return SPREAD.sub(lambda found: found.group().replace(" ", ""), text)


def _glue(left: str, right: str) -> str:
    """What stands between two joined lines: a space between words of Latin letters, nothing within Chinese."""
    return " " if re.match(r"[A-Za-z,.]", left[-1:]) and re.match("[A-Za-z]", right) else ""


def _without_edges(pages: Sequence[Page]) -> list[list[Printed]]:
    """The pages without their numbers and running lines."""
    running, numbers = _running(pages), _numbers(pages)
    return [
        [
            line
            for at, line in enumerate(page)
            if not (_at_edge(at, page) and _is_edge(line.text, index, running, numbers))
        ]
        for index, page in enumerate(pages)
    ]


def _is_edge(text: str, index: int, running: set[str], numbers: set[int]) -> bool:
    number = PAGE_NUMBER.match(text)
    if number:
        return not text.strip().isdecimal() or int(number.group(1)) - index in numbers
    return _shape(text) in running


def _at_edge(at: int, page: Page) -> bool:
    return at < tuning.EDGE_LINES or at >= len(page) - tuning.EDGE_LINES


def _edges(pages: Sequence[Page]) -> Iterator[tuple[int, str]]:
    for index, page in enumerate(pages):
        yield from {(index, line.text) for at, line in enumerate(page) if _at_edge(at, page)}


def _running(pages: Sequence[Page]) -> set[str]:
    """The lines, but for the number of the page, that stand at the edge of most pages."""
    times = Counter(
        shape for _, shape in {(index, _shape(text)) for index, text in _edges(pages) if text[-1] not in STOP}
    )
    most = max(tuning.RUNNING_PAGES, tuning.RUNNING_SHARE * len(pages))
    return {shape for shape, count in times.items() if shape and count >= most}


def _shape(text: str) -> str:
    """A line without blanks, and without a number at its end or beginning."""
    return re.sub(r"^[-—–·\d]+(?=\D)|[-—–·\d]+$", "", re.sub(r"\s", "", text))


def _numbers(pages: Sequence[Page]) -> set[int]:
    """By how much the numbers at the edges differ from the count of the pages, where most agree."""
    found = {(index, int(text)) for index, text in _edges(pages) if text.strip().isdecimal() and len(text) < 5}
    times = Counter(number - index for index, number in found)
    return {ahead for ahead, count in times.items() if count >= max(2, tuning.RUNNING_SHARE * len(pages))}
