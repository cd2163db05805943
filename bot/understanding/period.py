"""Which years a turn asks about: by number, or counted from the newest document (去年, 前年, 五年来, 十四五)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot import tuning
from corpus.figures import NUMERALS
from corpus.parts import first_of_plan
from corpus.passage import in_words

# A year by number: before 年, or bare where it counts nothing; two digits only at the start of a phrase, and only
# one of the last few: 24年, not 30年 of a lease.
NUMBERED = re.compile(
    r"(?<![\d.])20(\d\d)(?=年|(?![\d.%元个万亿人户米吨亩套间座家台辆次名张棵公平多余]))"
    r"|(?:^|(?<=[,.;:?! 、和与跟从到在自至比]))(\d\d)年(?![以来内多前后期级间限])"
)
# Years relative to the newest document. A year that is only compared with is not asked about.
RELATIVE = re.compile(
    r"(?P<compared>[比较跟和同])?(?:(?P<this>今年(?!龄)|本年度?|(?<!\d)这一?年(?!龄))|(?P<third>大前年)|(?P<second>前年)"
    r"|(?P<last>去年|上年(?!纪)|上一年|前一年|旧年|工作回顾|第一部分)"
    r"|(?P<next>(?<!证)明年|(?<![近以后])来年(?!轻)|下一年)|(?P<after>(?<![以今最])后年(?![年均])))"
)
OFF = {"this": 0, "last": -1, "second": -2, "third": -3, "next": 1, "after": 2}
FIVE = re.compile(
    rf"“?十(?P<plan>[{NUMERALS[:-1]}])五”?|(?P<back>五年来|[这近过][去几]?的?五年|五年间|五年下来)"
    r"|(?P<ahead>[未今将][来后]的?五年|接下来五年|往后五年|后五年)"
)
# What somebody says they do not ask: 我不是问今年的,问去年的.
DENIED = re.compile(r"(?<!是)(?:不|没)(?:是|在)?[问说指要看]的?[^,。!?;]*[,。!?;](?=.)")
# The first and the last of several years.
RANGE = re.compile(r"(?<!\d)20(\d\d)年?[到至~—-]+20(\d\d)年?(?!\d)")
# Asks how something went over the years, without naming any.
COURSE = re.compile("这几年|[近最][几两三]年|近年来?|历年|这些年|逐年|一年[比年]")


@dataclass(frozen=True, slots=True)
class Period:
    """The years asked about, both included; `stated` unless it is only the current year or a year compared with."""

    since: int
    until: int
    stated: bool = True
    compared: bool = False

    @property
    def words(self) -> str:
        """The years in words."""
        return in_words(self.since, self.until)

    @property
    def is_year(self) -> bool:
        """Whether it is a single year."""
        return self.since == self.until


def periods(text: str, newest: int) -> tuple[Period, ...]:
    """The periods a folded text names, in order, each once; `newest` is the year of the newest document."""
    said = DENIED.sub(lambda denied: "," * len(denied.group()), text)
    found = sorted([*_fives(said, newest), *_numbered(said, newest), *_relative(said, newest)], key=lambda one: one[0])
    once = {(period.since, period.until): period for _, period in reversed(found)}
    return tuple(dict.fromkeys(once[period.since, period.until] for _, period in found))


def asks_course(text: str) -> bool:
    """Whether a folded text asks how something went over the years."""
    return bool(COURSE.search(text))


def ranges(text: str) -> Iterator[range]:
    """The years between the first and the last of each range that a folded text names."""
    for match in RANGE.finditer(text):
        yield range(2001 + int(match.group(1)), 2000 + int(match.group(2)))


def _fives(text: str, newest: int) -> Iterator[tuple[int, Period]]:
    for match in FIVE.finditer(text):
        plan = first_of_plan(match.group("plan")) if match.group("plan") else None
        since = plan or (newest if match.group("ahead") else newest - 5)
        yield match.start(), Period(since, since + 4)


def _numbered(text: str, newest: int) -> Iterator[tuple[int, Period]]:
    for match in NUMBERED.finditer(text):
        year = 2000 + int(match.group(1) or match.group(2))
        if match.group(1) or -tuning.YEARS_BY_TWO_DIGITS <= year - newest <= 1:
            yield match.start(), Period(year, year)


def _relative(text: str, newest: int) -> Iterator[tuple[int, Period]]:
    for match in RELATIVE.finditer(text):
        named = next(name for name in OFF if match.group(name))
        year, compared = newest + OFF[named], bool(match.group("compared"))
        yield match.start(), Period(year, year, stated=named != "this" and not compared, compared=compared)
