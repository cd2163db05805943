"""Substring search over many texts by an index of their character pairs, without scanning them."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
# The separator before, between and after the texts, which no text contains. How many bits a character takes.
BETWEEN, BITS = "\0", 21


class Substrings:
    """Texts, numbered in the order given. Read-only; takes 8 bytes per character."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)
        joined = BETWEEN + "".join(text + BETWEEN for text in self.texts)
        self._characters = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self._ends = np.flatnonzero(self._characters == 0)[1:]
        pairs = (self._characters[:-1].astype(np.int64) << BITS) | self._characters[1:]
        self._order = np.argsort(pairs, kind="stable").astype(np.uint32)
        self._pairs, counts = np.unique(pairs, return_counts=True)
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    def holding(self, word: str) -> Places:
        """The numbers of the texts that contain a word, each once, in order; every text contains the empty one."""
        if not word:
            return np.arange(len(self.texts))
        texts = np.searchsorted(self._ends, self._places(word))
        return texts[np.concatenate([[True], texts[1:] != texts[:-1]])] if len(texts) else texts

    def holds(self, word: str) -> bool:
        """Whether any text contains a word."""
        return not word or bool(len(self._places(word)))

    def _places(self, word: str) -> Places:
        """Where a word begins, in order: the places of its rarest pair where its other characters match too."""
        said = [ord(character) for character in word]
        if 0 in said:
            return np.zeros(0, dtype=np.int64)
        if len(said) == 1:
            return np.sort(self._order[slice(*self._span(said[0] << BITS, (said[0] + 1) << BITS))]).astype(np.int64)
        spans = [self._span(pair, pair + 1) for pair in ((a << BITS) | b for a, b in pairwise(said))]
        rarest = min(range(len(spans)), key=lambda i: spans[i][1] - spans[i][0])
        found = self._order[slice(*spans[rarest])].astype(np.int64) - rarest
        found = found[(found >= 0) & (found + len(said) <= len(self._characters))]
        for offset, character in enumerate(said):
            if offset not in (rarest, rarest + 1):
                found = found[self._characters[found + offset] == character]
        return found

    def _span(self, first: int, beyond: int) -> tuple[int, int]:
        """The range of the sorted pairs from `first` up to `beyond`."""
        begin, end = np.searchsorted(self._pairs, (first, beyond))
        return int(self._starts[begin]), int(self._starts[end])
