"""BM25 over the tokens of the passages, with `build` and `search` like `vectors`."""

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from corpus import tuning


class Keywords:
    """A bm25s index; rows are numbered in the order of the passages given."""

    def __init__(self, index: bm25s.BM25) -> None:
        self._index = index

    @classmethod
    def build(cls, tokens: Sequence[list[str]], folder: Path) -> "Keywords":
        """Index one token list per passage and save it in `folder`."""
        index = bm25s.BM25(method="lucene", k1=tuning.BM25_K1, b=tuning.BM25_B)
        index.index([row or [""] for row in tokens], show_progress=False)
        index.save(folder, show_progress=False)
        return cls(index)

    @classmethod
    def open(cls, folder: Path) -> "Keywords":
        """The index kept in `folder`."""
        return cls(bm25s.BM25.load(folder, show_progress=False))

    def search(self, weighted: Sequence[tuple[list[str], float]]) -> NDArray[np.float32]:
        """The score of every row for groups of tokens, each group with its weight."""
        scores = np.zeros(self._index.scores["num_docs"], dtype=np.float32)
        for tokens, weight in weighted:
            known = [token for token in tokens if token in self._index.vocab_dict]
            if known:
                scores += weight * self._index.get_scores(known)
        return scores
