"""Suggestions while typing: questions known to be answered. What is typed is never stored."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from bot import tuning
from bot.answering.onward import Onward
from corpus.corpus import Corpus

# The maximum of generated questions: each is asked once, and compared with everything typed.
KNOWN = 500
# How many folded questions are cached: the generated ones, and as many approved ones.
REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the form for comparison: folded, with its pairs of characters."""

    text: str
    pairs: frozenset[str]


class Suggestions:
    """The questions that may be suggested. Generated ones are tried in the background, once, on first use.

    Safe to use from several threads.
    """

    def __init__(self, corpus: Corpus, onward: Onward, offered: Callable[[], Sequence[str]]) -> None:
        """`offered` gives those that need no trial: approved ones and examples."""
        self._corpus, self._onward, self._offered = corpus, onward, offered
        self._read = lru_cache(maxsize=REMEMBERED)(self._fold)
        self._found: list[str] = []
        self._begun = threading.Lock()

    def find(self, typed: str) -> tuple[str, ...]:
        """The questions most similar to what was typed, the most similar first; none for too short a text."""
        asked = self._fold(typed.strip())
        if len(asked.text) < tuning.SUGGESTED_FROM_CHARACTERS:
            return ()
        names = [name for match in self._corpus.lexicon.match(asked.text) for name in match.official if len(name) > 1]
        known = dict.fromkeys([*self._offered(), *self._found])
        scored = [(_likeness(self._read(question), asked, names), question) for question in known]
        alike = (one for one in scored if one[0] >= tuning.SUGGESTED_FROM)
        ranked = sorted(alike, key=lambda one: (-one[0], len(one[1])))
        return tuple(question for _, question in ranked[: tuning.SUGGESTED])

    def try_all(self) -> None:
        """Find which generated questions are answered; the first call does, others return at once."""
        if self._begun.acquire(blocking=False):
            for question in islice(self._onward.everything(), KNOWN):
                self._found.append(question)

    def _fold(self, question: str) -> Folded:
        text = self._corpus.words.fold(question)
        return Folded(text, frozenset(text[i : i + 2] for i in range(len(text) - 1)))


def _likeness(question: Folded, typed: Folded, names: Sequence[str]) -> float:
    """The share of what was typed that a question holds, in the same words or the reports'."""
    own = len(typed.pairs & question.pairs) / len(typed.pairs)
    official = tuning.SUGGESTED_OFFICIAL if any(name in question.text for name in names) else 0.0
    return max(own + (typed.text in question.text), official + tuning.SUGGESTED_TYPED_BESIDE * own if official else 0.0)
