"""Whether a source has the figures of a sentence, compared alike, and says them of the same thing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.writing.checking.clauses import Likeness
from corpus.figures import COUNTERS, DATES, SAME, Figure, figures

SEGMENT = re.compile(r"[^,;、。:!?]+")
SEGMENTS, ITEMS = re.compile(r"[^,;。:!?]+"), re.compile("、|以及|[和与及]")
# Where one segment speaks of two amounts.
JOIN = re.compile(r"(?:以及|[和与及])(?=[^,;、。]{0,12}\d)")
# What one unit is in another of the same dimension.
SCALES = {
    "公里": ("米", 1000.0),
    "千米": ("米", 1000.0),
    "年": ("个月", 12.0),
    "周岁": ("岁", 1.0),
    "小时": ("分钟", 60.0),
}
# What is meant for each of several, and how a sentence may tell that it is.
EACH, TOLD_EACH = re.compile("每|[年月人户]均"), re.compile("每|均|1[年天月周人户]")
# Of how long a thing takes, within so long says the same.
SPANS = frozenset({"天", "个月", "分钟"})
EACH_TIME = frozenset({"年", "月", "个月", "天", "周"})
# A number of years, not a year.
SPAN = 100


@dataclass(frozen=True, slots=True)
class Comparator:
    """One way of comparing: what stands before a figure, or after it."""

    name: str
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True)
class Amounts:
    """The figures of a sentence against those of its sources, all in plain form."""

    comparators: tuple[Comparator, ...]
    likeness: Likeness

    def missing(self, sentence: str, texts: Sequence[str], beside: str, names: Iterable[str]) -> list[Figure]:
        """The figures of a sentence that no source holds; numerals of `names` are parts of names."""
        claimed = _claimed(sentence, names)
        return [figure for figure in claimed if not self._holds(figure, sentence, texts, beside)]

    def said_of(self, sentence: str, texts: Sequence[str], names: Iterable[str]) -> list[list[str]]:
        """For each figure of a sentence, what the sources say before it: the thing that it may be of."""
        counted = (f for f in _claimed(sentence, names) if f.unit and not is_date(f))
        found = (
            [segment(t, o)[: segment(t, o).find(o.text)] for o, t in self._same(f, sentence, texts)] for f in counted
        )
        return [heads for heads in found if heads]

    def _holds(self, figure: Figure, sentence: str, texts: Sequence[str], beside: str) -> bool:
        if is_date(figure):
            return bool(re.search(rf"(?<![\d.]){re.escape(bare(figure))}", "\n".join([*texts, beside])))
        if not figure.unit:
            told = ((other, text) for text in [*texts, beside] for other in figures(text))
            return any(self._is_same(figure, sentence, other, text) for other, text in told)
        return (
            _counts_its_own(figure, sentence)
            or bool(self._same(figure, sentence, texts))
            or self._is_article(figure, sentence, texts)
        )

    def _same(self, figure: Figure, sentence: str, texts: Sequence[str]) -> list[tuple[Figure, str]]:
        """Where the sources have the figure in the segment most like the one it is said in, or in one it says whole.

        Only segments with a figure of the same unit are looked at, so that 10% of exports is not said of investment.
        """
        others = self._of_the_unit(figure, texts)
        same = [one for one in others if self._is_same(figure, sentence, *one)]
        around = segment(sentence, figure)
        whole = [(o, t) for o, t in same if self.likeness.is_whole(segment(t, o), around)]
        for said in (around, sentence):
            likeness = [self.likeness(said, segment(text, other)) for other, text in others]
            best = max(likeness, default=0)
            if best:
                nearest = [one for one, alike in zip(others, likeness, strict=True) if alike == best]
                return [one for one in nearest if one in same] or whole
        return same

    def _is_article(self, figure: Figure, sentence: str, texts: Sequence[str]) -> bool:
        """Whether a figure is no more than an article, of a thing that no source counts."""
        others = self._of_the_unit(figure, texts)
        return is_one(figure) and not any(self.likeness(sentence, segment(text, other)) for other, text in others)

    def _of_the_unit(self, figure: Figure, texts: Sequence[str]) -> list[tuple[Figure, str]]:
        unit = _amount(figure)[2]
        return [(o, t) for t in texts for o in figures(t) if not is_date(o) and _amount(o)[2] == unit]

    def _is_same(self, figure: Figure, sentence: str, other: Figure, text: str) -> bool:
        mine, theirs = _amount(figure), _amount(other)
        if mine[:2] != theirs[:2] or (figure.unit and mine[2] != theirs[2]) or not _alike(other.unit, figure.unit):
            return False
        around = segment(text, other)
        for_each = EACH.search(around[: around.find(other.text)]) and not TOLD_EACH.search(sentence)
        compared = {self._compared(other, text), self._compared(figure, sentence)}
        return not for_each and (len(compared) == 1 or (mine[2] in SPANS and compared == {"", "at_most"}))

    def _compared(self, figure: Figure, text: str) -> str:
        """The comparator that goes with a figure: at_least, at_most, about, or none."""
        digits = re.search(r"\d", figure.text)
        start = figure.start + (digits.start() if digits else 0)
        end = figure.start + len(figure.text.rstrip("以上下内左右多余"))
        before, after = text[max(start - 7, 0) : start], text[end : end + 4]
        many = next((c for c in "多余" if c in figure.text), "")
        for comparator in reversed(self.comparators):
            if comparator.before.search(before) or comparator.after.search(many or after):
                return comparator.name
        return ""


def _claimed(sentence: str, names: Iterable[str]) -> list[Figure]:
    named = tuple(names)
    return [figure for figure in figures(sentence) if not any(figure.text in name for name in named)]


def is_date(figure: Figure) -> bool:
    """Whether a figure names a year, month or day; a number of years is none."""
    return figure.unit in DATES and not (figure.unit == "年" and figure.value < SPAN)


def is_one(figure: Figure) -> bool:
    """Whether it is no more than an article, or says for each: 建一个平台, 一年的收入."""
    return figure.value == 1 and not figure.upper and (figure.unit in COUNTERS or figure.unit in EACH_TIME)


def _counts_its_own(figure: Figure, sentence: str) -> bool:
    """Whether a figure only counts what the sentence itself lists beside it: A、B和C三个项目."""
    listed = next((m.group() for m in SEGMENTS.finditer(sentence) if m.start() <= figure.start < m.end()), "")
    return figure.unit in COUNTERS and len(ITEMS.split(listed)) == figure.value


def bare(figure: Figure) -> str:
    """The number and its unit alone."""
    return re.sub(r"^\D+|(以上|以下|以内|左右|多|余)$", "", figure.text)


def segment(text: str, figure: Figure) -> str:
    """The stretch of a text between two punctuation marks in which a figure stands."""
    stretch = next((m for m in SEGMENT.finditer(text) if m.start() <= figure.start < m.end()), None)
    if stretch is None:
        return text
    ends = [stretch.start(), *(stretch.start() + m.start() for m in JOIN.finditer(stretch.group())), stretch.end()]
    return next(text[a:b] for a, b in pairwise(ends) if a <= figure.start < b)


def _alike(one: str, other: str) -> bool:
    """Whether two measure words count the same: 个 stands for any (5个, 5家), one of the others for itself alone."""
    counted = one in COUNTERS and other in COUNTERS
    return not counted or one == other or "个" in (one, other) or one.removesuffix("次") == other.removesuffix("次")


def _amount(figure: Figure) -> tuple[float, float | None, str]:
    unit, scale = SCALES.get(figure.unit, (SAME.get(figure.unit, figure.unit), 1.0))
    counted = "count" if unit in COUNTERS and unit != "家次" else unit
    return round(figure.value * scale, 6), figure.upper * scale if figure.upper else None, counted
