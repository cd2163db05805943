"""Which terms of the annotations a question names, the way people name them: 三个医, 五新, 千村示范那个."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from bot import tuning
from corpus.figures import NUMERALS
from corpus.passage import Term

DIGIT = re.compile(r"(?<!\d)([1-9]|10)(?!\d)")
COUNTED = re.compile(rf"^(?P<numeral>[{NUMERALS}])(?P<rest>.+)$")
SUFFIX = re.compile(rf"[{NUMERALS}][^{NUMERALS}].*$")
CLASSIFIER = "[个大种项件类样条]"
# Marks a key made of a numeral and what it counts.
COUNTING = "#"


class TermNames:
    """Terms by the pairs of characters of their names, so that a question looks at few."""

    def __init__(self, terms: Iterable[Term], fold: Callable[[str], str]) -> None:
        self._terms = tuple(terms)
        self._names = [_names((term.name, *term.aliases), fold) for term in self._terms]
        self._by_key: dict[str, list[int]] = {}
        for place, names in enumerate(self._names):
            for key in {key for name in names for key in _keys(name)}:
                self._by_key.setdefault(key, []).append(place)

    def named(self, folded: str) -> tuple[Term, ...]:
        """The terms named in a folded question, surest first."""
        spoken = DIGIT.sub(lambda m: NUMERALS[int(m.group(1)) - 1], folded)
        heard = {key for text in (folded, spoken) for key in _heard(text)}
        near = sorted({place for key in heard for place in self._by_key.get(key, ())})
        sure = [place for place in near if any(_says(name, folded, spoken) for name in self._names[place])]
        if sure:
            return tuple(self._terms[place] for place in sure)
        rated = [(max(_share(name, folded) for name in self._names[place]), place) for place in near]
        best = max((share for share, _ in rated), default=0.0)
        return tuple(self._terms[place] for share, place in rated if share == best) if best >= tuning.TERM_SHARE else ()


def _keys(name: str) -> Iterator[str]:
    """The keys of a name, one of which any question that names it has: its pairs of characters; where it begins with a
    numeral, that and the first character of what is counted.
    """
    yield from (name[i : i + 2] for i in range(len(name) - 1))
    if len(name) == 1:
        yield name
    if counted := COUNTED.match(name):
        yield COUNTING + counted["numeral"] + _rest(counted)[:1]


def _heard(text: str) -> Iterator[str]:
    """The keys of a text: its characters, its pairs, and each numeral with each of the characters next behind it."""
    yield from text
    yield from (text[i : i + 2] for i in range(len(text) - 1))
    for at, character in enumerate(text):
        if character in NUMERALS:
            yield from (COUNTING + character + behind for behind in text[at + 1 : at + 3])


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
    """The spoken forms of a name: as written, and with a measure word after a leading numeral (三医, 三个医)."""
    whole = re.compile(rf"(?<!第){re.escape(name)}")
    counted = COUNTED.match(name)
    rest = _rest(counted) if counted else ""
    if not counted or not rest:
        return whole, None
    ways = [f"个{re.escape(rest[:1])}"] + [f"{CLASSIFIER}?{re.escape(rest[:2])}"] * (len(rest) > 1)
    return whole, re.compile(f"(?<!第){counted['numeral']}(?:{'|'.join(ways)})")


def _rest(counted: re.Match[str]) -> str:
    """What is counted, without its measure word."""
    return re.sub(f"^{CLASSIFIER}", "", counted["rest"])


def _share(name: str, folded: str) -> float:
    if len(name) < tuning.TERM_SHORTEST:
        return 0.0
    pairs = [name[i : i + 2] for i in range(len(name) - 1)]
    together = any(name[i : i + tuning.TERM_STRETCH] in folded for i in range(len(name) - tuning.TERM_STRETCH + 1))
    return max(sum(pair in folded for pair in pairs) / len(pairs), tuning.TERM_SHARE if together else 0.0)
