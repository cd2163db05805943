"""Follow-up questions to a passage: made from the structure of the documents, kept when the bot answers them as meant.

A question is put into words from a target, a term or a heading, and kept only where its answer cites the passage it was
made from. Results are cached by question: nothing is asked twice.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain, islice, zip_longest

from bot import tuning
from bot.answer import Answer, Status
from corpus.corpus import Corpus
from corpus.figures import NUMERALS
from corpus.passage import Passage
from corpus.targets import Target

# How many of the passages shown get follow-up questions.
MOST_SHOWN = 8
# Units of what is measured, not counted: a question asks how much of it, not how many.
MEASURED = ("%", "元", "百分点", "个百分点")
BROKEN = ",\uff0c;\uff1b。:\uff1a、"
NUMBER = re.compile(rf"^[(\uff08]?[{NUMERALS}]+[)\uff09、]")
# Left out of the object: a question already states its year as a number.
THIS_YEAR = re.compile("^(?:今年|本年|年内|全年)")
REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Quoted:
    """A passage that was shown, and the span of its quote; an empty span where nothing was quoted."""

    passage_id: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A question, the passage that must be cited in answer to it, and the words that must stand in the quote."""

    question: str
    passage_id: str
    words: str = ""


class Onward:
    """Makes questions and keeps those that are answered. Safe to use from several threads."""

    def __init__(self, corpus: Corpus, wording: Mapping[str, str], ask: Callable[[str], Answer]) -> None:
        """`wording` has the templates `counted`, `measured`, `term` and `heading`; `ask` answers a question."""
        self._corpus, self._wording = corpus, wording
        self._ask = ask
        self.is_answered = lru_cache(maxsize=REMEMBERED)(self._answered)

    def after(self, shown: Sequence[Quoted]) -> tuple[str, ...]:
        """The next questions after what was shown, at most three: on the same passage, its terms, its neighbours."""
        known = [*(one for one in shown if one.passage_id in self._corpus.by_id), *self._explained(shown)]
        mixed = _by_turns(self._targets(known), self._terms(known), self._neighbours(known))
        good = (offer.question for offer in islice(mixed, tuning.ONWARD_TRIED) if self.is_answered(offer))
        return tuple(islice(good, tuning.ONWARD_OFFERED))

    def _explained(self, shown: Sequence[Quoted]) -> Iterator[Quoted]:
        """Where the documents use the terms whose annotations were shown."""
        corpus = self._corpus
        for place in sorted({p for one in shown for p in corpus.explained.get(one.passage_id, ())}):
            yield from (Quoted(mention.passage_id) for mention in corpus.terms[place].mentions)

    def everything(self) -> Iterator[str]:
        """Every question that can be made and is answered, one after the other as it is found."""
        shown = [Quoted(passage.id) for passage in self._corpus.passages if passage.document_id in self._corpus.current]
        every = chain(self._targets(shown), self._terms(shown), (self._of_heading(self._passage(q)) for q in shown))
        yield from (offer.question for offer in every if offer and self.is_answered(offer))

    def of_document(self, document_id: str) -> Iterator[Offer]:
        """What can be asked of a document by itself: targets, terms and headings by turns, not tried yet."""
        shown = [Quoted(passage.id) for passage in self._corpus.inside.get(document_id, ())]
        headings = (self._of_heading(self._passage(one)) for one in shown)
        yield from _by_turns(self._targets(shown), dict.fromkeys(self._terms(shown)), filter(None, headings))

    def _answered(self, offer: Offer) -> bool:
        """Whether the answer to an offered question is the one meant."""
        answer = self._ask(offer.question)
        cited = (c for c in answer.citations if c.passage_id == offer.passage_id)
        return answer.status is Status.ANSWERED and any(offer.words in c.quote for c in cited)

    def _passage(self, shown: Quoted) -> Passage:
        return self._corpus.by_id[shown.passage_id]

    def _targets(self, shown: Iterable[Quoted]) -> Iterator[Offer]:
        """How much each target of the passages promises, except those that were quoted."""
        for one in shown:
            for target in self._corpus.promises.of.get(one.passage_id, ()):
                quoted = target.start < one.end and one.start < target.end
                if not quoted and self._can_be_asked(target):
                    yield Offer(self._how_much(target), target.passage_id, target.amount)

    def _how_much(self, target: Target) -> str:
        part = self._corpus.part_of(self._corpus.by_id[target.passage_id])
        kind = "measured" if target.unit in MEASURED else "counted"
        thing = THIS_YEAR.sub("", target.action + target.object)
        return self._wording[kind].format(period=part.period, thing=thing, unit=target.unit)

    def _terms(self, shown: Iterable[Quoted]) -> Iterator[Offer]:
        """What each term that the passages use means."""
        for one in shown:
            for place in dict.fromkeys(place for place, _ in self._corpus.uses.get(one.passage_id, ())):
                term = self._corpus.terms[place]
                yield Offer(self._wording["term"].format(name=term.name), term.annotation_id)

    def _neighbours(self, shown: Iterable[Quoted]) -> Iterator[Offer]:
        """What other passages say, those under the same heading first, then the nearest."""
        for one in shown:
            here = self._passage(one)
            beside = [p for p in self._corpus.inside[here.document_id] if p.id != here.id]
            near = sorted(beside, key=partial(_distance, here))
            yield from (offer for passage in near if (offer := self._of_heading(passage)))

    def _of_heading(self, passage: Passage) -> Offer | None:
        """What a paragraph with a heading of its own says; None for any other."""
        if passage.kind != "body" or not passage.opening or len(passage.heading) > tuning.ONWARD_LONGEST:
            return None
        heading = NUMBER.sub("", passage.heading)
        return Offer(self._wording["heading"].format(heading=heading), passage.id)

    def _can_be_asked(self, target: Target) -> bool:
        """Whether the object of a target can be asked for in a few words."""
        thing = target.object
        short = len(thing) > 1 and len(target.action + thing) <= tuning.ONWARD_LONGEST
        return short and not any(mark in thing for mark in BROKEN) and not self._corpus.words.is_verb(thing)


def _by_turns(*kinds: Iterable[Offer]) -> Iterator[Offer]:
    """One offer of each kind, then the next of each, each once."""
    met: set[Offer] = set()
    for offer in (offer for row in zip_longest(*kinds) for offer in row if offer):
        if offer not in met:
            met.add(offer)
            yield offer


def _distance(here: Passage, other: Passage) -> tuple[bool, int]:
    """How far a passage stands from another: first whether under another heading, then in passages."""
    return other.section[:-1] != here.section[:-1], abs(other.number - here.number)
