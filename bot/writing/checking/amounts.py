"""Whether a source has the figures of a sentence, compared alike, and says them of the same thing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import tuning
from bot.writing.checking.clauses import (
    LISTED,
    SEGMENT,
    WHOLE,
    Clause,
    Likeness,
    is_respective,
    is_start,
    led_to,
    respective,
    row_of,
    segment,
    stretch_around,
    without_figures,
)
from corpus.figures import COUNTERS, DATES, SAME, Figure, figures
from corpus.words import HAN

AND = frozenset({"和", "与", "及", "以及"})
# What one unit is in another of the same dimension.
SCALES = {
    "公里": ("米", 1000.0),
    "千米": ("米", 1000.0),
    "年": ("个月", 12.0),
    "周岁": ("岁", 1.0),
    "小时": ("分钟", 60.0),
    "天": ("分钟", 1440.0),
}
# What is meant for each of several, and how a sentence may tell that it is.
EACH, TOLD_EACH = re.compile("每|[年月人户]均"), re.compile(r"每|(?<!平)均|(?<!\d)1[年天月周人户]")
# That tells nothing of which thing it is.
FOR_EACH = re.compile("每[年月日天人户]")
# Of how long a thing takes, within so long says the same; but not of what must have lasted (满).
SPANS = frozenset({"个月", "分钟"})
LASTED = re.compile("[满连].{0,3}$")
# Times of which 1 may say for each (一年的收入), and how its source then says it.
EACH_TIME = frozenset({"年", "月", "个月", "天", "周"})
# Measure words of what is no single thing: 个 stands for none of them, and 1 of them is no article.
GROUPS = frozenset("批期组对双队届次类种")
# What 个 only begins: a time (1个小时).
TIME_SPAN = re.compile("工作日|小时|季度|学期|星期|礼拜|[月周年]|钟头|百分点")
# A source that says several does not say one.
SEVERAL = re.compile("(?<!最)多(?!于)|[数几各]|若干|部分|所有|全部|[一1](?:批|些|系列)|等")
# Fewer years are a span, not a year; so many things or more are counted without a measure word.
SPAN, BARE = 100, 10_000


@dataclass(frozen=True, slots=True)
class Comparator:
    """One way of comparing: what stands before a figure, or after it."""

    name: str
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Said:
    """A figure of a sentence and one of a source.

    What stands `around` the one and `behind` it in its segment; of the other its clause (`source`), its segment
    (`theirs`), and what stands `before` it there and `after` it in the clause.
    """

    around: str
    behind: str
    source: Clause
    theirs: str
    before: str
    after: str


@dataclass(frozen=True)
class Amounts:
    """The figures of a sentence against those of its sources, all in plain form."""

    comparators: tuple[Comparator, ...]
    likeness: Likeness

    def missing(self, sentence: str, texts: Sequence[str], beside: str, names: Iterable[str]) -> list[Figure]:
        """The figures of a sentence that no source holds; numerals of `names` are parts of names."""
        claimed = _claimed(sentence, names)
        return [figure for figure in claimed if not self._holds(figure, sentence, texts, beside)]

    def said_of(self, sentence: str, texts: Sequence[str], names: Iterable[str]) -> list[list["Said"]]:
        """For each figure of a sentence that counts or measures, where the sources may have it."""
        counted = (f for f in _claimed(sentence, names) if counts(f) and not is_date(f))
        found = ([_said(f, sentence, o, t) for o, t in self._same(f, sentence, texts)] for f in counted)
        return [said for said in found if said]

    def _holds(self, figure: Figure, sentence: str, texts: Sequence[str], beside: str) -> bool:
        if is_date(figure):
            return bool(re.search(rf"(?<![\d.]){re.escape(bare(figure))}", "\n".join([*texts, beside])))
        if not counts(figure):
            told = ((other, text) for text in [*texts, beside] for other in figures(text))
            return any(self._is_same(figure, sentence, other, text) for other, text in told)
        return bool(self._same(figure, sentence, texts)) or (
            not self._compared(figure, sentence) and self._is_uncounted(figure, sentence, texts)
        )

    def _same(self, figure: Figure, sentence: str, texts: Sequence[str]) -> list[tuple[Figure, str]]:
        """Where the sources have the figure in the segment most like the one it is said in.

        Only segments with a figure of the same unit are looked at, so that 10% of exports is not said of investment.
        Else where alone the same thing is counted, or a clause has all that is said of it.
        """
        others = self._of_the_unit(figure, texts)
        same = [one for one in others if self._is_same(figure, sentence, *one)]
        counted = [one for one in others if self._counted(*one) == self._counted(figure, sentence) != ""]
        if counted and not any(one in same for one in counted):
            return []
        said, any_alike = FOR_EACH.sub("", segment(sentence, figure)), False
        for mine, told_of in ((said, self._told_of), (said, _clause), (sentence, self._told_of)):
            likeness = [self.likeness(mine, told_of(other, text)) for other, text in others]
            best = max(likeness, default=0)
            nearest = [one for one, alike in zip(others, likeness, strict=True) if alike == best and one in same]
            if best and (nearest or best >= tuning.TELLING_PAIR):
                return nearest or [one for one in same if [one] == counted or self._tells_all(said, *one)]
            any_alike = any_alike or bool(best)
        return [] if any_alike else same

    def _counted(self, figure: Figure, text: str) -> str:
        """The word right behind a figure, else the one right before it: what it counts."""
        words = self.likeness.words
        before, _, behind = segment(text, figure).partition(figure.text)
        near = [*words.cut(behind)[:1], *words.cut(without_figures(FOR_EACH.sub("", before)))[-1:]]
        things = (word for word in near if len(word) > 1 and words.knows(word) and not words.is_action(word))
        return next((word for word in things if word not in self.likeness.neutral), "")

    def _told_of(self, figure: Figure, text: str) -> str:
        """What a text says a figure of: the things that a row is given of, its segment, or what stands before that."""
        around, clause = segment(text, figure), stretch_around(LISTED, text, figure)
        own = around if self._telling(around) else text[clause.start() : figure.end]
        return "、".join(respective(figure, text)[0]) or own

    def _telling(self, stretch: str) -> list[str]:
        """The words of a stretch that tell what its figures are of."""
        idle = self.likeness.neutral | self.likeness.places
        cut = self.likeness.words.cut(without_figures(stretch))
        return [word for word in cut if len(word) > 1 and HAN.match(word) and word not in idle]

    def _tells_all(self, said: str, other: Figure, text: str) -> bool:
        """Whether the clause of a source's figure has every telling word that a segment says of its own.

        Where that clause has no other amount of the unit.
        """
        clause, telling = _clause(other, text), self._telling(said)
        return bool(telling) and all(word in clause for word in telling)

    def _is_uncounted(self, figure: Figure, sentence: str, texts: Sequence[str]) -> bool:
        """Whether a figure is an article (一个平台) or counts what the sentence lists; no source counts the thing."""
        if is_one(figure) and figure.unit in EACH_TIME:
            return self._is_for_each(figure, sentence, texts)
        if figure.unit not in COUNTERS - GROUPS or TIME_SPAN.match(sentence, figure.end):
            return False
        others = [(other, text) for other, text in self._of_the_unit(figure, texts) if other.unit]
        if any(self.likeness(segment(sentence, figure), segment(text, other)) for other, text in others):
            return False
        return self._is_article(figure, sentence, texts) if is_one(figure) else self._counts_its_own(figure, sentence)

    def _is_article(self, figure: Figure, sentence: str, texts: Sequence[str]) -> bool:
        """Whether a thing follows that the sources name, and not as one of several."""
        thing = next(iter(self.likeness.words.cut(sentence[figure.end :][:8])), "")
        told = [stretch for text in texts for stretch in SEGMENT.findall(text) if thing in stretch]
        named = bool(thing) and sentence.startswith(thing, figure.end)
        return named and bool(told) and not any(SEVERAL.search(one) for one in told)

    def _is_for_each(self, figure: Figure, sentence: str, texts: Sequence[str]) -> bool:
        """Whether a source says of the thing how much it is for each such time, and the sentence then how much."""
        around = segment(sentence, figure)
        before, after = around.split(figure.text, 1)
        lasts = any(self.likeness.words.is_action(word) for word in self.likeness.words.cut(before)[-1:])
        each = re.compile(f"每{figure.unit}|{figure.unit}均")
        told = (stretch for text in texts for stretch in SEGMENT.findall(text) if each.search(stretch))
        return not lasts and bool(figures(after)) and any(self.likeness(around, stretch) for stretch in told)

    def _counts_its_own(self, figure: Figure, sentence: str) -> bool:
        """Whether a figure only counts what the sentence itself lists right before it: A、B和C三个项目."""
        before = sentence[stretch_around(LISTED, sentence, figure).start() : figure.start]
        *first, last = before.split("、")
        words = self.likeness.words.cut(last)
        items = [*first, *"".join("、" if word in AND else word for word in words).split("、")]
        return all(len(item) > 1 for item in items) and len(items) == figure.value

    def _of_the_unit(self, figure: Figure, texts: Sequence[str]) -> list[tuple[Figure, str]]:
        told = ((o, t) for t in texts for o in figures(t) if not is_date(o))
        return [(o, t) for o, t in told if _is_of_the_unit(o, figure)]

    def _is_same(self, figure: Figure, sentence: str, other: Figure, text: str) -> bool:
        mine, theirs = _amount(figure), _amount(other)
        if mine[:2] != theirs[:2] or (figure.unit and mine[2] != theirs[2] and not _is_bare(other, figure)):
            return False
        if not _alike(other.unit, figure.unit):
            return False
        around = segment(text, other)
        for_each = EACH.search(around[: around.find(other.text)]) and not TOLD_EACH.search(sentence)
        compared = {self._compared(other, text), self._compared(figure, sentence)}
        spans = mine[2] in SPANS or sentence.startswith("工作日", figure.end)
        within = spans and compared == {"", "at_most"}
        lasted = LASTED.search(text[: other.start]) or LASTED.search(sentence[: figure.start])
        if (
            for_each
            or is_start(other, text) != is_start(figure, sentence)
            or not is_respective(figure, sentence, other, text)
        ):
            return False
        if {led_to(sentence, figure), led_to(text, other)} == {"level", "change"}:
            return False
        return len(compared) == 1 or bool(within and not lasted)

    def _compared(self, figure: Figure, text: str) -> str:
        """The comparator that goes with a figure: at_least, at_most, about, or none."""
        digits = re.search(r"\d", figure.text)
        start = figure.start + (digits.start() if digits else 0)
        end = figure.start + len(figure.text.rstrip("以上下内左右多余"))
        if row := row_of(figure, text):  # what stands behind a row is said of each in it
            end = row[-1].start + len(row[-1].text.rstrip("以上下内左右多余"))
        before, after = text[max(start - 7, 0) : start], text[end : end + 7].removeprefix("工作日")[:4]
        many = next((c for c in "多余" if c in figure.text), "")
        for comparator in reversed(self.comparators):
            if comparator.before.search(before) or comparator.after.search(many or after):
                return comparator.name
        return ""


def _said(figure: Figure, sentence: str, other: Figure, text: str) -> Said:
    around, theirs = segment(sentence, figure), segment(text, other)
    whole, clause = (stretch_around(pattern, text, other) for pattern in (WHOLE, LISTED))
    source = Clause(clause.group(), (text[whole.start() : clause.start()],))
    behind, after = around.partition(figure.text)[2], text[other.end : clause.end()]
    return Said(around, behind, source, theirs, respective(other, text)[1] or theirs.partition(other.text)[0], after)


def _clause(figure: Figure, text: str) -> str:
    """The clause in which a figure stands, where no other there counts or measures in its unit; else nothing."""
    clause = stretch_around(LISTED, text, figure).group()
    return clause if [_amount(one)[2] for one in figures(clause)].count(_amount(figure)[2]) == 1 else ""


def _claimed(sentence: str, names: Iterable[str]) -> list[Figure]:
    named = tuple(names)
    return [figure for figure in figures(sentence) if not any(figure.text in name for name in named)]


def is_date(figure: Figure) -> bool:
    """Whether a figure names a year, month or day; a number of years is none."""
    return figure.unit in DATES and not (figure.unit == "年" and figure.value < SPAN)


def counts(figure: Figure) -> bool:
    """Whether a figure says how many or how much: it has a unit, or is so many without one (43万儿童)."""
    return bool(figure.unit) or (figure.value >= BARE and not figure.text.isdigit())


def is_one(figure: Figure) -> bool:
    """Whether it may be no more than an article, or say for each: 建一个平台, 一年的收入."""
    return figure.value == 1 and not figure.upper and (figure.unit in COUNTERS or figure.unit in EACH_TIME)


def bare(figure: Figure) -> str:
    """The number and its unit alone."""
    return re.sub(r"^\D+|(以上|以下|以内|左右|多|余)$", "", figure.text)


def _alike(one: str, other: str) -> bool:
    """Whether two measure words count the same: 个 stands for any of single things (5个, 5家), others for their own."""
    if one == other or not {one, other} <= COUNTERS:
        return one == other or "人次" not in (one, other)
    single = "个" in (one, other) and GROUPS.isdisjoint((one, other))
    return single or one.removesuffix("次") == other.removesuffix("次") != ""


def _is_bare(told: Figure, said: Figure) -> bool:
    """Whether a source counts without a measure word what a sentence counts with one: 43万儿童, 43万名儿童."""
    return not told.unit and told.value >= BARE and SAME.get(said.unit, said.unit) in COUNTERS | {"人"}


def _is_of_the_unit(told: Figure, said: Figure) -> bool:
    return _amount(told)[2] == _amount(said)[2] or _is_bare(told, said) or _is_bare(said, told)


def _amount(figure: Figure) -> tuple[float, float | None, str]:
    unit, scale = SCALES.get(figure.unit, (SAME.get(figure.unit, figure.unit), 1.0))
    counted = "count" if unit in COUNTERS and unit != "家次" else unit
    return round(figure.value * scale, 6), figure.upper * scale if figure.upper else None, counted
