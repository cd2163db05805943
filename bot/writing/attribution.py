"""Marks given by code: a sentence belongs to the passages that support it, whatever mark a model gave it, or none."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from bot import tuning
from bot.answer import MARK
from bot.writing.faithfulness import Source, Support

ENDING = re.compile(r"[。！？!?\s”」』）)\"]*$")
# What is wrong with a sentence whatever it is held against.
WHATEVER = frozenset({"markup", "too_long", "language"})

Fault = Callable[[str, Sequence[Source]], str]


def attributed(sentence: str, sources: Mapping[int, Source], support: Support, fault: Fault) -> tuple[str, str]:
    """The sentence with marks that hold, and an empty string; or the sentence, and the name of what is wrong with it.

    The model's own marks are kept when they hold.
    """
    bare = MARK.sub("", sentence)
    marks = list(dict.fromkeys(int(mark) for mark in MARK.findall(sentence)))
    known = bool(marks) and sources.keys() >= set(marks)
    wrong = fault(bare, [sources[mark] for mark in marks]) if known else ""
    if (known and not wrong) or wrong in WHATEVER:
        return sentence, wrong
    for cited in _candidates(bare, sources, support):
        if known and {source.mark for source in cited} == set(marks):
            continue
        found = fault(bare, cited)
        if not found:
            return _marked(bare, cited), ""
        wrong = wrong or found
        if found in WHATEVER:
            break
    return sentence, wrong


def _candidates(bare: str, sources: Mapping[int, Source], support: Support) -> Iterator[tuple[Source, ...]]:
    """The passages that may support a sentence, the likeliest first, and then two together."""
    likeness = {mark: support.likeness(bare, source) for mark, source in sources.items()}
    likeliest = sorted(sources, key=lambda mark: (-likeness[mark], mark))[: tuning.PASSAGES_TRIED]
    yield from ((sources[mark],) for mark in likeliest)
    yield from (tuple(sources[mark] for mark in sorted(pair)) for pair in combinations(likeliest, 2))


def _marked(bare: str, cited: Sequence[Source]) -> str:
    """The sentence with its marks before the stop at its end."""
    end = ENDING.search(bare)
    at = end.start() if end else len(bare)
    return bare[:at] + "".join(f"[{source.mark}]" for source in cited) + bare[at:].strip()
