"""`python -m evals.outlines --documents FOLDER`: how documents are read, against what people read out of them by hand.

Each file of `evals/outlines/` is of one document: its parts with kind and years, its terms, the lines that are no text,
and forty figures, each with what it counts and whether it is promised.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import Settings, settings
from corpus.corpus import Corpus, read_corpus
from corpus.figures import figures
from corpus.outline import ARTICLE, bare, remainder
from corpus.passage import Passage
from corpus.read import read_document
from corpus.targets import Target
from evals.sources import Source, sources

OUTLINES = Path(__file__).resolve().parent / "outlines"


@dataclass(frozen=True, slots=True)
class Reading:
    """What of one document is not read as it was by hand; of the promises, how many are listed and named rightly."""

    document: str
    parts: tuple[str, ...]  # titles of those whose kind or years are other
    terms: tuple[str, ...]  # those that are missing
    lost: tuple[str, ...]  # lines of text that no passage holds
    articles: int  # how many are missing
    promises: int
    listed: int
    named: int
    no_promises: tuple[str, ...]  # listed as promises, and none

    @property
    def line(self) -> str:
        """As a row of a table."""
        missing = [f"少{self.articles}条"] if self.articles else []
        wrong = "；".join([*missing, *self.parts, *self.terms, *self.lost, *self.no_promises]) or "无"
        return f"| {self.document} | {self.listed}/{self.promises} | {self.named}/{self.promises} | {wrong} |"


def readings(documents: Path | None, base: Settings, outlines: Path = OUTLINES) -> Iterator[Reading]:
    """The reading of every document whose file is there."""
    described = {source.id: source for source in sources()}
    for path in sorted(outlines.iterdir()):
        source = described.get(path.stem) or Source(path.stem, outlines)
        expected = json.loads(path.read_text(encoding="utf-8"))
        chosen = source.settings(documents, base, expected.get("document"))
        if chosen:
            corpus = read_corpus(chosen.documents_dir, chosen.lexicon_dir, base.data_dir, chosen.data_dir)
            yield _reading(path.stem, expected, corpus, chosen.documents_dir)


def _reading(name: str, expected: dict[str, Any], corpus: Corpus, folder: Path) -> Reading:
    passages = [passage for passage in corpus.passages if passage.document_id == name]
    left = [line.text.strip() for line in remainder(read_document(folder / name)[1])]
    terms = {bare(term.name) for term in corpus.terms if term.annotation_id.startswith(f"{name}-")}
    listed = [(figure, _listed(figure, corpus)) for figure in expected["targets"]]
    promised = [(figure, target) for figure, target in listed if figure["promise"]]
    return Reading(
        document=name,
        parts=tuple(_other_parts(expected["parts"], passages, corpus)),
        terms=tuple(term for term in expected["terms"] if bare(term) not in terms),
        lost=tuple(text for text in left if text not in expected["remainder"]),
        articles=(expected["articles"] or 0) - sum(bool(ARTICLE.match(passage.text)) for passage in passages),
        promises=len(promised),
        listed=sum(target is not None for _, target in promised),
        named=sum(target is not None and _same(figure["object"], target, corpus) for figure, target in promised),
        no_promises=tuple(figure["quote"] for figure, target in listed if target and not figure["promise"]),
    )


def _other_parts(expected: Sequence[dict[str, Any]], passages: Sequence[Passage], corpus: Corpus) -> Iterator[str]:
    """The titles of the parts whose kind, or first and last year where those are given, are read otherwise."""
    for part in expected:
        told = [corpus.part_of(passage) for passage in passages]
        own = [one for one in told if one.title == part["title"] or part["kind"] == one.kind == "opening"]
        years = (min((p.since for p in own), default=None), max((p.until for p in own), default=None))
        if {p.kind for p in own} != {part["kind"]} or (part["year"] and years != (part["since"], part["year"])):
            yield part["title"] or part["kind"]


def _listed(figure: dict[str, Any], corpus: Corpus) -> Target | None:
    """The target that is listed for a figure read by hand."""
    fold = corpus.words.fold
    quote, amounts = fold(figure["quote"]), figures(fold(figure["figure"]))
    near = [t for t in corpus.targets if quote in fold(corpus.by_id[t.passage_id].text)]
    return next((t for t in near if _counts(t, amounts[0].value) and _touches(fold(t.clause), quote)), None)


def _counts(target: Target, value: float) -> bool:
    return abs(target.number - value) <= 1e-6 * max(value, 1.0)


def _touches(clause: str, quote: str) -> bool:
    """Whether a clause and a short quote, which may reach over its borders, are of the same place."""
    half = max(len(quote) // 2, 1)
    return clause in quote or any(quote[at : at + half] in clause for at in range(len(quote) - half + 1))


def _same(thing: str, target: Target, corpus: Corpus) -> bool:
    wanted, named = corpus.words.fold(thing), corpus.words.fold(target.object)
    return bool(named) and (wanted in named or named in wanted)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a row for each document."""
    parser = argparse.ArgumentParser(prog="python -m evals.outlines", description="文件读得对不对，和人工核对的比")
    parser.add_argument("--documents", type=Path, help="别的文件的原文所在目录")
    options = parser.parse_args(arguments)
    print("| 文件 | 列出的目标 | 数的是什么说对的 | 读错的 |\n|---|---|---|---|")
    for reading in readings(options.documents, settings()):
        print(reading.line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
