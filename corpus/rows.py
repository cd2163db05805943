"""The rows of the indexes: passages by words; by vectors every sentence under its headings, and every clause.

Headings are not rows.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from corpus import tuning
from corpus.outline import GIVEN, bare, lead_span
from corpus.passage import Clause, Passage

Level = Literal["sentence", "clause"]
# Context for the line with the date and place of a report, which means little by itself.
GIVING = "这份报告作报告的日期、会议和报告人，"


def row_id(passage_id: str, level: Level, start: int) -> str:
    """The id of the row that begins at an offset of a passage."""
    return f"{passage_id}/{level}/{start}"


def passage_of(row: str) -> str:
    """The id of the passage of a row."""
    return row.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A span of a passage (offsets into its text) and the text that is embedded for it."""

    level: Level
    passage: Passage
    start: int
    end: int
    text: str

    @property
    def id(self) -> str:
        """Stable for the same span of the same document."""
        return row_id(self.passage.id, self.level, self.start)

    @property
    def digest(self) -> str:
        """Changes when its vector must be recomputed."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def rows_of(passages: Iterable[Passage], clauses: dict[str, list[Clause]]) -> Iterator[Row]:
    """The rows of some passages, in order; `clauses` are those of each passage by its id."""
    for passage in passages:
        above = "，".join(passage.section[-tuning.HEADINGS_ABOVE :])
        for _, group in groupby(clauses[passage.id], key=lambda clause: clause.sentence):
            inside = list(group)
            start, end = inside[0].start, inside[-1].end
            if end <= passage.opening:
                continue
            yield Row("sentence", passage, start, end, f"{above}：{_before(passage, start)}{passage.text[start:end]}")
            told = (clause for clause in inside if len(clause.text) >= tuning.SHORTEST_ROW)
            yield from (Row("clause", passage, clause.start, clause.end, clause.text) for clause in told)


def _before(passage: Passage, start: int) -> str:
    """The context that a sentence needs: the lead-in of an item, or what the line with a report's date is."""
    text = passage.text
    at = next((place for place in range(start, len(text)) if not text[place].isspace()), start)
    lead = lead_span(text, at)
    return text[slice(*lead)] if lead else GIVING if GIVEN.match(text) else ""


def indexed_text(passage: Passage) -> str:
    """The text of a passage for keyword search: its headings below the part, and its text."""
    headings = passage.section[1:] if passage.kind == "body" else ()
    return bare("\n".join([*headings, passage.text]))
