"""Figures in official Chinese: a number, its unit and the comparator that goes with it (200个以上)."""

import re
from dataclasses import dataclass
from functools import lru_cache

import cn2an

SCALES = {"": 1.0, "十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8, "万亿": 1e12}
UNITS = (
    "微克|个百分点|平方公里|平方千米|立方米|平方米|万千瓦|千瓦时|千瓦|兆瓦|小时|分钟|公里|千米|公顷|场次|人次|家次|辆次|"
    "个月|百分点|架次|标箱|航线|班次|美元|欧元|港元|周年|周岁|车位|学位|床位|元|块钱|块|毛|人|名|位|户|个|家|所|处|座|栋|幢|条|项|场|次|亩|"
    "米|吨|公斤|斤|年|月|日|号|天|周|岁|批|件|期|支|间|套|辆|台|张|艘|棵|株|倍|只|头|门|本|册|款|种|类|级|届|楼|层|点|时|部|盏|根|幅|片|份|笔|对|双|组|队|站|段|枚|颗|架|羽|尾|句|周"
)
# Classifiers for counting things, which residents use interchangeably.
COUNTERS = frozenset(
    "个家所处座栋幢条项场次批件期支间套辆台张艘棵株只款种类部盏根幅片份笔对双组队站段枚颗架羽尾句届头"
) | {"场次", "家次", "车位"}
# Calendar units, and all units of time and age: they count no things.
DATES = frozenset("年月日号")
TIMES = DATES | frozenset("天岁点时")
NUMERALS = "一二三四五六七八九十"
SAME = {"块": "元", "块钱": "元", "名": "人", "位": "人", "人次": "人", "千米": "公里", "个点": "%"}
FIGURE = re.compile(
    r"(?P<before>超过?|至少|不少于|不低于|力争|近|约|突破|达到?)?"
    r"(?P<number>\d+(?:\.\d+)?)(?:(?:[-~—至到]|%[-~—至](?=[\d.]+%))(?P<upper>\d+(?:\.\d+)?))?"
    rf"(?:(?P<percent>%|个点)|(?P<some>[多余])?(?P<scale>万亿|(?:[十百万亿]|千(?![瓦米克]))*)(?P<many>多|余|几)?(?P<unit>{UNITS})?)"
    r"(?P<after>以上|以下|以内|左右|多|余)?"
)
HAN_NUMBER = re.compile(
    rf"[{NUMERALS}两百千零〇]{{1,7}}(?=[万亿]|(?:个|家|所|处|座|栋|条|项|场|人|名|亩|公里|元|年|月|号|天|%|户|次|件|桩|样|名|位|场|米|倍|成))"
)
HAN_PERCENT = re.compile(rf"百分之([{NUMERALS}零〇两百点]{{1,20}}|\d{{1,20}}(?:\.\d{{1,20}})?)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text. `value` is in single units (2亿元 -> 2e8); `upper` is the end of a range."""

    text: str
    value: float
    unit: str
    comparator: str
    start: int
    end: int
    upper: float | None = None

    @property
    def dimension(self) -> str:
        """The dimension: counters are one, money another; only equal ones are comparable."""
        return dimension(self.unit)

    def agrees(self, other: "Figure") -> bool:
        """Whether both say the same amount (a range holds every value in it)."""
        low, high = self.value, self.upper or self.value
        return low <= other.value <= high or other.value <= self.value <= (other.upper or other.value)


def dimension(unit: str) -> str:
    """The dimension of a unit; all counters share one."""
    return "count" if unit in COUNTERS else SAME.get(unit, unit)


@lru_cache(maxsize=65536)
def figures(folded: str) -> tuple[Figure, ...]:
    """The figures of a folded text, in order; years such as 2025年 among them (unit 年)."""
    return tuple(_figure(found) for found in FIGURE.finditer(folded))


def _figure(found: re.Match[str]) -> Figure:
    scale = 1.0
    for character in found["scale"] or "":
        scale *= SCALES[character]
    upper = float(found["upper"]) * scale if found["upper"] else None
    return Figure(
        text=found.group(),
        value=float(found["number"]) * scale,
        unit="%" if found["percent"] else found["unit"] or "",
        comparator=(found["after"] or found["many"] or found["some"] or found["before"] or ""),
        start=found.start(),
        end=found.end(),
        upper=upper,
    )


def arabic(folded: str) -> str:
    """A question with its Chinese numerals before a measure word as digits: 十个 -> 10个, 百分之五 -> 5%."""
    folded = HAN_PERCENT.sub(lambda m: f"{_number(m.group(1))}%", folded)
    return HAN_NUMBER.sub(_apart, folded)


def _apart(found: re.Match[str]) -> str:
    """The number in digits, separated from a preceding item number (15.四个 is not 15.4个)."""
    at = found.start()
    numbered = at > 0 and found.string[at - 1] in ".0123456789"
    return (" " if numbered else "") + _number(found.group())


def _number(numeral: str) -> str:
    try:
        return f"{cn2an.cn2an(numeral, 'smart'):g}"
    except ValueError:
        return numeral
