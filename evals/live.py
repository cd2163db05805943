"""`python -m evals.live`: questions to the real endpoint that the settings name, and what came of them, in full.

Prints which share the model wrote and how many of those are fully right, why the others are excerpts, which sentences
were dropped and for what, how long it took, and how far the written answers agree with the excerpts.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.answer import Answer
from bot.pipeline import Bot
from bot.settings import settings
from bot.writing.endpoint import ChatModel, Piece
from corpus.figures import arabic, figures
from evals.case import CASES, Case, load
from evals.score import score


class Replayed:
    """A model that writes again what a stored run has of it."""

    def __init__(self, name: str, written: Mapping[str, str]) -> None:
        self.name, self._written = name, written
        self.question = ""

    async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        """What was written to the question that is being asked."""
        yield Piece(self._written.get(self.question, ""))


class Recorded:
    """A model, and what it wrote last."""

    def __init__(self, model: ChatModel) -> None:
        self.name, self.written = model.name, ""
        self._model = model

    async def stream(self, system: str, user: str) -> AsyncGenerator[Piece]:
        """As the model streams."""
        self.written = ""
        async with aclosing(self._model.stream(system, user)) as pieces:
            async for piece in pieces:
                self.written += piece.text
                yield piece


@dataclass(frozen=True, slots=True)
class Told:
    """A case, its excerpt answer and the one by the model (the public contract's JSON), and what the model wrote."""

    case: Case
    excerpt: dict[str, Any]
    answer: dict[str, Any]
    written: str
    verdicts: dict[str, bool]

    @property
    def is_written(self) -> bool:
        """Whether the model's text is the answer."""
        return bool(self.answer["mode"] == "generated")

    @property
    def is_right(self) -> bool:
        """Whether every verdict holds."""
        return all(self.verdicts.values())


def chosen(folder: Path, count: int) -> list[Case]:
    """Answerable questions that stand alone, spread evenly over the development half of a document's cases."""
    cases = [case for path in sorted(folder.glob("dev-*.jsonl")) for case in load(path)]
    usual = [
        c for c in cases if c.answerable and not c.history and not c.is_of_a_pair and c.expected_behavior == "answer"
    ]
    return [usual[i * len(usual) // count] for i in range(min(count, len(usual)))]


def ask(bot: Bot, cases: Sequence[Case], stored: Mapping[str, Mapping[str, Any]]) -> Iterator[Told]:
    """Each case asked of a bot that writes, with a progress bar; what is `stored` of a question is not asked again."""
    assert bot.composer
    real = bot.composer.model
    recorded, replayed = Recorded(real), Replayed(real.name, {q: row["written"] for q, row in stored.items()})
    with asyncio.Runner() as runner:
        for case in tqdm(cases, desc="提问", unit="题"):
            recorded.written, replayed.question = "", case.question
            bot.composer.model = replayed if case.question in stored else recorded
            excerpt, answer = bot.answer(case.question), _plain(runner.run(bot.reply(case.question)))
            row = stored.get(case.question, {"written": recorded.written, "answer": answer})
            _keep_times(answer, row["answer"])
            verdicts = score(case, answer, bot.index.corpus.words.fold)
            yield Told(case, _plain(excerpt), answer, row["written"], verdicts)


def _keep_times(answer: dict[str, Any], asked: Mapping[str, Any]) -> None:
    """Tell of an answer the times that its model took when it was really asked."""
    for name in ("first_sentence_ms", "total_ms"):
        if "generation" in answer and "generation" in asked:
            answer["generation"][name] = asked["generation"][name] or answer["generation"][name]


def _plain(answer: Answer) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(answer.as_dict()))
    return plain


def lines(told: Sequence[Told]) -> list[str]:
    """What came of the questions, as Markdown."""
    answered = [one for one in told if one.answer["status"] == "answered"]
    tried = [one for one in answered if "generation" in one.answer]
    written = [one for one in tried if one.is_written]
    right = [one for one in written if one.is_right]
    causes = Counter(one.answer["generation"]["fallback"] for one in tried if not one.is_written)
    dropped: Counter[str] = Counter()
    for one in tried:
        dropped.update(one.answer["generation"]["dropped"])
    return [
        f"{len(told)} 题，答上 {len(answered)} 题，其中 {len(tried)} 题交给模型",
        f"模型写成 {_share(written, tried)}，完全正确 {_share(right, written)}，"
        f"数字没有出处 {sum(not one.verdicts['supported'] for one in written)}",
        f"改为摘录的原因：{_listed(causes)}；去掉的句子：{_listed(dropped)}",
        f"出处都是摘录的出处 {_share([o for o in written if _cites_no_more(o)], written)}，"
        f"数字都在摘录里 {_share([o for o in written if _counts_no_more(o)], written)}",
        f"中位数：第一句 {_median(written, 'first_sentence_ms'):.1f} 秒，写完 {_median(written, 'total_ms'):.1f} 秒",
    ]


def failures(told: Sequence[Told]) -> Iterator[str]:
    """Every question that the model did not write, or not rightly, with all that was said."""
    for one in told:
        generation = one.answer.get("generation")
        if generation and not (one.is_written and one.is_right):
            failed = "、".join(name for name, holds in one.verdicts.items() if not holds)
            why = generation["fallback"] or f"写成，不对：{failed}"
            yield f"- {one.case.question}（{why}；去掉：{_listed(generation['dropped'])}）"
            yield f"  - 模型：{' '.join(one.written.split())}"
            yield f"  - 摘录：{' '.join(one.excerpt['answer'].split())}"


def _share(some: Sequence[Told], of: Sequence[Told]) -> str:
    return f"{len(some)} / {len(of)}（{len(some) / len(of):.0%}）" if of else "0"


def _listed(counts: dict[str, int]) -> str:
    return "、".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda one: -one[1])) or "无"


