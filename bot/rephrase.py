"""A follow-up made to stand alone: what it leaves out is taken from the turn before."""

import re
from collections.abc import Sequence

from bot.asked import Cues
from bot.question import Question, understand
from corpus.build import Corpus

LEANING = re.compile(
    r"^(那|那么|它|这|还有|另外|其中|然后|里面|具体|再|除了|又|同样|刚才|上面|前面|接着|呢|总共|一共|分别|都|最后|为什么)|呢[?。]?$"
    r"|(它|这个|那个|这些|那些|这项|该|刚才|上面|前面|里面|其中|那边|这边)"
)
SHORT = 8


def context_of(folded: str, earlier: Sequence[str], corpus: Corpus, cues: Cues) -> Question:
    """The question in the light of the (folded) user turns before it, the last of which counts."""
    alone = understand(folded, corpus, cues)
    if not earlier or not _leans(alone, corpus):
        return alone
    before = context_of(earlier[-1], earlier[:-1], corpus, cues)
    return understand(folded, corpus, cues, before)


def _leans(question: Question, corpus: Corpus) -> bool:
    """Whether a question leaves something out: it points back, is very short, or names nothing that is known."""
    known = any(corpus.frequency(name) for c in question.concepts for name, _ in c.names)
    return bool(LEANING.search(question.text)) or len(question.text) <= SHORT or not known
