"""A text cut into spans that a page shows differently: plain words, marks, annotated words, the quote, its context."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answer import MARK
from corpus.passage import Mention, Term

# A sentence, and a list item, each with its stop; and the number of items that make a list.
SENTENCE, ITEM = re.compile(r"[^。!\uff01?\uff1f\n]+[。!\uff01?\uff1f\n]*"), re.compile(r"[^;\uff1b]+[;\uff1b]*")
LIST = 3
# What precedes the start of a sentence.
BEGINS = re.compile(r"(?:^|[。!\uff01?\uff1f:\uff1a\n])\s*$")
# How much is shown before and after the quote, in characters; longer context is cut at a comma or stop.
CONTEXT, STOP = 45, re.compile(r"[,\uff0c;\uff1b。]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, or a mark [n] when `mark` is above 0. `term` is set where an annotation explains the words."""

    text: str
    mark: int = 0
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring pieces of a paragraph that are all inside the quote, or all outside; `folded` ones are shown only
    with the whole paragraph."""

    quoted: bool
    pieces: tuple[Piece, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote as its items (one, or those of a list), and the runs of the paragraph before and after it."""

    before: tuple[Run, ...]
    items: tuple[Run, ...]
    behind: tuple[Run, ...]

    @property
    def folds(self) -> bool:
        """Whether part of the paragraph is hidden."""
        return any(run.folded for run in (*self.before, *self.behind))


def at_quotes(text: str, quotes: Mapping[int, str]) -> Iterator[str | int]:
    """An answer's text cut where it quotes whole sentences: the words between, and the mark of each such quote."""
    at = 0
    for found in MARK.finditer(text):
        quote = quotes.get(int(found.group(1)), "") + "。"
        before = text[at : found.start() - len(quote)]
        if text.endswith(quote, at, found.start()) and BEGINS.search(before):
            yield before
            yield int(found.group(1))
            at = found.end()
    yield text[at:]


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
    """A passage's text as runs: before the quote, the quote, after it; annotated words are separate pieces.

    `mentions` are offsets into `text`; one that crosses an end of the quote, or another one, stays plain.
    """
    start, end = quote
    spans = [(0, start, False), (start, end, True), (end, len(text), False)]
    return [
        Run(quoted, tuple(_mentioned(text, left, right, mentions))) for left, right, quoted in spans if left < right
    ]


def of_quote(text: str, mentions: Sequence[tuple[Mention, Term]], quote: tuple[int, int]) -> Excerpt:
    """A passage around a quote: a sentence of context before and after, the rest folded; a list is cut into its items,
    without context."""

    def run(left: int, right: int, quoted: bool = False, folded: bool = False) -> tuple[Run, ...]:
        return (Run(quoted, tuple(_mentioned(text, left, right, mentions)), folded),) if left < right else ()

    start, end = quote
    items = _items(text, start, end)
    first, last = _context(text, start, end) if len(items) == 1 else quote
    return Excerpt(
        before=run(0, first, folded=True) + run(first, start),
        items=tuple(one for left, right in items for one in run(left, right, quoted=True)),
        behind=run(end, last) + run(last, len(text), folded=True),
    )


def _items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the list items in a quote; the whole of it when it is no list."""
    found = [(one.start(), one.end()) for one in ITEM.finditer(text, start, end)]
    return found if len(found) >= LIST else [(start, end)]


def _context(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the context of a quote begins and ends: its sentence, and one before and after, as far as fits."""
    spans = [one.span() for one in SENTENCE.finditer(text)]
    touched = [i for i, (left, right) in enumerate(spans) if left < end and right > start]
    left = spans[max(touched[0] - 1, 0)][0]
    right = spans[min(touched[-1] + 1, len(spans) - 1)][1]
    if start - left > CONTEXT:
        left = next((cut.end() for cut in STOP.finditer(text, start - CONTEXT, start)), start)
    if right - end > CONTEXT:
        right = max((cut.end() for cut in STOP.finditer(text, end, end + CONTEXT)), default=end)
    return left, right


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
