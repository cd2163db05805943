"""What typing suggests: questions that are known to be answered. Nothing of what is typed is kept."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from bot import tuning
from bot.answering.onward import Onward
from corpus.corpus import Corpus

# How many questions of the documents are known at most: each is asked once, and each is compared with what is typed.
KNOWN = 500
# How many questions are remembered as they are compared: those known, and as many approved ones.
REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared: folded, and every two characters that follow one another in it."""

    text: str
    pairs: frozenset[str]


class Suggestions:
    """The questions that may be suggested. Those of the documents are tried in the background, once, when first used.

    A question is folded once. Safe to use from several threads.
    """

    def __init__(self, corpus: Corpus, onward: Onward, offered: Callable[[], Sequence[str]]) -> None:
        """`offered` gives those that are answered in any case: approved ones and examples."""
        self._corpus, self._onward, self._offered = corpus, onward, offered
        self._read = lru_cache(maxsize=REMEMBERED)(self._fold)
        self._found: list[str] = []
        self._begun = threading.Lock()

    def find(self, typed: str) -> tuple[str, ...]:
        """The questions most like what was typed, at most six, the likest first; none for less than two characters."""
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
        """Find which questions of the documents are answered; the first call does, others return at once."""
        if self._begun.acquire(blocking=False):
            for question in islice(self._onward.everything(), KNOWN):
                self._found.append(question)

    def _fold(self, question: str) -> Folded:
        text = self._corpus.words.fold(question)
        return Folded(text, frozenset(text[i : i + 2] for i in range(len(text) - 1)))


def _likeness(question: Folded, typed: Folded, names: Sequence[str]) -> float:
    """How much of what was typed a question holds, in these words or those of the reports."""
    own = len(typed.pairs & question.pairs) / len(typed.pairs)
    official = tuning.SUGGESTED_OFFICIAL if any(name in question.text for name in names) else 0.0
    return max(own + (typed.text in question.text), official + tuning.SUGGESTED_TYPED_BESIDE * own if official else 0.0)
