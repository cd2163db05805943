"""The targets as a table: filtered by topic and words, sorted, charted, and as files with source and year."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.pipeline import Bot
from bot.web.export import Sheet
from corpus.targets import Target

COLUMNS = {
    "主题": "topic",
    "做什么": "action",
    "对象": "object",
    "数量": "amount",
    "期限": "deadline",
    "原文": "clause",
    "后来的报告": "result",
    "段落编号": "passage_id",
    "出处": "document",
    "年份": "year",
}
SORTS: dict[str, Callable[[Target], Any]] = {
    "object": lambda t: t.object,
    "amount": lambda t: (t.unit, t.number),
    "deadline": lambda t: t.deadline,
    "topic": lambda t: t.topic,
}
WORTH_DRAWING = 3
COMPARABLE = frozenset({"%", "‰", "元"})


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart; `share` is its length in percent of the longest."""

    target: Target
    share: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Targets counted in the same unit, the largest first."""

    unit: str
    bars: tuple[Bar, ...]


def row(bot: Bot, target: Target) -> dict[str, Any]:
    """A target with the title of its document, the year of its part, and its result in a later report."""
    title, year = bot.document(target.document_id).title, bot.index.corpus.year_of(bot.passage(target.passage_id))
    return {**asdict(target), "document": title, "year": year, "result": result(bot, target)}


def result(bot: Bot, target: Target) -> dict[str, Any] | None:
    """The result of a target in a later report: its document, the clause and where it is."""
    found = bot.index.corpus.progress.get(target.id)
    if found is None:
        return None
    told = {name: getattr(found, name) for name in ("passage_id", "amount", "clause", "start", "end")}
    return {"document": bot.document(found.document_id).title, **told}


def ordered(targets: Sequence[Target], sort: str, descending: bool) -> list[Target]:
    """The targets sorted by a column of SORTS; in the order of the document for any other name."""
    return sorted(targets, key=SORTS[sort], reverse=descending) if sort in SORTS else list(targets)


def chart(targets: Sequence[Target]) -> Chart | None:
    """The targets of the most frequent comparable unit, where there are enough of them.

    Rates and money are always comparable; counts (个, 家, …) only within one topic: parking lots are not projects.
    """
    one_topic = len({t.topic for t in targets}) == 1
    counted = Counter(t.unit for t in targets if one_topic or t.unit in COMPARABLE)
    unit, count = counted.most_common(1)[0] if counted else ("", 0)
    if count < WORTH_DRAWING:
        return None
    drawn = sorted((t for t in targets if t.unit == unit), key=lambda t: -t.number)
    longest = drawn[0].number or 1
    return Chart(unit, tuple(Bar(t, round(100 * t.number / longest, 1)) for t in drawn))


def sheet(rows: Sequence[dict[str, Any]]) -> Sheet:
    """The rows under Chinese headings."""
    told = [{**line, "result": _result_text(line["result"])} for line in rows]
    return Sheet("目标", list(COLUMNS), [[line[name] for name in COLUMNS.values()] for line in told])


def _result_text(found: dict[str, Any] | None) -> str:
    return f"《{found['document']}》：{found['clause']}" if found else ""
