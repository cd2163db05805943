"""Which terms of the annotations a question names, the way people name them: 三个医, 五新, 千村示范那个."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from corpus.figures import NUMERALS
from corpus.passage import Term

DIGIT = re.compile(r"(?<!\d)([1-9]|10)(?!\d)")
COUNTED = re.compile(rf"^(?P<numeral>[{NUMERALS}])(?P<rest>.+)$")
SUFFIX = re.compile(rf"[{NUMERALS}][^{NUMERALS}].*$")
CLASSIFIER = "[个大种项件类样条]"
# The share of a long name's character pairs that must be said when it is not said whole, or how many together,
# and how long a name must be for that.
SHARE, LONG, SHORTEST = 0.5, 4, 6


def named_terms(folded: str, terms: Iterable[Term], fold: Callable[[str], str]) -> tuple[Term, ...]:
    """The terms named in a folded question, surest first."""
    spoken = DIGIT.sub(lambda m: NUMERALS[int(m.group(1)) - 1], folded)
    named = [(term, _names((term.name, *term.aliases), fold)) for term in terms]
    sure = [term for term, names in named if any(_says(name, folded, spoken) for name in names)]
    if sure:
        return tuple(sure)
    rated = [(max(_share(name, folded) for name in names), term) for term, names in named]
    best = max((share for share, _ in rated), default=0.0)
    return tuple(t for share, t in rated if share == best) if best >= SHARE else ()


@lru_cache(maxsize=4096)
def _names(written: tuple[str, ...], fold: Callable[[str], str]) -> tuple[str, ...]:
    names = tuple(map(fold, written))
    return names + tuple(m.group() for n in names if (m := SUFFIX.search(n)) and 2 <= len(m.group()) < len(n))


def _says(name: str, folded: str, spoken: str) -> bool:
    whole, counted = _ways(name)
    if any(name in text and whole.search(text) for text in (folded, spoken)):
        return True
    return bool(counted and counted.search(spoken))


@lru_cache(maxsize=4096)
def _ways(name: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """What a name sounds like as it is written, and, when it begins with a numeral, counted out (三医, 三个医)."""
    whole = re.compile(rf"(?<!第){re.escape(name)}")
    counted = COUNTED.match(name)
    rest = re.sub(f"^{CLASSIFIER}", "", counted["rest"]) if counted else ""
    if not counted or not rest:
        return whole, None
    ways = [f"个{re.escape(rest[:1])}"] + [f"{CLASSIFIER}?{re.escape(rest[:2])}"] * (len(rest) > 1)
    return whole, re.compile(f"(?<!第){counted['numeral']}(?:{'|'.join(ways)})")


def _share(name: str, folded: str) -> float:
    if len(name) < SHORTEST:
        return 0.0
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    together = any(name[i : i + LONG] in folded for i in range(len(name) - LONG + 1))
    return max(sum(pair in folded for pair in pairs) / len(pairs), SHARE if together else 0.0)
