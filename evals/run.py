"""Ask and score, separable: a stored run can be scored again without asking again."""

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from bot.answer import Answer, Mode
from bot.errors import QuestionError
from bot.pipeline import Bot
from evals.case import Case, Result, case_from
from evals.score import score

TASKS: dict[str, frozenset[str]] = {
    "refusals": frozenset(["near_miss", "far", "false_premise", "statement"]),
    "guard": frozenset(["injection", "emergency", "pii", "sensitive", "smalltalk", "ordinary"]),
    "robustness": frozenset(["typo", "traditional", "english", "dialect", "story", "followup"]),
}
AGENTS = frozenset(["lookup", "crossref", "all_mentions", "deadline", "abbrev", "compare"])


def task_of(case: Case) -> str:
    """The task a case belongs to; all that is in no other one is plain answering."""
    return next((name for name, categories in TASKS.items() if case.category in categories), "answers")


def ask(bot: Bot, cases: Iterable[Case], mode: Mode = "excerpt") -> Iterator[Result]:
    """Ask the bot each case in a mode, with a progress bar."""
    with _answering(bot, mode) as answer_to:
        for case in tqdm(list(cases), desc="提问", unit="题"):
            history = [{"role": "user", "content": turn} for turn in case.history]
            begun = time.perf_counter()
            try:
                answer = answer_to(case.question, history).as_dict()
            except QuestionError as refused:
                answer = {"status": f"error_{refused.code}", "answer": refused.message, "citations": [], "related": []}
            spent = (time.perf_counter() - begun) * 1000
            found = tuple(hit.passage.id for hit in bot.hits(case.question, history)[:5])
            yield Result(case, json.loads(json.dumps(answer)), found, round(spent, 2))


@contextmanager
def _answering(bot: Bot, mode: Mode) -> Iterator[Callable[[str, list[dict[str, str]]], Answer]]:
    """How a question is answered in a mode; the model's calls share one event loop."""
    if mode == "excerpt":
        yield bot.answer
        return
    with asyncio.Runner() as runner:
        yield lambda question, history: runner.run(bot.reply(question, history))


def scored(results: Iterable[Result], fold: Callable[[str], str]) -> list[Result]:
    """The results with their verdicts."""
    return [replace(r, verdicts=score(r.case, r.answer, fold)) for r in results]


def store(results: Iterable[Result], path: Path) -> None:
    """Write a run, one JSON object a line."""
    lines = (json.dumps(r.as_dict(), ensure_ascii=False) for r in results)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def stored(path: Path) -> Iterator[Result]:
    """Read a run that was stored."""
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        fields["case"] = case_from(fields["case"])
        yield Result(**{**fields, "found": tuple(fields["found"])})
