"""What is reported of answers that a model wrote; and, beside the rules, a model as judge (never part of a gate)."""

import asyncio
import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from bot.wording import read_yaml
from bot.writing.endpoint import ChatModel, ModelFailed
from evals.case import Result


def generation_lines(results: Sequence[Result]) -> list[str]:
    """How many answers the model wrote, why the others are excerpts, what was dropped, and how fast it was."""
    records = [r.answer["generation"] for r in results if r.answer.get("generation")]
    if not records:
        return []
    written = [record for record in records if not record["fallback"]]
    causes = Counter(record["fallback"] for record in records if record["fallback"])
    dropped: Counter[str] = Counter()
    for record in records:
        dropped.update(record["dropped"])
    first = statistics.median(record["first_sentence_ms"] for record in written) if written else 0.0
    tokens = sum(record["prompt_tokens"] + record["completion_tokens"] for record in records)
    return [
        f"模型写成 {len(written)} / {len(records)}；改为摘录的原因：{_listed(causes)}；去掉的句子：{_listed(dropped)}",
        f"第一句中位数 {first:.0f} 毫秒；用去 {tokens} 个词元",
        "",
    ]


def _listed(counts: Counter[str]) -> str:
    return "、".join(f"{name} {count}" for name, count in counts.most_common()) or "无"


def judge_line(model: ChatModel, prompts_dir: Path, results: Sequence[Result]) -> str:
    """The share of answered cases that the model, by the rubric of `judge.yaml`, finds helpful and true."""
    rubric = read_yaml(prompts_dir / "judge.yaml")
    answered = [r for r in results if r.case.answerable and r.answer["status"] == "answered"]
    with asyncio.Runner() as runner:
        grades = [runner.run(_graded(model, rubric, r)) for r in tqdm(answered, desc="评判", unit="题")]
    given = [grade for grade in grades if grade]
    good = sum(grade == "是" for grade in given)
    return f"模型评判（只作参考）：{len(given)} 题中 {good} 题合格，{len(grades) - len(given)} 题没有给出评判"


async def _graded(model: ChatModel, rubric: dict[str, str], result: Result) -> str:
    sources = "\n".join(c["text"] for c in result.answer["citations"])
    user = rubric["user"].format(question=result.case.question, answer=result.answer["answer"], sources=sources)
    try:
        said = "".join([piece.text async for piece in model.stream(rubric["system"], user)]).strip()
    except ModelFailed:
        return ""
    return said[:1] if said[:1] in ("是", "否") else ""
