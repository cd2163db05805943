"""Vectors in a Chroma server, made once and used by every process that serves the same documents.

A collection is named after the fingerprint of its index, so old and new stand side by side. Whoever finds none makes
it, the others wait; how many rows it has is noted when all are in it, and one without that note is read by nobody. Who
uses one notes the time; one that nobody used for an hour is deleted. While the server is away there are the vectors
that are in memory, or none, and every look tries again.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from corpus.chroma import VectorsUnusable, as_vectors_unusable, collection_in, drop, in_server, made_in, others_in
from corpus.embed import Embedder, EmbeddingFailed
from corpus.rows import Row
from corpus.vectors import Vectors

log = logging.getLogger(__name__)
OURS, NAMED = "passages-", 16
# How often it is noted that a collection is used, and after how long without that it is deleted.
NOTED_SECONDS, UNUSED_SECONDS = 60.0, 3600.0
AWAY = "向量服务器连不上"


@dataclass(frozen=True, slots=True)
class Server:
    """A Chroma server: its address, what it is shown as a bearer token, and what one process alone makes an index in.

    Entering `alone` waits for whoever is in it, and raises VectorsUnusable where that cannot be told.
    """

    url: str
    token: str = field(repr=False)
    alone: Callable[[], AbstractContextManager[object]]


class Shared:
    """The vectors of one index in a server. One thread looks, any may search."""

    def __init__(self, server: Server, fingerprint: str, rows: Sequence[Row], embedder: Embedder) -> None:
        self._server, self._rows, self._embedder = server, rows, embedder
        self._name = OURS + fingerprint[:NAMED]
        self._client: Any = None
        self._vectors: Vectors | None = None
        self._noted = -NOTED_SECONDS
        self.reached = True  # whether the server answered when it was last asked

    @property
    def healthy(self) -> bool:
        """Whether the last search had its vectors, and the next will."""
        vectors = self._vectors
        return vectors is not None and vectors.healthy and (vectors.held or self.reached)

    def search(self, text: str, k: int, *others: str) -> dict[str, float]:
        """As `Vectors.search`. Raises EmbeddingFailed, and VectorsUnusable, at once while the server is known away."""
        vectors = self._vectors
        if vectors is None or not (vectors.held or self.reached):
            raise VectorsUnusable(AWAY)
        try:
            return vectors.search(text, k, *others)
        except VectorsUnusable:
            self.reached = False
            raise

    def look(self) -> None:
        """Look for the server, for the vectors where there are none, and note that they are used."""
        try:
            self.reach()
        except (VectorsUnusable, EmbeddingFailed) as problem:
            if self.reached:
                log.warning("the Chroma server cannot be used: %s", problem)
            self.reached = False

    def reach(self) -> None:
        """Have the vectors, made first where there are none. Raises VectorsUnusable, and what the embedder raises."""
        self._client = self._client or in_server(self._server.url, self._server.token)
        found = self._found()
        if found is None:
            with self._server.alone():
                found = self._found() or self._made()
        if self._vectors is None or self._vectors.collection.id != found.id:
            vectors = self._over(found)
            vectors.hold()
            self._vectors = vectors
        if time.monotonic() - self._noted >= NOTED_SECONDS:
            self._note(found, rows=len(self._rows))
            self._drop_unused()
        self.reached = True

    def close(self) -> None:
        """Let go of the server."""
        if self._client:
            self._client.close()

    def _over(self, collection: Any) -> Vectors:
        return Vectors(collection, self._embedder, lambda: None)

    def _found(self) -> Any | None:
        """The collection, when every row is in it."""
        found = collection_in(self._client, self._name)
        return found if found is not None and (found.metadata or {}).get("rows") == len(self._rows) else None

    def _made(self) -> Any:
        """The collection with every row; vectors that another one has are copied."""
        made = made_in(self._client, self._name, self._noting())
        self._noted = time.monotonic()
        vectors = self._over(made)
        others = [one for one in others_in(self._client, self._name) if self._has_ours(one)]
        known = self._over(max(others, key=_used)) if others else None
        vectors.build_told(self._rows, lambda: self._note_now_and_then(made), known)
        if vectors.count() != len(self._rows):
            raise VectorsUnusable(f"{self._name}: {vectors.count()} of {len(self._rows)} rows")
        self._note(made, rows=len(self._rows))
        return made

    def _has_ours(self, collection: Any) -> bool:
        """Whether the vectors of a collection are of the same embedder."""
        noted = collection.metadata or {}
        return collection.name.startswith(OURS) and noted.get("embedder") == self._embedder.name

    def _noting(self, **more: int) -> dict[str, str | int]:
        return {"embedder": self._embedder.name, "used": int(time.time()), **more}

    def _note(self, collection: Any, **more: int) -> None:
        with as_vectors_unusable():
            collection.modify(metadata=self._noting(**more))
        self._noted = time.monotonic()

    def _note_now_and_then(self, collection: Any) -> None:
        """That it is being made is a use too: it may take longer than what is unused is kept."""
        if time.monotonic() - self._noted >= NOTED_SECONDS:
            self._note(collection)

    def _drop_unused(self) -> None:
        for one in others_in(self._client, self._name):
            if one.name.startswith(OURS) and _used(one) < time.time() - UNUSED_SECONDS:
                drop(self._client, one)


def _used(collection: Any) -> int:
    """When a collection was last used, in seconds since 1970."""
    return int((collection.metadata or {}).get("used", 0))
