"""How often the passage that answers is found: on our cases, and on public data in SQuAD's shape beside BM25."""

import json
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi
from tqdm import tqdm

from bot import tuning
from corpus.corpus import Corpus
from corpus.keywords import Keywords
from corpus.words import Words
from evals.case import Result

Scores = Callable[[str], NDArray[np.floating[Any]]]


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares of questions whose passage stands first, and within ten; milliseconds a question."""

    name: str
    at_1: float
    at_10: float
    milliseconds: float


def evidence_within(results: Iterable[Result], corpus: Corpus, k: int) -> float:
    """The share of answerable cases all of whose evidence stands in the first `k` passages found."""
    asked = [r for r in results if r.case.evidence]
    texts = {p.id: p.text for p in corpus.passages}
    hits = [all(any(e in texts[i] for i in r.found[:k]) for e in r.case.evidence) for r in asked]
    return sum(hits) / len(hits) if hits else 0.0


def read_squad(path: Path) -> tuple[list[str], list[tuple[str, int]]]:
    """Passages, and questions with the row of their passage, of a file in SQuAD's (or CMRC's trial) shape."""
    content = json.loads(path.read_text(encoding="utf-8"))
    passages: list[str] = []
    questions: list[tuple[str, int]] = []
    paragraphs = [p for a in content["data"] for p in a["paragraphs"]] if isinstance(content, dict) else content
    for paragraph in paragraphs:
        passages.append(paragraph["context"] if "context" in paragraph else paragraph["context_text"])
        asked = [q["question"] if "question" in q else q["query_text"] for q in paragraph["qas"]]
        questions += [(q, len(passages) - 1) for q in asked]
    return passages, questions


def compare(path: Path) -> list[Recall]:
    """Our keyword search and the usual recipe (jieba words, rank_bm25), over the same file in the same run."""
    passages, questions = read_squad(path)
    with tempfile.TemporaryDirectory() as folder:
        words = Words(Path(folder))
        folded = [words.fold(p) for p in passages]
        index = Keywords.build([words.tokens(f) for f in folded], Path(folder) / "keywords")
        usual = BM25Okapi([words.cut(f) for f in folded])
        ours: Scores = lambda q: index.search([(words.tokens(words.fold(q)), 1.0)])  # noqa: E731
        theirs: Scores = lambda q: usual.get_scores(words.cut(words.fold(q)))  # noqa: E731
        return [
            _recall("jieba + rank_bm25", theirs, questions),
            _recall("words and bigrams (this product)", ours, questions),
        ]


def over_pairs(folder: Path, corpus: Corpus) -> list[Recall]:
    """The pairs' clauses searched with the pairs' everyday questions, without and with the lexicon's official words.

    The clauses are of no place in particular: this tells how far the lexicon carries on texts it was not read for.
    """
    rows = [
        row.split("\t") for path in sorted(folder.glob("*.tsv")) for row in path.read_text("utf-8").splitlines()[1:]
    ]
    words, lexicon = corpus.words, corpus.lexicon
    questions = [(said, row) for row, (said, _) in enumerate(rows)]

    def plain(question: str) -> list[tuple[list[str], float]]:
        return [(words.tokens(words.fold(question)), 1.0)]

    def helped(question: str) -> list[tuple[list[str], float]]:
        names = [name for match in lexicon.match(words.fold(question)) for name in match.official]
        return [*plain(question), *((words.tokens(name), tuning.OFFICIAL_NAME) for name in names)]

    with tempfile.TemporaryDirectory() as kept:
        index = Keywords.build([words.tokens(words.fold(official)) for _, official in rows], Path(kept))
        return [
            _recall("everyday words alone", lambda q: index.search(plain(q)), questions),
            _recall("with the lexicon", lambda q: index.search(helped(q)), questions),
        ]


def _recall(name: str, search: Scores, questions: list[tuple[str, int]]) -> Recall:
    ranks = []
    begun = time.perf_counter()
    for question, row in tqdm(questions, desc=name, unit="题"):
        scores = search(question)
        ranks.append(int((scores >= scores[row]).sum()) - 1)
    spent = (time.perf_counter() - begun) * 1000 / len(questions)
    return Recall(name, float(np.mean([r == 0 for r in ranks])), float(np.mean([r < 10 for r in ranks])), spent)
