"""`python -m evals.approved`: does an approved question find those that mean the same, and no others, by threshold."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot import tuning
from bot.office.matching import Matcher
from bot.pipeline import Bot
from bot.records.office.approved import ApprovedAnswer
from bot.settings import settings

CASES = Path(__file__).parent / "cases" / "approved.yaml"
HALVES = ("tuning", "held")
THRESHOLDS = (0.97, 0.985, tuning.APPROVED_FROM, 0.995)


@dataclass(frozen=True, slots=True)
class Tried:
    """One question beside one approved question: how alike they are, and whether they mean the same."""

    half: str
    approved: str
    question: str
    same: bool
    likeness: float


def tried(bot: Bot) -> list[Tried]:
    """Every case against its approved question; each approved question against all the others, which must not match."""
    cases: list[dict[str, Any]] = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    matcher = Matcher(bot)
    found = []
    for case in cases:
        own = case["question"]
        asked = [(q, True) for q in case["same"]] + [(q, False) for q in case["other"]]
        asked += [(q, False) for other in cases if other is not case for q in (other["question"], *other["same"])]
        found += [Tried(case["half"], own, q, same, matcher.alike(q, one(own))) for q, same in asked]
    return found


def one(question: str) -> ApprovedAnswer:
    """An approved answer of which only the question counts."""
    return ApprovedAnswer(question=question, answer="", citations=(), valid_from=date.min)


def scores(results: list[Tried], half: str, threshold: float) -> tuple[int, int, int, int]:
    """At a threshold: paraphrases found, paraphrases, others found (wrongly), others."""
    mine = [t for t in results if t.half == half]
    same, other = [t for t in mine if t.same], [t for t in mine if not t.same]
    return (
        sum(t.likeness >= threshold for t in same),
        len(same),
        sum(t.likeness >= threshold for t in other),
        len(other),
    )


def main() -> None:
    """Print the table, and what goes wrong at the threshold in use on the half it was chosen on."""
    bot = Bot.open(settings())
    results = tried(bot)
    bot.close()
    for threshold in THRESHOLDS:
        line = [f"{h}: {a}/{b} found, {c}/{d} wrong" for h in HALVES for a, b, c, d in [scores(results, h, threshold)]]
        print(f"{threshold:.3f}{' *' if threshold == tuning.APPROVED_FROM else '  '}  " + "   ".join(line))
    for t in results:
        if t.half == "tuning" and t.same != (t.likeness >= tuning.APPROVED_FROM):
            print(f"{'missed' if t.same else 'WRONG '} {t.likeness:.2f}  {t.approved}  {t.question}")


if __name__ == "__main__":
    main()
