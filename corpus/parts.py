"""The kind and the years of a part of a document: most reports look back before they plan.

The kind and the years are read from the part's heading and the openings of its paragraphs; what `document.yaml` says
of a part takes precedence. Within a review, the paragraphs from 五年来 on are a separate part.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from corpus import tuning
from corpus.figures import NUMERALS
from corpus.outline import ARTICLE, PART
from corpus.passage import Document, Part, PartKind, Passage

YEAR = re.compile(r"(?<!\d)(20\d\d)年")
BACK = re.compile(r"回顾|过去的?[一五]年|上一?年(?:度)?工作|五年来|一年来")
NUMERAL_BEFORE = rf"^(?:[(\uff08][{NUMERALS}]+[)\uff09])?"
LATELY = re.compile(rf"{NUMERAL_BEFORE}(?:过去的?一年|(?:这)?一年来|上一?年)")
# Paragraphs from such an opening on cover five years; those from LATELY or a year on a single one again.
FIVE_BACK = re.compile(r"过去的?五年|(?<!近)五年来|这五年|五年间|五年接续")
AHEAD = re.compile(rf"今后五年|未来五年|“十[{NUMERALS[:-1]}]五”(?:时期|规划)|远景目标")
FIVE_YEAR_PLAN = re.compile(rf"“十([{NUMERALS[:-1]}])五”")


def parts_of(document: Document, passages: Iterable[Passage]) -> dict[str, Part]:
    """The part of every passage of a document, by the passage's id."""
    groups = [(title, list(inside)) for title, inside in groupby(passages, key=_title)]
    numbered = next((index for index, (title, _) in enumerate(groups) if PART.match(title)), 0)
    found: dict[str, Part] = {}
    for index, (title, inside) in enumerate(groups):
        opening = Part(title, "opening", document.year, document.year) if index < numbered else None
        whole = _stated(document, title) or opening or _read(document, title, inside)
        found |= {passage.id: part for passage, part in _cut(whole, inside)}
    return found


def _title(passage: Passage) -> str:
    """The heading of a passage's part; empty before the first, and for articles outside parts."""
    first = passage.section[0] if passage.section else ""
    return "" if ARTICLE.match(f"{first} ") else first


def _stated(document: Document, title: str) -> Part | None:
    """The part as stated in the description of the document."""
    return next((part for part in document.parts if part.title == title), None)


def _read(document: Document, title: str, inside: list[Passage]) -> Part:
    year, kind = document.year, _kind(document, title, inside)
    if kind == "review":
        named = [int(y) for y in YEAR.findall(title) if int(y) <= year]
        last = max(named, default=year if document.kind == "review" else year - 1)
        return Part(title, kind, last - 4 if FIVE_BACK.search(title) else last, last)
    if kind == "outlook":
        firsts = map(first_of_plan, FIVE_YEAR_PLAN.findall(title + inside[0].text))
        since = next((first for first in firsts if first + 4 >= year), year)
        return Part(title, kind, since, since + 4)
    return Part(title, kind, year, year)


def _kind(document: Document, title: str, inside: list[Passage]) -> PartKind:
    if inside[0].kind == "annotation":
        return "annotations"
    if document.kind != "annual_plan":
        return "review" if document.kind == "review" else "rules"
    if looks_back(title, inside[0].text, document.year):
        return "review"
    ahead = AHEAD.search(title) or AHEAD.match(inside[0].text)
    return "outlook" if ahead and not YEAR.search(title) else "plan"


def looks_back(title: str, opening: str, year: int) -> bool:
    """Whether a part with this heading and opening, in a report of `year`, is a review."""
    return bool(BACK.search(title) or LATELY.match(opening) or opening.startswith(f"{year - 1}年"))


def first_of_plan(numeral: str) -> int:
    """The first year of a five-year plan by the numeral after ten: “十一五” is 2006 to 2010."""
    return 2001 + 5 * (NUMERALS.index(numeral) + 1)


def _cut(whole: Part, inside: list[Passage]) -> Iterator[tuple[Passage, Part]]:
    """Each passage with its part; from 五年来 on, a one-year review becomes a five-year one."""
    one, five = (replace(whole, since=whole.until - before) for before in (0, 4))
    now, heading = whole, ""
    for passage in inside:
        section = passage.section[1] if len(passage.section) > 1 else ""
        for opening in (section if section != heading else "", passage.text[: tuning.PART_OPENING]):
            if whole.kind == "review" and (
                LATELY.match(opening) or re.match(rf"{NUMERAL_BEFORE}{whole.until}年", opening)
            ):
                now = one
            elif whole.kind == "review" and FIVE_BACK.search(opening):
                now = five
        heading = section
        yield passage, now
