"""The values of one turn: Status, Citation, Answer. All frozen; `Answer.as_dict` is the public contract."""

import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Literal

from corpus.passage import PartKind

# The mark of a citation within a text.
MARK = re.compile(r"\[(\d+)\]")
Mode = Literal["excerpt", "generated", "approved"]


class Status(StrEnum):
    """Every way a turn can end. Each has its wording in `prompts/statuses.yaml`."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    NOT_IN_REPORT = "unanswerable_not_in_report"
    OUT_OF_SCOPE = "unanswerable_out_of_scope"
    UNSAFE = "refused_unsafe"
    INJECTION = "refused_injection"
    EMERGENCY = "emergency"
    SMALLTALK = "smalltalk"
    PAUSED = "error_paused"
    ERROR_EMPTY = "error_empty"
    ERROR_TOO_LONG = "error_too_long"
    ERROR_INTERNAL = "error_internal"


@dataclass(frozen=True, slots=True)
class CitedPart:
    """The part of a document that is cited: its heading, what it is, and of when, as a year and in words."""

    title: str
    kind: PartKind
    year: int
    period: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark [n], the whole passage it stands for, and the exact quote: `text[start:end] == quote`."""

    mark: int
    passage_id: str
    document: str
    year: int
    part: CitedPart
    kind: Literal["body", "annotation"]
    section: tuple[str, ...]
    text: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ComparedYear:
    """A row of a comparison over years: the figures of a year, as planned or as they came out, cited by `mark`.

    A year of which nothing is said of the thing, or that no document tells of, has a `note` instead, and mark 0.
    """

    year: int
    kind: PartKind | None
    figure: str
    mark: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExplainedTerm:
    """A word of the quoted clauses that an annotation explains."""

    name: str
    passage_id: str
    explanation: str


@dataclass(frozen=True, slots=True)
class RelatedPassage:
    """A passage near the question, shown where the report has no answer (or beside one)."""

    passage_id: str
    document: str
    section: tuple[str, ...]
    text: str
    quote: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A way on for the resident: a name and a number to dial.

    Of a department also its hours, the address of its service online, and the day all that was last found right.
    """

    name: str
    phone: str
    note: str = ""
    hours: str = ""
    url: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class NamedSource:
    """An official text beyond the documents that an approved answer rests on, published on `date` (ISO 8601)."""

    title: str
    publisher: str
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class Generation:
    """How a model took part in an answer: what it cost, what was dropped, and why the excerpt stands instead.

    Times are in milliseconds; `dropped` counts sentences by their fault; `fallback` is empty when the text is the
    model's.
    """

    model: str
    first_sentence_ms: float
    total_ms: float
    prompt_tokens: int
    completion_tokens: int
    dropped: dict[str, int]
    fallback: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What one turn returns. `answer` is plain text with marks [n] and line breaks, nothing else.

    `short` are the words of the first quote that answer the detail asked for, as they stand there, or the fixed
    wording for yes; empty where there are none. `compared` is an answer that compares years as the rows of a table;
    `answer` says the same in lines.
    """

    id: str
    status: Status
    mode: Mode
    label: str
    answer: str
    citations: tuple[Citation, ...] = ()
    terms: tuple[ExplainedTerm, ...] = ()
    related: tuple[RelatedPassage, ...] = ()
    contacts: tuple[Contact, ...] = ()
    short: str = ""
    sources: tuple[NamedSource, ...] = ()
    compared: tuple[ComparedYear, ...] = ()
    generation: Generation | None = None

    def as_dict(self) -> dict[str, Any]:
        """The JSON of the public contract; `generation` is there when a model took part."""
        fields = asdict(self)
        if self.generation is None:
            del fields["generation"]
        return fields