def _median(written: Sequence[Told], name: str) -> float:
    return float(statistics.median([one.answer["generation"][name] / 1000 for one in written] or [0.0]))


def _cites_no_more(one: Told) -> bool:
    quoted, written = ({c["passage_id"] for c in answer["citations"]} for answer in (one.excerpt, one.answer))
    return written <= quoted


def _counts_no_more(one: Told) -> bool:
    quoted, written = (
        {(f.value, f.upper) for f in figures(arabic(answer["answer"]))} for answer in (one.excerpt, one.answer)
    )
    return written <= quoted


def _stored(path: Path | None) -> dict[str, dict[str, Any]]:
    """The rows of a stored run, by question."""
    lines = path.read_text(encoding="utf-8").splitlines() if path else []
    return {row["question"]: row for row in map(json.loads, lines)}


def _storing(asked: Iterator[Told], path: Path | None) -> Iterator[Told]:
    """What was asked, each written to a file as it comes: a run that is broken off can be gone on with."""
    if path:
        path.write_text("", encoding="utf-8")
    for one in asked:
        if path:
            row = {"question": one.case.question, "written": one.written, "answer": one.answer}
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        yield one


def main() -> int:
    """Ask, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m evals.live", description="对着真实的接口提问")
    parser.add_argument("--document", default="luojiang-2025", help="用哪一份文件的题")
    parser.add_argument("--questions", type=int, default=60, help="问多少题")
    parser.add_argument("--store", type=Path, help="把问的和答的存成 JSONL")
    parser.add_argument("--replay", type=Path, help="存过的 JSONL：里面有的题不再问模型，用存下的话重新核对和打分")
    options = parser.parse_args()
    used = settings()
    if not used.writes:
        print("没有设置模型：请填写 BOT_MODEL_BASE_URL、BOT_MODEL_API_KEY、BOT_MODEL_NAME", file=sys.stderr)
        return 2
    bot = Bot.open(used)
    begun = time.perf_counter()
    asked = ask(bot, chosen(CASES / options.document, options.questions), _stored(options.replay))
    told = list(_storing(asked, options.store))
    bot.close()
    print("\n".join([used.model_name, "", *lines(told), "", "没有写成或不全对的：", "", *failures(told)]))
    print(f"\n用时 {(time.perf_counter() - begun) / 60:.0f} 分钟")
    return 0


if __name__ == "__main__":
    sys.exit(main())
