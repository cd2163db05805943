"""The report reader: its sections in order, each passage with its annotations, and search within it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.web import highlight
from bot.web.rendering import Views
from corpus.passage import Document, Mention, Part, Passage, Term


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage as the reader shows it.

    `asks` is a question about it, empty where its heading is not its own; `found` counts the words searched for;
    `time` is the kind and time of a part that begins with it.
    """

    passage: Passage
    time: str
    runs: list[highlight.Run]
    asks: str
    found: int
    used_in: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the report with the passages directly under it, and the sections below."""

    id: str
    heading: str
    passages: list[ReadPassage]
    sections: "list[Section]"

    def all_passages(self) -> Iterator[ReadPassage]:
        """Every passage under this heading, in order."""
        yield from self.passages
        for section in self.sections:
            yield from section.all_passages()


@dataclass(frozen=True, slots=True)
class Reading:
    """The reader's input: words to find, or a passage with a quote (offsets into its text)."""

    query: str = ""
    passage_id: str = ""
    quote: tuple[int, int] = (0, 0)


class Reader:
    """One document, laid out for reading."""

    def __init__(self, views: Views, document: Document, reading: Reading) -> None:
        self._views, self._document, self._reading = views, document, reading
        self._headed = Counter(p.section for p in views.corpus.passages)
        self._part: Part | None = None

    def sections(self) -> list[Section]:
        """The document's sections, outermost first."""
        passages = self._views.corpus.inside[self._document.id]
        return [
            self._section(f"s{number}", heading, list(under))
            for number, (heading, under) in enumerate(groupby(passages, key=self._heading), 1)
        ]

    def _heading(self, passage: Passage) -> str:
        """The heading of a passage's part; the document's title for a passage outside parts."""
        return passage.section[0] if passage.section else self._document.title

    def _section(self, id_: str, heading: str, passages: Sequence[Passage]) -> Section:
        direct, below = [], []
        for number, (inner, under) in enumerate(groupby(passages, key=_inner_heading), 1):
            if inner:
                read = [self._read(p) for p in under]
                below.append(Section(f"{id_}-{number}", inner, read, []))
            else:
                direct += [self._read(p) for p in under]
        return Section(id_, heading, direct, below)

    def _read(self, passage: Passage) -> ReadPassage:
        wording = self._views.text["report"]
        quote = self._reading.quote if passage.id == self._reading.passage_id else (0, 0)
        asks = wording["ask_term" if passage.kind == "annotation" else "ask_passage"].format(heading=_name(passage))
        runs = self._marked(passage) or highlight.of_paragraph(passage.text, self._mentions(passage), quote)
        return ReadPassage(
            passage=passage,
            time=self._time(passage),
            runs=runs,
            asks=asks if passage.heading and self._headed[passage.section] == 1 else "",
            found=sum(run.quoted for run in runs) if self._reading.query else 0,
            used_in=self._used_in(passage),
        )

    def _time(self, passage: Passage) -> str:
        """The kind and time of a part, at its first passage; empty where that goes without saying."""
        part, before = self._views.corpus.part_of(passage), self._part
        self._part = part
        told = self._views.text["report"]["times"].get(part.kind, "")
        return str(told.format(period=part.period)) if part != before else ""

    def _marked(self, passage: Passage) -> list[highlight.Run]:
        """The passage with every match of the words searched for; empty when it has none."""
        query, text = self._reading.query, passage.text
        if not query or query not in text:
            return []
        runs: list[highlight.Run] = []
        for index, part in enumerate(text.split(query)):
            if index:
                runs.append(highlight.Run(True, (highlight.Piece(query),)))
            if part:
                runs.append(highlight.Run(False, (highlight.Piece(part),)))
        return runs

    def _mentions(self, passage: Passage) -> list[tuple[Mention, Term]]:
        return self._views.mentions(passage)

    def _used_in(self, passage: Passage) -> tuple[Passage, ...]:
        """Where the body uses the term that an annotation explains."""
        corpus = self._views.corpus
        explained = (corpus.terms[place] for place in corpus.explained.get(passage.id, ()))
        ids = [mention.passage_id for term in explained for mention in term.mentions]
        return tuple(corpus.by_id[i] for i in dict.fromkeys(ids))


def _inner_heading(passage: Passage) -> str:
    """The heading between the part and the paragraph, where there is one."""
    if passage.kind == "annotation" or len(passage.section) < 2:
        return ""
    return passage.section[1]


def _name(passage: Passage) -> str:
    """The topic of a passage: its innermost heading without its number, or its part."""
    heading = passage.heading
    numbered = heading.startswith(("\uff08", "(")) or heading[1:2] == "、"
    return heading[max(heading.find("\uff09"), heading.find(")"), heading.find("、")) + 1 :] if numbered else heading
