"""Vectors in a Chroma server, built once and used by every process that serves the same documents.

A collection is named after the fingerprint of its index, so old and new coexist. The first process builds it while the
others wait; its row count is noted when it is complete, and a collection without that note is not read. Users note the
time; a collection unused for an hour is deleted. While the server is down the vectors in memory are used, or none, and
every check tries again.
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
# How often the use of a collection is noted, and after how long without a note it is deleted.
NOTED_SECONDS, UNUSED_SECONDS = 60.0, 3600.0
AWAY = "向量服务器连不上"


@dataclass(frozen=True, slots=True)
class Server:
    """A Chroma server: its URL, its bearer token, and a lock across processes for building an index.

    Entering `alone` waits for the lock, and raises VectorsUnusable where it is unavailable.
    """

    url: str
    token: str = field(repr=False)
    alone: Callable[[], AbstractContextManager[object]]


class Shared:
    """The vectors of one index in a server. One thread checks it, any may search."""

    def __init__(self, server: Server, fingerprint: str, rows: Sequence[Row], embedder: Embedder) -> None:
        self._server, self._rows, self._embedder = server, rows, embedder
        self._name = OURS + fingerprint[:NAMED]
        self._client: Any = None
        self._vectors: Vectors | None = None
        self._noted = -NOTED_SECONDS
        self.reached = True  # whether the server last responded

    @property
    def healthy(self) -> bool:
        """Whether the last search had vectors, and the next one will."""
        vectors = self._vectors
        return vectors is not None and vectors.healthy and (vectors.held or self.reached)

    def search(self, text: str, k: int, *others: str) -> dict[str, float]:
        """As `Vectors.search`. Raises EmbeddingFailed, and VectorsUnusable, at once while the server is down."""
        vectors = self._vectors
        if vectors is None or not (vectors.held or self.reached):
            raise VectorsUnusable(AWAY)
        try:
            return vectors.search(text, k, *others)
        except VectorsUnusable:
            self.reached = False
            raise

    def look(self) -> None:
        """Check the server, fetch missing vectors, and note that they are used."""
        try:
            self.reach()
        except (VectorsUnusable, EmbeddingFailed) as problem:
            if self.reached:
                log.warning("the Chroma server cannot be used: %s", problem)
            self.reached = False

    def reach(self) -> None:
        """Get the vectors, built first if missing. Raises VectorsUnusable, and what the embedder raises."""
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
        """Release the server."""
        if self._client:
            self._client.close()

    def _over(self, collection: Any) -> Vectors:
        return Vectors(collection, self._embedder, lambda: None)

    def _found(self) -> Any | None:
        """The collection, when it is complete."""
        found = collection_in(self._client, self._name)
        return found if found is not None and (found.metadata or {}).get("rows") == len(self._rows) else None

    def _made(self) -> Any:
        """Build the complete collection; vectors in another collection are copied."""
        made = made_in(self._client, self._name, self._noting())
        self._noted = time.monotonic()
        vectors = self._over(made)
        others = [one for one in others_in(self._client, self._name) if self._has_ours(one)]
        known = self._over(max(others, key=_used)) if others else None
        vectors.build_with_progress(self._rows, lambda: self._note_now_and_then(made), known)
        if vectors.count() != len(self._rows):
            raise VectorsUnusable(f"{self._name}: {vectors.count()} of {len(self._rows)} rows")
        self._note(made, rows=len(self._rows))
        return made

    def _has_ours(self, collection: Any) -> bool:
        """Whether a collection is from the same embedder."""
        noted = collection.metadata or {}
        return collection.name.startswith(OURS) and noted.get("embedder") == self._embedder.name

    def _noting(self, **more: int) -> dict[str, str | int]:
        return {"embedder": self._embedder.name, "used": int(time.time()), **more}

    def _note(self, collection: Any, **more: int) -> None:
        with as_vectors_unusable():
            collection.modify(metadata=self._noting(**more))
        self._noted = time.monotonic()

    def _note_now_and_then(self, collection: Any) -> None:
        """Note the use during a build, which may take longer than unused collections are kept."""
        if time.monotonic() - self._noted >= NOTED_SECONDS:
            self._note(collection)

    def _drop_unused(self) -> None:
        for one in others_in(self._client, self._name):
            if one.name.startswith(OURS) and _used(one) < time.time() - UNUSED_SECONDS:
                drop(self._client, one)


def _used(collection: Any) -> int:
    """When a collection was last used, in seconds since 1970."""
    return int((collection.metadata or {}).get("used", 0))
