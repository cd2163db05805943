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
    """The cited part of a document: its heading, its kind, and the time it covers, as a year and in words."""

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
    """A row of a comparison over years: the planned or actual figures of one year, cited by `mark`.

    A year without figures for the topic, or without a document, has a `note` instead, and mark 0.
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
    """Whom a resident can turn to: a name and a number to dial.

    A department also has opening hours, the URL of its online service, and the day all this was last verified.
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
    """How a model took part in an answer: what it cost, what was dropped, and why it fell back to the excerpt.

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

    `short` holds the words of the first quote that answer the detail asked for, verbatim, or the fixed
    wording for yes; empty where there are none. `compared` holds the rows of an answer that compares years;
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
        """The JSON of the public contract; `generation` is present when a model took part."""
        fields = asdict(self)
        if self.generation is None:
            del fields["generation"]
        return fields
