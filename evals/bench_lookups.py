"""`python -m evals.bench_lookups`: what reading and looking things up costs against how much is held.

The same made-up reports as in `evals.bench_scale`, without the two things that take time of their own: the encoder, for
every question was asked before, and Chroma, for what it would find is drawn by chance. So the largest takes minutes,
and what is told is processor time, which other work on the machine changes little.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from bot.pipeline import Bot
from bot.settings import Settings, settings
from corpus.corpus import Corpus, read_corpus
from corpus.keywords import Keywords
from evals.bench import questions
from evals.bench_scale import SIZES, make_reports

ASKED, WARM = 300, 60
HEAD = "| 段落 | 句和分句 | 打开 | 另：目标 | p50 | p95 | 内存 |"


class Drawn:
    """Stands in for the vectors: what it finds is drawn by chance."""

    healthy = True

    def __init__(self, rows: Sequence[str]) -> None:
        self._rows, self._drawn = rows, random.Random(1)

    def search(self, text: str, k: int, *others: str) -> dict[str, float]:
        """So many rows, as near as rows are that were found."""
        found = self._drawn.sample(self._rows, min(k, len(self._rows)))
        return {row: 0.9 - 0.0003 * place for place, row in enumerate(found)}


def opened(home: Path, base: Settings) -> tuple[Corpus, float, float]:
    """The reports as a start reads them that is not the first; the seconds of processor, and those of the targets."""
    read_corpus(home / "documents", base.lexicon_dir, home).spelling  # noqa: B018 - keeps the words
    begun = time.process_time()
    corpus = read_corpus(home / "documents", base.lexicon_dir, home)
    for made in ("folded", "rows", "spelling", "by_id", "years", "uses", "explained"):
        getattr(corpus, made)
    corpus.holds("居民")
    spent, begun = time.process_time() - begun, time.process_time()
    corpus.promises.clauses.holds("居民")
    return corpus, spent, time.process_time() - begun


def over(bot: Bot, corpus: Corpus, home: Path) -> Bot:
    """The bot over other documents."""
    tokens = [corpus.words.tokens(corpus.folded[passage.id]) for passage in corpus.passages]
    keywords = Keywords.build(tokens, home / "keywords")
    vectors: Any = Drawn([row.id for row in corpus.rows])
    language = replace(bot.language, corpus=corpus)
    index = replace(bot.index, corpus=corpus, keywords=keywords, vectors=vectors)
    return replace(bot, index=index, language=language, speaker=replace(bot.speaker, language=language))


def ask(bot: Bot, asked: Sequence[str]) -> list[float]:
    """Milliseconds of processor for each answer, lowest first."""
    times = []
    for question in asked:
        begun = time.thread_time()
        bot.answer(question)
        times.append((time.thread_time() - begun) * 1000)
    return sorted(times)


def measure(size: int, bot: Bot, asked: Sequence[str]) -> str:
    """One line of the table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        make_reports(home / "documents", size, bot.index.corpus)
        corpus, reading, promises = opened(home, bot.settings)
        large = over(bot, corpus, home)
        ask(large, asked[:WARM])
        ask(large, asked[WARM:])
        times = ask(replace(large), asked[WARM:])  # a bot that remembers no turn, while the encoder knows every text
    memory = psutil.Process().memory_info().rss / 2**20
    return (
        f"| {len(corpus.passages):,} | {len(corpus.rows):,} | {reading:.1f} s | {promises:.1f} s "
        f"| {times[len(times) // 2]:.1f} ms | {times[int(len(times) * 0.95)]:.1f} ms | {memory:.0f} MB |"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench_lookups", description="查找的代价和收录多少的关系")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="段落数")
    chosen = parser.parse_args(arguments).sizes
    every = [question for question in questions() if 0 < len(question) <= 300]
    asked = every[:: max(len(every) // (ASKED + WARM), 1)][: ASKED + WARM]
    bot = Bot.open(settings())
    print(HEAD, "|---" * HEAD.count(" |") + "|", sep="\n")
    for size in chosen:
        print(measure(size, bot, asked), flush=True)
    bot.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
