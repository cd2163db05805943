"""Of which year a part of a report tells: most reports look back on the year before they plan their own."""

import re
from collections.abc import Iterable

from corpus.passage import Document, Passage

BACK = re.compile(r"回顾|过去的?一年|上一?年(度)?工作")
LATELY = re.compile(r"^(过去的?一年|一年来|上一?年)")


def years_of_parts(documents: dict[str, Document], passages: Iterable[Passage]) -> dict[tuple[str, str], int]:
    """The year of each part, by the document's id and the part's heading.

    A part looks back when its heading says so, or its first sentence begins with the year before.
    """
    found: dict[tuple[str, str], int] = {}
    for passage in passages:
        document, part = documents[passage.document_id], part_of(passage)
        if (document.id, part) not in found:
            past = document.kind == "annual_plan" and looks_back(part, passage.text, document.year)
            found[document.id, part] = document.year - past
    return found


def part_of(passage: Passage) -> str:
    """The heading of the part a passage stands in; empty before the first."""
    return passage.section[0] if passage.section else ""


def looks_back(heading: str, opening: str, year: int) -> bool:
    """Whether a part with this heading and opening, in a report of `year`, tells of the year before."""
    return bool(BACK.search(heading) or LATELY.match(opening) or opening.startswith(f"{year - 1}年"))
