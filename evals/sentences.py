"""`python -m evals.sentences`: lies and honest paraphrases against the check that a model's sentences must pass.

The files of `evals/sentences/` are explained in their README.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.journey.opening import open_encoder
from bot.settings import settings
from bot.writing.faithfulness import Source, Support
from bot.writing.material import source_of
from corpus.corpus import Corpus, read_corpus

FOLDER = Path(__file__).resolve().parent / "sentences"
HONEST = "honest"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a set: honest, or a lie of a kind (`kind`), and the passage it is held against."""

    text: str
    kind: str
    source: Source


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence and what the check finds wrong with it."""

    sentence: Sentence
    fault: str

    @property
    def is_right(self) -> bool:
        """Whether an honest one passed, or a lie did not."""
        return bool(self.fault) != (self.sentence.kind == HONEST)


def load(path: Path, corpus: Corpus) -> Iterator[Sentence]:
    """The sentences of a file."""
    for group in yaml.safe_load(path.read_text(encoding="utf-8")):
        source = _source(group, corpus)
        yield from (Sentence(text, HONEST, source) for text in group[HONEST])
        yield from (Sentence(text, kind, source) for lie in group["lies"] for kind, text in lie.items())


def _source(group: dict[str, Any], corpus: Corpus) -> Source:
    if "text" in group:
        beside = f"{group['beside']} {group['year']}年" if "year" in group else group["beside"]
        return Source(1, group["text"], beside, group.get("past", False))
    passage = next(p for p in corpus.passages if group["source"].replace(" ", "") in p.text.replace(" ", ""))
    return source_of(1, passage, passage.text, corpus)


def checked(path: Path, corpus: Corpus, support: Support) -> list[Checked]:
    """Every sentence of a file held against its passage."""
    return [Checked(one, support.fault_against(one.text, [one.source])) for one in load(path, corpus)]


def line(name: str, results: Sequence[Checked]) -> str:
    """How many of each kind came out right."""
    kinds = dict.fromkeys(one.sentence.kind for one in results)
    counts = (f"{kind} {_right(results, kind)}" for kind in kinds)
    lies = [one for one in results if one.sentence.kind != HONEST]
    return f"{name}：lies {sum(one.is_right for one in lies)}/{len(lies)}；{'，'.join(counts)}"


def _right(results: Sequence[Checked], kind: str) -> str:
    some = [one.is_right for one in results if one.sentence.kind == kind]
    return f"{sum(some)}/{len(some)}"


def main() -> int:
    """Measure every file, and show what went wrong."""
    known = [path.stem for path in sorted(FOLDER.glob("*.yaml"))]
    parser = argparse.ArgumentParser(prog="python -m evals.sentences", description="核对模型的话，对多少")
    parser.add_argument("--only", action="append", choices=known, help="只用这一份样本；可以写几次")
    chosen = parser.parse_args().only or known
    used = settings()
    corpus = read_corpus(used.documents_dir, used.lexicon_dir, used.data_dir)
    support = Support.load(used.prompts_dir, corpus, open_encoder())
    for name in chosen:
        results = checked(FOLDER / f"{name}.yaml", corpus, support)
        print(line(name, results))
        wrong = [one for one in results if not one.is_right]
        print("".join(f"  {one.sentence.kind}（{one.fault or '放过'}）{one.sentence.text}\n" for one in wrong), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
