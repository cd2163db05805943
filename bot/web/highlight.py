"""A text cut into what a page shows differently: plain words, marks, annotated words, the quote."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.answer import MARK
from corpus.passage import Mention, Term


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a mark [n] when `mark` is above 0. `term` is set where an annotation explains the words."""

    text: str
    mark: int = 0
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring pieces of a paragraph that are all inside the quote, or all outside."""

    quoted: bool
    pieces: tuple[Piece, ...]


def of_answer(text: str, terms: Sequence[Term]) -> Iterator[Piece]:
    """An answer's text, cut at its marks and at the first use of each of `terms`."""
    waiting = {name: term for term in terms for name in (term.name, *term.aliases) if name}
    for index, part in enumerate(MARK.split(text)):
        if index % 2:
            yield Piece(f"[{part}]", mark=int(part))
        else:
            yield from _named(part, waiting)


def _named(text: str, waiting: dict[str, Term]) -> Iterator[Piece]:
    """`text` cut at the names in `waiting`; a term that was found is taken out."""
    while text:
        at, name = min(
            ((text.find(n), n) for n in sorted(waiting, key=len, reverse=True) if n in text), default=(-1, "")
        )
        if at < 0:
            yield Piece(text)
            return
        if at:
            yield Piece(text[:at])
        term = waiting[name]
        yield Piece(name, term=term)
        for other in [n for n, t in waiting.items() if t is term]:
            del waiting[other]
        text = text[at + len(name) :]


def of_paragraph(text: str, mentions: Iterable[tuple[Mention, Term]], quote: tuple[int, int] = (0, 0)) -> list[Run]:
    """A passage's text as runs: before the quote, the quote, after it; annotated words are pieces of their own.

    `mentions` are offsets into `text`; one that crosses an end of the quote, or another, is left as plain words.
    """
    start, end = quote
    spans = [(0, start, False), (start, end, True), (end, len(text), False)]
    return [
        Run(quoted, tuple(_mentioned(text, left, right, mentions))) for left, right, quoted in spans if left < right
    ]


def _mentioned(text: str, left: int, right: int, mentions: Iterable[tuple[Mention, Term]]) -> Iterator[Piece]:
    at = left
    for mention, term in sorted(mentions, key=lambda pair: (pair[0].start, -pair[0].end)):
        if mention.start < at or mention.end > right:
            continue
        if mention.start > at:
            yield Piece(text[at : mention.start])
        yield Piece(text[mention.start : mention.end], term=term)
        at = mention.end
    if at < right:
        yield Piece(text[at:right])
