"""The values of the desk: what is searched for, and what is found."""

from dataclasses import dataclass

from bot.answer import Contact, NamedSource

KINDS = ("approved", "term", "target", "body", "annotation")
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions on results: heading, kind, deadline, whether quantified. Empty ones let everything through."""

    section: str = ""
    kind: str = ""
    deadline: str = ""
    quantity: bool = False


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Result:
    """One thing found: `script` is what is read out, with its `source` and `label`; `spans` are offsets into `text`.

    What has no `script` is to be read by the agent alone. `quote` is where in `text` the source is opened; `times` how
    often the very words of the query stand there; `ways` are who else helps, `sources` official texts beyond the
    documents.
    """

    id: str
    kind: str
    title: str
    where: str
    text: str
    spans: Spans
    script: str
    source: str
    label: str
    passage_id: str = ""
    quote: tuple[int, int] = (0, 0)
    times: int = 0
    ways: tuple[Contact, ...] = ()
    sources: tuple[NamedSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Everything found, best first. It includes every passage with the exact words, `mentions` in all."""

    results: tuple[Result, ...]
    mentions: int
