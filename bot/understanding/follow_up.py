"""A conversation as it is heard: its last turns alone, each read when a question leans on it, and read once."""

import re
from collections.abc import Callable, Mapping, Sequence
from unicodedata import normalize

from bot.understanding.kinds import Cues
from bot.understanding.question import Question, understand
from corpus.build import Corpus

LEANING = re.compile(
    r"^(那|那么|它|这|还有|另外|其中|然后|里面|具体|再|除了|又|同样|刚才|上面|前面|接着|呢|总共|一共|分别|都|最后|为什么)|呢[?。]?$"
    r"|(它|这个|那个|这些|那些|这项|该|刚才|上面|前面|里面|其中|那边|这边)"
)
SHORT = 8
# What is heard of a conversation: so many turns of the person, so many characters of them together.
TURNS, CHARACTERS = 8, 600


def recent(history: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """What the person said last, as they said it, oldest first; a turn that does not fit keeps its end.

    Characters are counted as they are spelt out: one may stand for many (㍿).
    """
    said = [turn.get("content", "") for turn in history if turn.get("role") == "user"]
    heard: list[str] = []
    left = CHARACTERS
    for turn in reversed(said[-TURNS:]):
        end = turn[max(len(turn) - left, 0) :]
        spelt = normalize("NFKC", end)
        heard.append(end if len(spelt) <= left else spelt[len(spelt) - left :])
        left -= min(len(spelt), left)
    return tuple(reversed(heard))


class Conversation:
    """The turns so far, the last of which counts."""

    def __init__(self, turns: Sequence[str], read: Callable[[str], str], corpus: Corpus, cues: Cues) -> None:
        """`read` folds and mends a turn; it gives nothing for one that is not to be heard."""
        self._turns, self._read = list(turns), read
        self._corpus, self._cues = corpus, cues
        self._understood: dict[int, Question | None] = {}

    def question(self, folded: str) -> Question:
        """The next turn (folded) made to stand alone; from then on it is one of those before."""
        self._turns.append(folded)
        return self._in_context(folded, len(self._turns) - 1)

    def _in_context(self, folded: str, place: int) -> Question:
        """The turn at a place: what it leaves out is taken from the turn before."""
        alone = understand(folded, self._corpus, self._cues)
        before = self._heard(place - 1) if _leans(alone, self._corpus) else None
        return understand(folded, self._corpus, self._cues, before, alone.concepts) if before else alone

    def _heard(self, place: int) -> Question | None:
        """The last turn up to a place that may be heard."""
        if place < 0:
            return None
        if place not in self._understood:
            folded = self._read(self._turns[place])
            self._understood[place] = self._in_context(folded, place) if folded else self._heard(place - 1)
        return self._understood[place]


def _leans(question: Question, corpus: Corpus) -> bool:
    """Whether a question leaves something out: it points back, is very short, or names nothing that is known."""
    known = any(corpus.frequency(name) for c in question.concepts for name, _ in c.names)
    return bool(LEANING.search(question.text)) or len(question.text) <= SHORT or not known
