"""Whether a sentence that a model wrote says only what the passages it cites hold.

Every figure with its unit and comparator, every date, quoted term, name and telling word must stand in a cited
passage; a figure must stand there with the thing it is said of. The rules' words are `prompts/check.yaml`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.answer import MARK
from bot.wording import read_yaml
from corpus.figures import DATES, NUMERALS, SAME, Figure, arabic, figures
from corpus.words import HAN, Words

QUOTED = re.compile(r"[\u201c\u300c\u300a\"]([^\u201d\u300d\u300b\"]{1,60})[\u201d\u300d\u300b\"]")
ORDINAL = re.compile(r"第[一二三四五六七八九十百\d]+(?![,、:是])")
NEGATION = re.compile(r".?[不没未无非禁勿].?")
# Where one segment speaks of two amounts.
JOIN = re.compile(r"(?:以及|[和与及])(?=[^,;、。]{0,12}\d)")
PAIR = re.compile(r"(?P<one>[\u4e00-\u9fff]{3})与(?P<other>[\u4e00-\u9fff]{5})")
AUXILIARY = re.compile(r"[将会也要](?=与)")
PUNCTUATION = re.compile(r"[,;:、。()!?\s]")
SEGMENT = re.compile(r"[^,;、。:!?]+")
LATIN = re.compile(r"[a-z][a-z0-9.+-]*")
TENTHS = re.compile(r"(?<!\d)(\d)成(?!立|为|果|功|长|员|熟|本|效|交|品)")
DATE, SINCE = re.compile(r"\d{4}年\d{1,2}月(?:\d{1,2}日)?"), re.compile(r"\d{4}年(?:起|以来|开始)")
RANGE = re.compile(r"([一二两三四五六七八九十])(?=[至到~-]\d)")
# How much more the words that tell what a figure is of count than those any sentence may have.
TELLING = 3
# What a sentence is about to speak of (充电方面) is no statement.
TOPIC = re.compile(r"(?:^|[;,])[^,;]{1,8}方面,")
HARMLESS = frozenset({"不少", "不低", "不超", "不小", "不仅", "不断"})
LONGEST, HAN_SHARE = 240, 0.4


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as the model saw it: its number, its folded text, and what is known beside it (title, headings)."""

    mark: int
    folded: str
    beside: str


@dataclass(frozen=True, slots=True)
class Comparator:
    """One way of comparing: what stands before a figure, or after it."""

    name: str
    before: re.Pattern[str]
    after: re.Pattern[str]


