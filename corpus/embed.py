"""Texts to vectors: hashed words, and the client of an OpenAI-compatible endpoint.

Both are LangChain `Embeddings`, so any other one fits in their place.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Protocol

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from corpus.words import Words

Vector = list[float]
TIMEOUT_SECONDS, RETRIES = 10, 1
# How many tokens are cached with their dimension: bounded, since residents may say anything.
REMEMBERED = 65_536


class Embedder(Protocol):
    """What the index asks of an embedder. `name` changes whenever its vectors would."""

    name: str

    def embed_documents(self, texts: list[str]) -> list[Vector]: ...

    def embed_query(self, text: str) -> Vector: ...


class HashingEmbedder(Embeddings):
    """Signed feature hashing of words and bigrams (Weinberger et al., ICML 2009), no download, no training.

    A word is weighted by its rarity in general Chinese; a query is embedded together with the official words
    that `expand` gives for it. Vectors have `size` dimensions and length 1 (or 0 for an empty text).
    """

    def __init__(self, words: Words, expand: Callable[[str], Iterable[str]], size: int = 1024) -> None:
        self.name = f"hashing-{size}"
        self._words, self._expand, self._size = words, expand, size
        self._slot = lru_cache(maxsize=REMEMBERED)(self._place)

    def embed_documents(self, texts: list[str]) -> list[Vector]:
        return [self._embed(self._words.tokens(self._words.fold(text))).tolist() for text in texts]

    def embed_query(self, text: str) -> Vector:
        folded = self._words.fold(text)
        expanded = [token for word in self._expand(folded) for token in self._words.tokens(word)]
        vector: Vector = self._embed(self._words.tokens(folded) + expanded).tolist()
        return vector

    def _embed(self, tokens: list[str]) -> NDArray[np.float32]:
        vector = np.zeros(self._size, dtype=np.float32)
        for token, count in Counter(tokens).items():
            slot, weight = self._slot(token)
            vector[slot] += weight * (1 + math.log(count))
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector

    def _place(self, token: str) -> tuple[int, float]:
        """The dimension of a token and its signed weight; cached, as hashing is the slow part."""
        digest = int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "big")
        sign = 1 if digest & 1 else -1
        return (digest >> 1) % self._size, sign * self._words.information(token)


class EmbeddingFailed(Exception):
    """The endpoint gave no usable vectors; the message (Chinese) says why. Lexical search goes on without them."""


class EndpointEmbedder:
    """The embedder of an OpenAI-compatible endpoint. Its failures become EmbeddingFailed.

    Texts are sent as they are (`check_embedding_ctx_length=False`): counting tokens would download data.
    """

    def __init__(self, base_url: str, api_key: str, model: str) -> None:
        from langchain.embeddings import init_embeddings

        self.name = f"endpoint-{model}"
        self._inner = init_embeddings(
            f"openai:{model}",
            base_url=base_url,
            api_key=api_key,
            timeout=TIMEOUT_SECONDS,
            max_retries=RETRIES,
            check_embedding_ctx_length=False,
        )

    def embed_documents(self, texts: list[str]) -> list[Vector]:
        """One vector per text, all of one size."""
        return self._asked(lambda: self._inner.embed_documents(texts), len(texts))

    def embed_query(self, text: str) -> Vector:
        """The vector of a question."""
        return self._asked(lambda: [self._inner.embed_query(text)], 1)[0]

    def _asked(self, call: Callable[[], list[Vector]], count: int) -> list[Vector]:
        import openai

        try:
            vectors = call()
        except (openai.OpenAIError, ValueError, TypeError) as problem:
            raise EmbeddingFailed(f"向量服务没有正常回答（{type(problem).__name__}）") from problem
        sizes = {len(vector) for vector in vectors}
        if len(vectors) != count or len(sizes) != 1 or 0 in sizes:
            raise EmbeddingFailed(f"向量服务给出的向量不对：应有{count}个，收到{len(vectors)}个")
        return vectors
