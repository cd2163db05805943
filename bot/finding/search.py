"""Both searches over the passages, fused, with those below the threshold kept beside the rest."""

import logging

import numpy as np

from bot.understanding.question import Question
from bot.understanding.topics import Concept
from corpus.build import Index
from corpus.embed import EmbeddingFailed
from corpus.passage import Hit

log = logging.getLogger(__name__)

# Weights of the two searches, of the official names beside the resident's own words, and the threshold
# relative to the best hit. Measured: docs/decisions/0003-retrieval.md
LEXICAL, VECTOR, OFFICIAL, THRESHOLD = 0.85, 0.15, 0.6, 0.25
DEPTH = 64


def retrieve(question: Question, index: Index, k: int = 12) -> tuple[Hit, ...]:
    """The `k` best passages for a question, best first. Scores run from 0 to 1 relative to a perfect best."""
    words = index.corpus.words
    groups = [(words.tokens(question.text), 1.0)]
    groups += [(words.tokens(name), OFFICIAL * weight) for name, weight in official_names(question.concepts)]
    lexical = index.keywords.search(groups)
    top = float(lexical.max(initial=0.0))
    fused = LEXICAL * lexical / top if top else lexical
    rows = index.rows
    for passage_id, similarity in _near(question.text, index).items():
        fused[rows[passage_id]] += VECTOR * max(similarity, 0.0)
    order = np.argsort(-fused, kind="stable")[:k]
    best = float(fused[order[0]]) if len(order) else 0.0
    passages = index.corpus.passages
    return tuple(
        Hit(passages[i], round(float(fused[i]), 4), kept=bool(fused[i] >= THRESHOLD * best and fused[i] > 0))
        for i in order
    )


def _near(text: str, index: Index) -> dict[str, float]:
    """What the vectors find; nothing while their endpoint is down: the keywords go on alone."""
    try:
        return index.vectors.search(text, min(DEPTH, len(index.rows)))
    except EmbeddingFailed as problem:
        log.warning("keywords alone: %s", problem)
        return {}


def official_names(concepts: tuple[Concept, ...]) -> list[tuple[str, float]]:
    """What the concepts are called beside the resident's own words."""
    return [(name, value * c.weight) for c in concepts for name, value in c.names if name not in c.said]