class Support:
    """The rules, compiled; `fault` is what a sentence is held against."""

    def __init__(self, words: Words, content: Mapping[str, Any], places: frozenset[str] = frozenset()) -> None:
        """`places` are the names of the places the documents are of: they may always be said."""
        self._words, self._places = words, places
        self._remembered: dict[str, str] = {}
        self._neutral = frozenset(content["neutral"].split())
        self._particles = frozenset(content["particles"])
        self._done = _any(content["done"])
        self._markup = _any(content["markup"])
        self._moments = re.compile(content["moments"])
        self._comparators = tuple(
            Comparator(name, re.compile(p["before"]), re.compile(p["after"]))
            for name, p in content["comparators"].items()
        )

    @classmethod
    def load(cls, prompts_dir: Path, words: Words, places: frozenset[str] = frozenset()) -> "Support":
        """Read `check.yaml`. Raises WordingError, KeyError or re.error for a broken file."""
        return cls(words, read_yaml(prompts_dir / "check.yaml"), places)

    def fault(self, sentence: str, sources: Mapping[int, Source]) -> str:
        """The name of what is wrong with a sentence, or an empty string.

        `sources` are all passages the model was given, by number; only those that the sentence cites count.
        """
        marks = [int(mark) for mark in MARK.findall(sentence)]
        if not marks:
            return "no_mark"
        if any(mark not in sources for mark in marks):
            return "unknown_mark"
        cited = [sources[mark] for mark in dict.fromkeys(marks)]
        bare = MARK.sub("", sentence)
        folded = self._plain(bare)
        texts = [self._known(source.folded) for source in cited]
        beside = "\n".join(self._known(source.beside) for source in cited)
        return next((name for name, wrong in self._faults(bare, folded, texts, beside) if wrong), "")

    def adds_nothing(self, rephrased: str, said: Iterable[str]) -> bool:
        """Whether a rephrased question has only words and figures that were said, and keeps those of the last turn."""
        turns = [self._plain(turn) for turn in said]
        before, text = "\n".join(turns), self._plain(rephrased)
        kept = [w for w in self._words.cut(turns[-1]) if len(w) > 1 and w not in self._neutral]
        figured = all(_bare(f) in before for f in figures(text))
        return (
            figured
            and not any(self._is_foreign(w, before) for w in self._words.cut(text))
            and all(w in text for w in kept)
        )

    def is_courtesy(self, sentence: str) -> bool:
        """Whether a sentence says nothing: a greeting, or the lead of a list, in neutral words without a figure."""
        folded = self._words.fold(sentence)
        figured = any(f.unit not in DATES for f in figures(folded))
        known = all(w in self._neutral or w in self._particles for w in self._words.cut(folded) if HAN.search(w))
        return known and not figured and not MARK.search(sentence) and not LATIN.search(folded)

    def _faults(self, bare: str, folded: str, texts: list[str], beside: str) -> Iterable[tuple[str, bool]]:
        said = "\n".join([*texts, beside])
        yield "markup", bool(self._markup.search(bare.lower()))
        yield "too_long", len(bare) > LONGEST
        yield "language", len(HAN.findall(bare)) < HAN_SHARE * len(bare.strip())
        yield "quoted_term", any(self._plain(term) not in said for term in QUOTED.findall(bare))
        yield "latin", any(word not in said for word in LATIN.findall(folded))
        yield "ordinal", any(ordinal not in said for ordinal in ORDINAL.findall(folded))
        yield "date", any(moment not in said for moment in self._moments.findall(folded))
        yield "date", any(d not in said and not _of_the_year(d, beside, said) for d in DATE.findall(folded))
        yield "date", any(since not in "\n".join(texts) for since in SINCE.findall(folded))
        yield "done", any(found.group() not in said for found in self._done.finditer(folded))
        yield "negation", any(not _negated(found.group(), said) for found in NEGATION.finditer(folded))
        quoted = [self._plain(term) for term in QUOTED.findall(bare)]  # numerals of a term are part of its name
        claimed = [f for f in figures(folded) if not any(f.text in term for term in quoted)]
        yield "figure", any(not self._holds(figure, folded, texts, beside) for figure in claimed)
        yield "name", self._joins_names(folded, said)
        yield "word", any(self._is_foreign(word, said) for word in self._words.cut(TOPIC.sub("", folded)))

    def _known(self, text: str) -> str:
        """A source's text in plain form, remembered: the same passages are cited again and again."""
        if text not in self._remembered:
            self._remembered[text] = self._plain(text)
        return self._remembered[text]

    def _plain(self, text: str) -> str:
        folded = self._words.fold(text).replace("之前", "前").replace("以前", "前").replace(" ", "")
        ranged = RANGE.sub(lambda m: str(NUMERALS.index(m.group().replace("两", "二")) + 1), arabic(folded))
        return TENTHS.sub(lambda m: f"{m.group(1)}0%", ranged)

    def _holds(self, figure: Figure, sentence: str, texts: list[str], beside: str) -> bool:
        """Whether a cited passage holds the figure, compared alike, and says it of the same thing."""
        if figure.unit in DATES or not figure.unit:
            return bool(re.search(rf"(?<![\d.]){re.escape(_bare(figure))}", "\n".join([*texts, beside])))
        return any(self._is_said_of_the_same(figure, sentence, text) for text in texts)

    def _is_said_of_the_same(self, figure: Figure, sentence: str, text: str) -> bool:
        """Whether a text has the figure in the segment that is most like the one it is said in.

        Only segments with a figure of the same unit are looked at, so that 10% of exports is not said of investment.
        """
        others = [other for other in figures(text) if _unit(other) == _unit(figure)]
        for said in (_segment(sentence, figure), sentence):
            likeness = [self._likeness(said, _segment(text, other)) for other in others]
            best = max(likeness, default=0)
            if best:
                nearest = (other for other, alike in zip(others, likeness, strict=True) if alike == best)
                return any(self._is_same(figure, sentence, other, text) for other in nearest)
        return any(self._is_same(figure, sentence, other, text) for other in others)

    def _is_same(self, figure: Figure, sentence: str, other: Figure, text: str) -> bool:
        return _amount(other) == _amount(figure) and self._compared(other, text) == self._compared(figure, sentence)

    def _likeness(self, said: str, segment: str) -> int:
        """How many pairs of characters of the words said stand in a segment; those of telling words count more."""
        words = [w for w in self._words.cut(said) if len(w) > 1 and HAN.search(w) and w not in self._places]
        pairs = {w[i : i + 2]: 1 if w in self._neutral else TELLING for w in words for i in range(len(w) - 1)}
        return sum(weight for pair, weight in pairs.items() if pair in segment)

    def _joins_names(self, folded: str, said: str) -> bool:
        """Whether two names stand together that the sources do not join (五中 and 塘西校区)."""
        joined = PUNCTUATION.sub("", said)
        for one, other in pairwise(self._words.cut(folded)):
            named = len(one) > 1 and all(self._words.is_name(w) and w in said for w in (one, other))
            together = one + other in folded and one + other not in joined
            if named and together and not {one, other} & (self._places | self._neutral | self._particles):
                return True
        return any(_mispaired(found, joined) for found in PAIR.finditer(AUXILIARY.sub("", folded)))

    def _compared(self, figure: Figure, text: str) -> str:
        """The comparator that goes with a figure: at_least, at_most, about, or none."""
        digits = re.search(r"\d", figure.text)
        start = figure.start + (digits.start() if digits else 0)
        end = figure.start + len(figure.text.rstrip("以上下内左右多余"))
        before, after = text[max(start - 7, 0) : start], text[end : end + 4]
        many = next((c for c in "多余" if c in figure.text), "")
        for comparator in reversed(self._comparators):
            if comparator.before.search(before) or comparator.after.search(many or after):
                return comparator.name
        return ""

    def _is_foreign(self, word: str, said: str) -> bool:
        """Whether a word is telling and in no cited passage."""
        if not HAN.search(word) or word in said or word in self._neutral | self._places or len(word) == 1:
            return False
        return not self._is_made_of(word, said)

    def _is_made_of(self, word: str, said: str) -> bool:
        """Whether a word falls into pieces of the passages, neutral words and particles (将新建 -> 将, 新建)."""
        at = 0
        while at < len(word):
            step = next((n for n in range(len(word) - at, 1, -1) if self._is_known(word[at : at + n], said)), 0)
            lone = word[at] in self._particles or (word[at] in said and self._particles & set(word))
            if not step and not lone:
                return False
            at += step or 1
        return True

    def _is_known(self, piece: str, said: str) -> bool:
        return piece in said or piece in self._neutral


