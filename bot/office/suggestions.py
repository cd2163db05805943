"""What typing suggests: questions that are known to be answered. Nothing of what is typed is kept."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from bot.answering.onward import Onward
from corpus.corpus import Corpus

# How many are shown; how much of what is typed a question must hold to be one.
MOST, ALIKE = 6, 0.5
# What the words of the reports for what was typed count beside the typed words themselves.
OFFICIAL = 0.9
# From how many characters on anything is suggested; how many questions of the documents are known at most: each is
# asked once, and each is compared with what is typed.
SHORTEST, KNOWN = 2, 500


@dataclass
class Suggestions:
    """The questions that may be suggested. Those of the documents are tried in the background, once, when first used.

    `offered` gives those that are answered in any case: approved ones and examples.
    """

    corpus: Corpus
    onward: Onward
    offered: Callable[[], Sequence[str]]
    _found: dict[str, frozenset[str]] = field(default_factory=dict)
    _trying: threading.Lock = field(default_factory=threading.Lock)
    _tried: bool = False

    def find(self, typed: str) -> tuple[str, ...]:
        """The questions most like what was typed, at most six, the likest first; none for less than two characters."""
        folded = self.corpus.words.fold(typed).strip()
        if len(folded) < SHORTEST:
            return ()
        names = [name for match in self.corpus.lexicon.match(folded) for name in match.official]
        pairs = _pairs(folded)
        known = {**{question: self._pairs_of(question) for question in self.offered()}, **self._found}
        scored = [(self._likeness(question, held, folded, pairs, names), question) for question, held in known.items()]
        ranked = sorted((one for one in scored if one[0] >= ALIKE), key=lambda one: (-one[0], len(one[1])))
        return tuple(question for _, question in ranked[:MOST])

    def try_all(self) -> None:
        """Find which questions of the documents are answered; the first call does, others return at once."""
        with self._trying:
            if self._tried:
                return
            self._tried = True
        for question in islice(self.onward.everything(), KNOWN):
            self._found = {**self._found, question: self._pairs_of(question)}

    def _pairs_of(self, question: str) -> frozenset[str]:
        return _pairs(self.corpus.words.fold(question))

    def _likeness(
        self, question: str, held: frozenset[str], folded: str, pairs: frozenset[str], names: Iterable[str]
    ) -> float:
        """How much of what was typed a question holds, in these words or those of the reports."""
        own = len(pairs & held) / len(pairs)
        text = self.corpus.words.fold(question)
        official = OFFICIAL * any(len(name) > 1 and name in text for name in names)
        return max(own + (folded in text), official + own / 2 if official else 0.0)


def _pairs(folded: str) -> frozenset[str]:
    return frozenset(folded[i : i + 2] for i in range(len(folded) - 1))
