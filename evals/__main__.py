"""`python -m evals`: ask every case, score, print the table, write the scorecard.

`python -m evals answers guard` runs some tasks; `--rescore RUN` scores a stored run again;
`python -m evals retrieval --squad FILE` measures the search on public data; `python -m evals compare A B` tells what
two stored runs answer differently.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.pipeline import Bot
from bot.settings import ROOT, Settings, settings
from corpus.words import Words
from evals import compare, report
from evals.case import CASES, Result
from evals.generation import generation_lines, judge_line
from evals.retrieval import compare as compared
from evals.retrieval import evidence_within, over_pairs
from evals.run import TASKS, ask, scored, store, stored, task_of
from evals.sources import Source, opened

NAMES = ("retrieval", "answers", *TASKS)
COMMAND = "命令：`.venv/bin/python -m evals --documents 别的报告所在的目录`（`make evals` 只测收录的这一份）"
SCORECARD = ROOT / "docs" / "scorecard.md"
PAIRS = ROOT / "evals" / "pairs"
BASELINE = ROOT / "evals" / "baseline.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the tasks named on the command line (all by default)."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["compare"]:
        return _compare(given[1:])
    options = _options(given)
    if options.squad:
        return _squad(options.squad)
    if options.rescore:
        words = Words(settings().data_dir / "jieba")
        print(report.table(scored(stored(options.rescore), words.fold)))
        return 0
    return _run(options)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals", description="运行评测")
    parser.add_argument("tasks", nargs="*", help=f"任务：{'、'.join(NAMES)}；不写就是全部")
    parser.add_argument("--cases", type=Path, default=CASES, help="题目所在目录")
    parser.add_argument("--documents", type=Path, help="别的报告的原文所在目录；没有的，它的题不问")
    parser.add_argument("--squad", type=Path, help="SQuAD 格式的公开数据，与 rank_bm25 同场比较检索")
    parser.add_argument("--rescore", type=Path, help="给保存过的一次运行(results.jsonl)重新打分")
    parser.add_argument("--mode", choices=("excerpt", "generated"), default="excerpt", help="摘录，或由模型写")
    parser.add_argument("--judge", action="store_true", help="另由模型按 prompts/judge.yaml 评分，只作参考")
    parser.add_argument("--keep", action="store_true", help="把这次的总分记为基线")
    options = parser.parse_args(arguments)
    unknown = [task for task in options.tasks if task not in NAMES]
    if unknown:
        parser.error(f"没有任务“{unknown[0]}”，可选：{'、'.join(NAMES)}")
    return options


def _compare(arguments: Sequence[str]) -> int:
    """Print the differences of two stored runs; 1 when there are any."""
    parser = argparse.ArgumentParser(prog="python -m evals compare", description="比较保存过的两次运行")
    parser.add_argument("before", type=Path, help="前一次的 results.jsonl")
    parser.add_argument("after", type=Path, help="后一次的 results.jsonl")
    options = parser.parse_args(arguments)
    told = compare.lines(stored(options.before), stored(options.after))
    print("\n".join(told))
    return int(len(told) > 1)


def _squad(path: Path) -> int:
    print("| 检索 | R@1 | R@10 | 毫秒/题 |\n|---|---|---|---|")
    for recall in compared(path):
        print(f"| {recall.name} | {recall.at_1:.4f} | {recall.at_10:.4f} | {recall.milliseconds:.2f} |")
    return 0


def _run(options: argparse.Namespace) -> int:
    tasks = options.tasks or list(NAMES)
    used = settings()
    if (options.mode == "generated" or options.judge) and not used.writes:
        print("没有设置模型：请填写 BOT_MODEL_BASE_URL、BOT_MODEL_API_KEY、BOT_MODEL_NAME", file=sys.stderr)
        return 2
    results: list[Result] = []
    lines: list[str] = []
    for source, bot in opened(options.documents, used, options.cases):
        usual = [c for c in source.cases() if not c.is_of_a_pair]
        chosen = [c for c in usual if "retrieval" in tasks or task_of(c) in tasks]
        found = scored(ask(bot, chosen, options.mode), bot.index.corpus.words.fold)
        lines += _section(source, bot, found, tasks, options)
        results += found
    print("\n".join(lines))
    _keep(results, used, lines, set(NAMES) <= set(tasks) and options.mode == "excerpt", options.keep)
    return 0


def _section(
    source: Source, bot: Bot, results: Sequence[Result], tasks: Sequence[str], options: argparse.Namespace
) -> list[str]:
    """What is said of the cases about one document."""
    newest = next(iter(bot.index.corpus.documents.values()))
    pairs = over_pairs(PAIRS, bot.index.corpus) if "retrieval" in tasks and source.is_served else []
    lines = [
        f"## {newest.title}",
        "",
        *generation_lines(results),
        f"{len(results)} 题；总分 {report.overall(results)}",
        f"证据段落全在前五：{evidence_within(results, bot.index.corpus, 5):.1%}，"
        f"在第一：{evidence_within(results, bot.index.corpus, 1):.1%}",
        *(f"别处的问答句对，{r.name}：R@1 {r.at_1:.3f}，R@10 {r.at_10:.3f}" for r in pairs),
        "",
        report.table(results),
        "",
    ]
    if options.judge and bot.composer:
        lines += [judge_line(bot.composer.model, bot.settings.prompts_dir, results), ""]
    return lines


def _keep(results: list[Result], used: Settings, lines: list[str], whole: bool, keep: bool) -> None:
    """Store the run beside the index; a whole one renews the scorecard, and on demand the baseline."""
    folder = used.data_dir / "evals" / time.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    store(results, folder / "results.jsonl")
    (folder / "settings.json").write_text(used.model_dump_json(indent=2), encoding="utf-8")
    report.write_page(results, folder / "report.html")
    report.write_chart(results, folder / "chart.png")
    print(f"\n结果、设置、失败清单和图：{folder}")
    if whole:
        SCORECARD.write_text("\n".join(["# 评测结果", "", COMMAND, "", *lines, ""]), encoding="utf-8")
        report.write_chart(results, SCORECARD.with_suffix(".png"))
    if keep:
        overall = {
            name: report.overall([r for r in results if r.case.document == name]) for name in _documents(results)
        }
        BASELINE.write_text(json.dumps(overall, indent=2) + "\n", encoding="utf-8")


def _documents(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(result.case.document for result in results))


if __name__ == "__main__":
    sys.exit(main())