def _segment(text: str, figure: Figure) -> str:
    """The stretch of a text between two punctuation marks in which a figure stands."""
    stretch = next((m for m in SEGMENT.finditer(text) if m.start() <= figure.start < m.end()), None)
    if stretch is None:
        return text
    ends = [stretch.start(), *(stretch.start() + m.start() for m in JOIN.finditer(stretch.group())), stretch.end()]
    return next(text[a:b] for a, b in pairwise(ends) if a <= figure.start < b)


def _mispaired(found: re.Match[str], joined: str) -> bool:
    """Whether of two things joined by 与 one is joined in the sources, and to another."""
    one, other = found["one"], found["other"]
    known = f"{one[-3:]}与" in joined or f"与{other[:3]}" in joined
    return known and f"{one[-3:]}与{other}" not in joined


def _of_the_year(date: str, beside: str, said: str) -> bool:
    """Whether a date is one of the document's own year, which its paragraphs leave out (2025年8月 for 8月)."""
    year, rest = date.split("年")
    return f"{year}年" in beside and bool(re.search(rf"(?<!年)(?<!\d){rest}", said))


def _unit(figure: Figure) -> str:
    return SAME.get(figure.unit, figure.unit)


def _amount(figure: Figure) -> tuple[float, float | None, str]:
    return figure.value, figure.upper, _unit(figure)


def _bare(figure: Figure) -> str:
    return re.sub(r"^\D+|(以上|以下|以内|左右|多|余)$", "", figure.text)


def _negated(found: str, said: str) -> bool:
    at = next(i for i, c in enumerate(found) if c in "不没未无非禁勿")
    pairs = [found[i : i + 2] for i in (at - 1, at) if i >= 0 and len(found[i : i + 2]) == 2]
    return any(pair in said or pair in HARMLESS for pair in pairs)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))
