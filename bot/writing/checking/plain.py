"""A text in one writing, so that two writings of the same thing compare equal: numerals, shares, spans, dates, and
words that say the same."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.figures import NUMERALS, UNITS, arabic
from corpus.words import Words

NUMBER = NUMERALS.replace("十", "两")
# Numerals with a ten, hundred or thousand in them, and single ones before what is counted but has no measure word.
LARGE = re.compile(rf"(?:[{NUMBER}]?十[{NUMBER}]?|[{NUMBER}][百千万亿](?![分家年])(?:[零〇{NUMBER}百千十万亿])*)")
COUNTED = "[时日天期级批台张点分周届季双半餐趟步名位件]|段(?!时)|小时|分钟|刻钟|学期|平方|立方"
SINGLE = re.compile(rf"[{NUMBER}十](?={COUNTED})|(?<=满)[{NUMBER}十](?=[年月])")
RANGE = re.compile(rf"([{NUMBER}十]|[{NUMBER}][百千])(?=[至到~-]\d)")
PARTS = re.compile(rf"([{NUMBER}十\d]+)分之([{NUMBER}十\d]+)")
TENTHS = re.compile(r"(?<!\d)(\d)成(?!立|为|果|功|长|员|熟|本|效|交|品)")
DAYS = re.compile(r"(?<![月\d])(\d{1,3})日(?=[内前后起止,;。]|$)")
# Words for the same: what stands first is written as what stands second.
ALIKE = (
    (re.compile("之前|以前"), "前"),
    (re.compile("之后|以后"), "后"),
    (re.compile("之内|以内"), "内"),
    (re.compile("之日起"), "起"),
    (re.compile("(?<![上下前后大小多一1-9])半年"), "6个月"),
    (re.compile("规模以上"), "规上"),
    (re.compile("[一1]半"), "半"),
    (re.compile("第[二2]年"), "次年"),
    (re.compile("已经"), "已"),
    (re.compile("第[一1](?=[个家笔批次座])"), "首"),
    (re.compile("[每按]([日天])"), "每天"),
    (re.compile("按([月年])(?!度)"), r"每\1"),
    (re.compile(r"年满(?=\d)"), "满"),
    (re.compile(r"(?<=[a-z])_(?=\d)"), ""),
    (re.compile(r"每个"), "每"),
    (re.compile(r"([春夏秋冬])天"), r"\1季"),
    (re.compile(r"第(\d)季度"), r"\1季度"),
    (re.compile(r"(\d)月份"), r"\1月"),
    (re.compile(r"(\d)号(?!线|楼|店)"), r"\1日"),
    (re.compile(r"(?<=\d)(?:摄氏)?度(?=[,;。]|$)"), "℃"),
    (re.compile(r"°c"), "℃"),
    (re.compile(r"(?<=\d%)[到至](?=\d)"), "-"),
    (re.compile(r"[1一]部分"), "部分"),
    (re.compile(r"(\d{4}年)开始"), r"\1起"),
    (re.compile(r"(?<=\d)工作日"), "个工作日"),
    (re.compile(r"(\d+)(年|天|小时)半"), r"\1.5\2"),
    (re.compile(r"(\d+)个半(?=月|小时|学期)"), r"\1.5个"),
    (re.compile(r"[1每]([年月人户])平均|平均每([年月人户])"), r"\1\2均"),
    (re.compile(r"(每[\u4e00-\u9fff]{0,3})1[个名户家]"), r"\1"),
    (re.compile("单个"), "每"),
    (re.compile(r"1([\u4e00-\u9fff])1\1地?"), ""),
    (re.compile(r"(\d+)([^\d\s]{1,3}?)(?:以上|到|至)(\d+)\2(?:以下)?"), r"\1-\3\2"),
    (re.compile("每1(?=[\u4e00-\u9fff])"), "每"),
)


# An hour as it is said (晚上六点), in the folded text with its numerals in digits.
HOUR = re.compile(r"(凌晨|早上|上午|中午|下午|傍晚|晚上)?(\d{1,2})[点时](?!\d|间|代|候|期)")
AFTERNOON = ("下午", "傍晚", "晚上")
# Between these a word may begin or end: what is counted is no part of the word before it (连续4年排在).
PIECE = re.compile(rf"\d[多余]?[十百千万亿]*[多余]?(?:{UNITS})?|[\u4e00-\u9fff]+|.", re.S)


def plain(text: str, words: Words) -> str:
    """A text folded, without blanks, in one writing."""
    folded = re.sub(r"\s", "", words.fold(text).replace("\n", "。"))
    folded = PARTS.sub(_fraction, folded)
    for pattern, alike in ALIKE[:14]:
        folded = pattern.sub(alike, folded)
    folded = arabic(folded).replace(" ", "")
    folded = SINGLE.sub(_digits, LARGE.sub(_digits, folded))
    folded = TENTHS.sub(r"\g<1>0%", RANGE.sub(_digits, folded))
    folded = DAYS.sub(r"\1天", folded)
    for pattern, alike in ALIKE[14:]:
        folded = pattern.sub(alike, folded)
    return HOUR.sub(_hour, folded)


def _hour(found: re.Match[str]) -> str:
    hour = int(found[2])
    return f"{hour + 12 if found[1] in AFTERNOON and hour < 12 else hour}时"


def _digits(found: re.Match[str]) -> str:
    return arabic(f"{found.group()}个").removesuffix("个")


def _fraction(found: re.Match[str]) -> str:
    whole, part = found.groups()
    return found.group() if whole == "百" else f"{_figure(part)}/{_figure(whole)}"


def _figure(numeral: str) -> str:
    return str(NUMERALS.index(numeral) + 1) if numeral in NUMERALS and len(numeral) == 1 else numeral.replace("两", "2")


@dataclass(frozen=True)
class Synonyms:
    """The words of each group, by each of them, and a pattern for any of them."""

    words: Words
    group_of: Mapping[str, Sequence[str]]
    any_word: re.Pattern[str]

    @classmethod
    def of(cls, words: Words, groups: Iterable[str]) -> "Synonyms":
        """`groups` have words with blanks between, each of which may stand for any other of its group."""
        written = ([plain(word, words) for word in group.split()] for group in groups)
        group_of = {word: group for group in written for word in group}
        longest_first = sorted(group_of, key=lambda word: (-len(word), word))
        return cls(words, group_of, re.compile("|".join(longest_first) or "(?!)"))

    def __call__(self, text: str, said: str) -> str:
        """A text in the words of its sources (`said`): a whole word that they have not, as they have it.

        Both in plain form. A word that has no counterpart there is left as it is.
        """
        found = [one for one in self.any_word.finditer(text) if one.group() not in said]
        edges = self._edges(text) if found else set()
        for one in reversed(found):
            if {one.start(), one.end()} <= edges:
                text = text[: one.start()] + self._as_told(one.group(), said) + text[one.end() :]
        return text

    def _as_told(self, word: str, said: str) -> str:
        """The word of the same group that the sources have: no single character, for that may be part of another."""
        return next((other for other in self.group_of[word] if len(other) > 1 and other in said), word)

    def _edges(self, text: str) -> set[int]:
        """Where words begin and end."""
        edges: set[int] = set()
        for piece in PIECE.finditer(text):
            at = piece.start()
            for word in self.words.cut(piece.group()) or [piece.group()]:
                edges |= {at, at + len(word)}
                at += len(word)
            edges.add(piece.end())
        return edges
