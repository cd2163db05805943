"""Where the answer may stand: what is near in meaning, and what shares the words, fused over the passages."""

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot import tuning
from bot.understanding.question import Question
from bot.understanding.topics import Concept
from corpus.build import Index
from corpus.chroma import VectorsUnusable
from corpus.embed import EmbeddingFailed
from corpus.passage import Hit
from corpus.rows import passage_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """The passages found for a question, best first, and how near in meaning the rows of the index are.

    `near` is the cosine of a row by its id, `least` the lowest of them, which stands in for all other rows. Only
    differences between cosines are meaningful.
    """

    hits: tuple[Hit, ...]
    near: dict[str, float]
    least: float = 0.0


def find(question: Question, index: Index, k: int = tuning.PASSAGES_FOUND) -> Found:
    """The `k` best passages for a question. Their scores run from 0 to 1 relative to a perfect best."""
    words = index.corpus.words
    groups = [(words.tokens(question.text), 1.0)]
    for name, weight in official_names(question.concepts):
        groups.append((words.tokens(name), tuning.OFFICIAL_NAME * weight))
    lexical = index.keywords.search(groups)
    top = float(lexical.max(initial=0.0))
    fused = tuning.WORDS_SHARE * lexical / top if top else lexical
    near = _near(question, index)
    least = min(near.values(), default=0.0)
    spread = max(near.values(), default=0.0) - least
    best: dict[str, float] = {}
    for row, similarity in near.items():
        passage = passage_of(row)
        best[passage] = max(best.get(passage, 0.0), similarity)
    for passage, similarity in best.items():
        fused[index.rows[passage]] += tuning.MEANING_SHARE * (similarity - least) / (spread or 1.0)
    order = _best(fused, k)
    limit = tuning.KEPT_FROM * (float(fused[order[0]]) if len(order) else 0.0)
    passages = index.corpus.passages
    hits = tuple(
        Hit(passages[i], round(float(fused[i]), 4), kept=bool(fused[i] >= limit and fused[i] > 0)) for i in order
    )
    return Found(hits, near, least)


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """The indices of the `k` highest scores, highest first; of equal ones, the earliest."""
    least = -np.partition(-scores, k - 1)[k - 1] if k < len(scores) else -np.inf
    near = np.flatnonzero(scores >= least)
    return near[np.argsort(-scores[near], kind="stable")][:k]


def retrieve(question: Question, index: Index, k: int = 12) -> tuple[Hit, ...]:
    """The `k` best passages for a question, best first."""
    return find(question, index, k).hits


def _near(question: Question, index: Index) -> dict[str, float]:
    """What the vectors find; nothing while their endpoint or server is down: search goes on with keywords alone.

    A follow-up is searched for both as it is and with what it leaves out.
    """
    whole = (question.meant,) if question.meant != question.text else ()
    try:
        return index.vectors.search(question.text, min(tuning.ROWS_FOUND, len(index.corpus.rows)), *whole)
    except (EmbeddingFailed, VectorsUnusable) as problem:
        log.warning("keywords alone: %s", problem)
        return {}


def official_names(concepts: tuple[Concept, ...]) -> list[tuple[str, float]]:
    """The concepts' official names, other than the resident's own words."""
    return [(name, value * c.weight) for c in concepts for name, value in c.names if name not in c.said]
