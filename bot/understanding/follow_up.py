"""What is heard of a conversation, and which questions lean on what was said before."""

import re
from collections.abc import Mapping, Sequence
from unicodedata import normalize

from bot.understanding.question import Question
from corpus.corpus import Corpus

LEANING = re.compile(
    r"^(那|那么|它|这|还有|另外|其中|然后|里面|具体|再|除了|又|同样|刚才|上面|前面|接着|呢|总共|一共|分别|都|最后|为什么)|呢[?。]?$"
    r"|的(?:又|还|也)?(?:有|是|要)?(?:几|多少|哪|啥|什么时候)"
    r"|(它|这个|那个|这些|那些|这项|该|刚才|上面|前面|里面|其中|那边|这边)"
)
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


def leans(question: Question, corpus: Corpus) -> bool:
    """Whether a question leaves something out: it points back, or names no thing that is known."""
    known = any(c.solid and corpus.frequency(name) for c in question.concepts for name, _ in c.names)
    return bool(LEANING.search(question.text)) or not known
