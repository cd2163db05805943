"""The scorecard of a run: a table by category, a page with the failures, a chart."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from evals.case import Result
from evals.run import AGENTS, TASKS, task_of

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: how many of how many are fully right."""

    name: str
    right: int
    total: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.total if self.total else 0.0


def is_right(result: Result) -> bool:
    """Fully right: every verdict holds."""
    return all(result.verdicts.values())


def rows(results: Sequence[Result], key: Callable[[Result], str]) -> list[Row]:
    """One row for each value of `key`, in alphabetical order."""
    total = Counter(key(r) for r in results)
    right = Counter(key(r) for r in results if is_right(r))
    return [Row(name, right[name], total[name]) for name in sorted(total)]


def group_of(result: Result) -> str:
    """What the targets are set for: residents, agents, and each kind of refusal."""
    case = result.case
    if case.category in TASKS["refusals"]:
        return case.category
    if task_of(case) == "guard":
        return "guard"
    return "agents" if case.category in AGENTS else "residents"


def wrongly_declined(results: Sequence[Result]) -> float:
    """The share of answerable cases that were not answered."""
    asked = [r for r in results if r.case.answerable]
    return sum(r.answer["status"] != "answered" for r in asked) / len(asked) if asked else 0.0


def overall(results: Sequence[Result]) -> float:
    """The share of cases fully right, in points (0 to 100)."""
    return round(100 * sum(map(is_right, results)) / len(results), 2) if results else 0.0


def table(results: Sequence[Result]) -> str:
    """The whole table as Markdown: each half by group, then all by category."""
    halves = sorted({r.case.half for r in results})
    lines = ["| 半部 | 组 | 完全正确 | 共 | 比例 |", "|---|---|---|---|---|"]
    for half in halves:
        part = [r for r in results if r.case.half == half]
        lines += [
            f"| {half} | {row.name} | {row.right} | {row.total} | {row.share:.1%} |" for row in rows(part, group_of)
        ]
        lines.append(f"| {half} | 可答而未答 |  |  | {wrongly_declined(part):.1%} |")
    lines += ["", "| 类别 | 完全正确 | 共 | 比例 |", "|---|---|---|---|"]
    by_category = rows(results, lambda r: r.case.category)
    lines += [f"| {row.name} | {row.right} | {row.total} | {row.share:.1%} |" for row in by_category]
    return "\n".join(lines)


def write_page(results: Sequence[Result], path: Path) -> None:
    """An HTML page with the table's figures and every failure."""
    templates = Environment(loader=FileSystemLoader(HERE), autoescape=True)
    failures = [r for r in results if not is_right(r)]
    groups = rows(results, group_of)
    page = templates.get_template("report.html")
    path.write_text(page.render(failures=failures, groups=groups, overall=overall(results)), encoding="utf-8")


def write_chart(results: Sequence[Result], path: Path) -> None:
    """A PNG with a bar for each category."""
    from matplotlib.figure import Figure

    bars = rows(results, lambda r: r.case.category)
    figure = Figure(figsize=(8, 0.32 * len(bars) + 1), layout="constrained")
    axes = figure.subplots()
    axes.barh([f"{row.name} ({row.total})" for row in bars], [100 * row.share for row in bars], color="#a8201a")
    axes.set_xlim(0, 100)
    axes.set_xlabel("fully right, %")
    axes.invert_yaxis()
    figure.savefig(path, dpi=120)
