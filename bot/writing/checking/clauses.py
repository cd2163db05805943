"""The clauses of a text, the figures in them and what they are of, and which clauses of a source one draws on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from bot import tuning
from corpus.figures import Figure, figures
from corpus.words import HAN, Words

SENTENCE = re.compile(r"[^。!?;]+")
CLAUSE = re.compile(r"[^,:]+")
# A bracket with a number in it is a segment of its own: 医师579人(其中执业医师493人).
SEGMENT = re.compile(r"(?:[^,;、。:!?(]|\([^)\d]*\)|\((?![^)]*\d))+")
LISTED, WHOLE = re.compile(r"[^,;。:!?]+"), re.compile("[^;。!?]+")
# Where one segment speaks of two amounts.
JOIN = re.compile(r"(?:以及|[和与及])(?=[^,;、。]{0,12}\d)")
# What a change starts from (从5万吨提高到8万吨), around its figure.
FROM, TO = re.compile(r"[从由][^\d,;。]{0,6}$"), re.compile(r"[^\d,;。]{0,8}[到至]")
# How a change is told, right before its figure.
CHANGE = re.compile(
    r"(?:提高|提升|增加|增长|上调|上涨|扩大|降低|下降|减少)(?:(?P<to>[到至为])|了)?(?:约|近|超过?)?$|[新净]增[^,;。]*$"
)
# What a change starts from (从5万吨提高到8万吨), all of it before the figure it leads to.
CHANGED = re.compile(r"[从由][^\d,;。]{0,6}\d[^,;。]*$")
# Between things and the figures of each, in their order: A、B分别增长3%、5%.
EACH_ITS, AN_ITEM = "分别", re.compile("[、和与及]")
# Where a second row of them begins: 分别从209元、280元提高到217元、290元.
NEXT_ROW = re.compile(r"[到至为]\d?$")


@dataclass(frozen=True)
class Likeness:
    """How many pairs of characters of the words of one stretch stand in another; those of telling words count more."""

    words: Words
    neutral: frozenset[str]
    places: frozenset[str]

    def __call__(self, said: str, other: str) -> float:
        return sum(weight for pair, weight in self.shared(said, other).items() if not pair[0].isdigit())

    def shared(self, said: str, other: str) -> dict[str, float]:
        """The pairs and numbers that both have, each with what it counts."""
        cut = [w for w in self.words.cut(said) if w not in self.places]
        weights: dict[str, float] = {w: tuning.SHARED_NUMBER for w in cut if w[0].isdigit()}
        for word in (w for w in cut if HAN.search(w)):
            weight = 1 if word in self.neutral else tuning.TELLING_PAIR
            weights |= {word[i : i + 2]: weight for i in range(len(word) - 1)}
        found = {pair: weight for pair, weight in weights.items() if pair in other}
        if all(pair[0].isdigit() for pair in found):
            return {}
        return found | {
            c: tuning.SHARED_CHARACTER for word in cut for c in word if HAN.match(c) and c != "的" and c in other
        }


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between two punctuation marks, with what stands around it in its sentence."""

    text: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The whole sentence, its clauses with commas between."""
        return ",".join((*self.before, self.text, *self.after))


@lru_cache(maxsize=4096)
def clauses_of(plain: str) -> tuple[Clause, ...]:
    """The clauses of a text in plain form, in their order."""
    found: list[Clause] = []
    for sentence in SENTENCE.findall(plain):
        parts = CLAUSE.findall(sentence)
        found += [Clause(part, tuple(parts[:i]), tuple(parts[i + 1 :])) for i, part in enumerate(parts)]
    return tuple(found)


def drawn_on(clause: str, sources: Sequence[Clause], likeness: Likeness) -> list[list[Clause]]:
    """The source's clauses that a clause draws on: the likest (one of several alike), and those that add what it has
    not; none when nothing is alike."""
    shared = {source: likeness.shared(clause, source.text) for source in sources}
    drawn: list[list[Clause]] = []
    covered: set[str] = set()
    while shared:
        gain, source = max(((_gain(pairs, covered), one) for one, pairs in shared.items()), key=lambda item: item[0])
        if gain < (tuning.DRAWN_ON_TOO if drawn else 1):
            break
        same = [one for one, pairs in shared.items() if _gain(pairs, covered) == gain] if not drawn else [source]
        drawn.append(same)
        covered |= set(shared[source])
        shared = {one: pairs for one, pairs in shared.items() if one not in same}
    return drawn


def _gain(pairs: Mapping[str, float], covered: set[str]) -> float:
    return sum(weight for pair, weight in pairs.items() if pair not in covered)


def stretch_around(pattern: re.Pattern[str], text: str, figure: Figure) -> re.Match[str]:
    """The match of a pattern that a figure stands in."""
    return next(found for found in pattern.finditer(text) if found.start() <= figure.start < found.end())


def segment(text: str, figure: Figure) -> str:
    """The stretch of a text between two punctuation marks in which a figure stands."""
    stretch = next((m for m in SEGMENT.finditer(text) if m.start() <= figure.start < m.end()), None)
    if stretch is None:
        return text
    ends = [stretch.start(), *(stretch.start() + m.start() for m in JOIN.finditer(stretch.group())), stretch.end()]
    return next(text[a:b] for a, b in pairwise(ends) if a <= figure.start < b)


def without_figures(text: str) -> str:
    """A text with a stop for each figure: its measure word is no word beside others."""
    for figure in reversed(figures(text)):
        text = f"{text[: figure.start]},{text[figure.end :]}"
    return text


def is_start(figure: Figure, text: str) -> bool:
    """Whether a change starts from a figure, or from the row in which it stands."""
    row = row_of(figure, text) or [figure]
    digits = re.search(r"\d", row[0].text)
    start = row[0].start + (digits.start() if digits else 0)
    return bool(FROM.search(text[:start]) and TO.match(text, row[-1].end))


def respective(figure: Figure, text: str) -> tuple[list[str], str]:
    """The things that figures are given of in a row, and which a figure is of; nothing where they do not pair."""
    row = row_of(figure, text)
    clause = stretch_around(LISTED, text, figure)
    before = clause.group().partition(EACH_ITS)[0] or next(iter(LISTED.findall(text[: clause.start()])[-1:]), "")
    items = [item for item in AN_ITEM.split(before) if item][-len(row) :] if row else []
    starts = [one.start for one in row]
    return (items, items[starts.index(figure.start)]) if len(items) == len(row) and row else ([], "")


def row_of(figure: Figure, text: str) -> list[Figure]:
    """The figures behind 分别 among which one stands: of a change, those it starts from, or those it leads to."""
    clause = stretch_around(LISTED, text, figure)
    before, each, behind = clause.group().partition(EACH_ITS)
    if not each:
        return []
    at, row = clause.start() + len(before) + len(each), list[Figure]()
    for one in figures(behind):
        placed = replace(one, start=at + one.start, end=at + one.end)
        if row and NEXT_ROW.search(text[row[-1].end : placed.start + 1]):
            if figure in row:
                return row
            row = []
        row.append(placed)
    return row if figure in row else []


def led_to(text: str, figure: Figure) -> str:
    """Whether a change is told by where it leads (提高到2100元) or by how much it is (提高了2100元); or neither."""
    digits = re.search(r"\d", figure.text)
    before = text[: figure.start + (digits.start() if digits else 0)]
    found = CHANGE.search(before)
    return ("level" if found["to"] else "change") if found else ""


def is_respective(figure: Figure, sentence: str, other: Figure, text: str) -> bool:
    """Whether a figure that a source gives in a row, for several things in theirs (分别), is said of its own thing."""
    items, thing = respective(other, text)
    if not thing:
        return True
    _, mine = respective(figure, sentence)
    if mine:
        return mine[:2] == thing[:2]
    before = sentence[stretch_around(LISTED, sentence, figure).start() : figure.start]
    said = [re.split(r"\d", CHANGED.sub("", stretch))[-1] for stretch in (before, sentence[: figure.start])]
    named = ([item for item in items if item[:2] in stretch] for stretch in said)
    return next(filter(None, named), []) == [thing]
