"""Which terms of the annotations a question names, the way people name them: 三个医, 五新, 千村示范那个."""

import re
from collections.abc import Callable, Iterable

from corpus.passage import Term

NUMERALS = "一二三四五六七八九十"
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
    sure = [t for t in terms if any(_says(name, folded, spoken) for name in _names(t, fold))]
    if sure:
        return tuple(sure)
    rated = [(max(_share(name, folded) for name in _names(t, fold)), t) for t in terms]
    best = max((share for share, _ in rated), default=0.0)
    return tuple(t for share, t in rated if share == best) if best >= SHARE else ()


def _names(term: Term, fold: Callable[[str], str]) -> list[str]:
    names = [fold(n) for n in (term.name, *term.aliases)]
    tails = [m.group() for n in names if (m := SUFFIX.search(n)) and 2 <= len(m.group()) < len(n)]
    return names + tails


def _says(name: str, folded: str, spoken: str) -> bool:
    if re.search(rf"(?<!第){re.escape(name)}", folded) or re.search(rf"(?<!第){re.escape(name)}", spoken):
        return True
    counted = COUNTED.match(name)
    if not counted:
        return False
    numeral, rest = counted["numeral"], re.sub(f"^{CLASSIFIER}", "", counted["rest"])
    if not rest:
        return False
    counted_one = rf"(?<!第){numeral}个{re.escape(rest[:1])}"
    counted_more = rf"(?<!第){numeral}{CLASSIFIER}?{re.escape(rest[:2])}"
    return bool(re.search(counted_one, spoken) or (len(rest) > 1 and re.search(counted_more, spoken)))


def _share(name: str, folded: str) -> float:
    if len(name) < SHORTEST:
        return 0.0
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    together = any(name[i : i + LONG] in folded for i in range(len(name) - LONG + 1))
    return max(sum(pair in folded for pair in pairs) / len(pairs), SHARE if together else 0.0)
