"""The shared value types: Document, Passage, Clause, Term, Hit. All frozen.

Offsets are counted in characters (Unicode code points), ends exclusive.
"""

from dataclasses import dataclass
from typing import Literal

DocumentKind = Literal["annual_plan", "review", "regulation"]
PassageKind = Literal["body", "annotation"]
PartKind = Literal["opening", "review", "plan", "outlook", "rules", "annotations"]


@dataclass(frozen=True, slots=True)
class MissingPart:
    """A part the official document has and this copy has not, and the year it speaks of."""

    title: str
    year: int


def in_words(since: int, until: int) -> str:
    """Years in words, both included: 2025年, 2026至2030年."""
    return f"{until}年" if since == until else f"{since}至{until}年"


@dataclass(frozen=True, slots=True)
class Part:
    """The kind of a part of a document, and the years it covers, both included; `title` is its heading."""

    title: str
    kind: PartKind
    since: int
    until: int

    @property
    def year(self) -> int:
        """The year that the part stands for: the last of a review, the first of a plan."""
        return self.since if self.kind == "outlook" else self.until

    @property
    def promises(self) -> bool:
        """Whether it states plans."""
        return self.kind in ("plan", "outlook")

    @property
    def period(self) -> str:
        """The years in words."""
        return in_words(self.since, self.until)


@dataclass(frozen=True, slots=True)
class Document:
    """One official text, as described by its `document.yaml`; `sha256` is that of the file's bytes.

    `parts` are those with a kind and years in the description; the others are derived from the text.
    """

    id: str
    title: str
    year: int
    kind: DocumentKind
    publisher: str
    place_names: tuple[str, ...]
    source: str
    licence: str
    sha256: str
    parts_missing: tuple[MissingPart, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """The citable unit: a paragraph or an annotation. `start` is where its first line begins in
    the text that was read of the document's file, `end` how far `text` reaches from there.

    `number` counts passages of the same kind within the document, from 1; for an annotation it is the
    number printed before it. `section` is the path of headings, outermost first, the run-in heading last.
    """

    id: str
    document_id: str
    kind: PassageKind
    number: int
    section: tuple[str, ...]
    text: str
    start: int
    end: int

    @property
    def heading(self) -> str:
        """The innermost heading, or an empty string."""
        return self.section[-1] if self.section else ""

    @property
    def opening(self) -> int:
        """The length of its run-in heading, with its stop; 0 without one, or when it has a figure."""
        heading = f"{self.heading}。"
        is_one = len(heading) > 1 and self.text.startswith(heading) and not any(map(str.isdigit, heading))
        return len(heading) if is_one else 0


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a passage between commas or stops that states one thing.

    `start` and `end` are offsets into the passage's text; `sentence` counts the sentences of the passage from 0.
    """

    passage_id: str
    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence parsed for matching: its clauses, each folded too, and the ids of their rows and its own in the index
    (too short ones have no row).
    """

    clauses: tuple[Clause, ...]
    folded: tuple[str, ...]
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A passage parsed for matching: its innermost two headings, folded, and its sentences after a run-in heading."""

    heading: str
    sentences: tuple[Stated, ...]

    @property
    def folded(self) -> str:
        """All of its clauses, folded."""
        return "\n".join(text for sentence in self.sentences for text in sentence.folded)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a passage mentions a term (offsets into the passage's text)."""

    passage_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the report that an annotation explains.

    `aliases` are its other spellings; `mentions` is empty when it occurs only in a part missing from this copy.
    """

    name: str
    aliases: tuple[str, ...]
    annotation_id: str
    explanation: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query. `score` is the fused one; `kept` is False for those below the threshold."""

    passage: Passage
    score: float
    kept: bool = True
