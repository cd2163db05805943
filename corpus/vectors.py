"""The only chromadb: rows of text as vectors in a persistent collection, on this machine, telemetry off."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from corpus import tuning
from corpus.embed import Embedder, EmbeddingFailed
from corpus.rows import Row

# How many rows are embedded at once, and how many are written: each writing waits for the disk.
BATCH, WRITTEN = 64, 512
# Up to so many rows every one is compared with a question: that is exact, and quicker than asking Chroma, whose graph
# is asked beyond. How many rows are read from Chroma at once.
EXACT, READ = 20_000, 5_000
# The length that a vector of nothing counts as having.
LEAST = 1e-12
HNSW: Any = {
    "space": "cosine",
    "ef_construction": tuning.GRAPH_WIDTH,
    "ef_search": tuning.GRAPH_DEPTH,
    "max_neighbors": tuning.GRAPH_NEIGHBOURS,
}


# The so many rows nearest to a vector: id -> cosine similarity, nearest first.
Nearest = Callable[[NDArray[np.float64], int], dict[str, float]]


class VectorsUnusable(Exception):
    """Chroma cannot use its files; the message is Chroma's."""


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (ChromaError, ValueError) as problem:  # the client turns what it meets when it opens into a ValueError
        raise VectorsUnusable(" ".join(str(problem).split())) from problem


def _forget(folder: Path) -> None:
    """Let Chroma open a folder anew; the other folders that are open stay so."""
    SharedSystemClient._identifier_to_system.pop(str(folder), None)
    SharedSystemClient._identifier_to_refcount.pop(str(folder), None)


class Vectors:
    """One Chroma collection, named after the embedder, so that vectors of two embedders never mix."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._embedder = embedder
        self.healthy = True  # whether the last search had its vector
        self._dimensions = 0
        self._nearest: Nearest | None = None
        self._name = "passages-" + "".join(c if c.isalnum() else "-" for c in embedder.name)
        with _told(), ExitStack() as undo:
            undo.callback(_forget, folder)  # or the next one is given the same broken files
            self._client: Any = chromadb.PersistentClient(
                str(folder), Settings(anonymized_telemetry=False, allow_reset=False)
            )
            self._collection = self._client.get_or_create_collection(
                self._name, embedding_function=None, configuration={"hnsw": HNSW}
            )
            undo.pop_all()

    def build(self, rows: Sequence[Row], progress: Callable[[int], object]) -> None:
        """Make the collection hold exactly these rows.

        Only what is missing or changed is embedded, so an interrupted build goes on where it stopped.
        `progress` is told how many rows were done. Raises VectorsUnusable, and what the embedder raises.
        """
        self._nearest = None
        with _told():
            self._drop_other_collections()
            kept = self._collection.get(include=["metadatas"])
        held = {i: (m or {}).get("hash") for i, m in zip(kept["ids"], kept["metadatas"] or [], strict=True)}
        wanted = {row.id for row in rows}
        surplus = [i for i in held if i not in wanted]
        if surplus:
            with _told():
                self._collection.delete(ids=surplus)
        todo = [row for row in rows if held.get(row.id) != row.digest]
        progress(len(rows) - len(todo))
        for at in range(0, len(todo), WRITTEN):
            self._add(todo[at : at + WRITTEN], progress)

    def _add(self, rows: Sequence[Row], progress: Callable[[int], object]) -> None:
        """Embed and write some rows; those that were embedded are written even when the rest cannot be."""
        vectors: list[Any] = []
        try:
            for at in range(0, len(rows), BATCH):
                vectors += self._embedder.embed_documents([row.text for row in rows[at : at + BATCH]])
                progress(len(vectors) - at)
        finally:
            if vectors:
                self._write(rows[: len(vectors)], vectors)

    def _write(self, rows: Sequence[Row], vectors: Any) -> None:
        with _told():
            self._collection.upsert(
                ids=[row.id for row in rows],
                embeddings=vectors,
                documents=[row.passage.text[row.start : row.end] for row in rows],
                metadatas=[_metadata(row) for row in rows],
            )

    def _drop_other_collections(self) -> None:
        for collection in self._client.list_collections():
            if collection.name != self._name:
                self._client.delete_collection(collection.name)

    def search(self, text: str, k: int, *others: str) -> dict[str, float]:
        """The `k` rows nearest to a text, or to the mean of several: id -> cosine similarity (-1 to 1).

        Raises EmbeddingFailed.
        """
        try:
            query: Any = np.mean([self._embedded(one) for one in (text, *others)], axis=0)
        except EmbeddingFailed:
            self.healthy = False
            raise
        self.healthy = True
        nearest = self._nearest or self._compared()
        return nearest(query, k)

    def _compared(self) -> "Nearest":
        """How the rows are compared with a question; remembered until they change."""
        self._nearest = self._in_memory().nearest if self.count() <= EXACT else self._asked
        return self._nearest

    def _in_memory(self) -> "Held":
        ids: list[str] = []
        rows: list[Any] = []
        for at in range(0, self.count(), READ):
            page: Any = self._collection.get(limit=READ, offset=at, include=["embeddings"])
            ids += page["ids"]
            rows.append(page["embeddings"])
        return Held(tuple(ids), np.concatenate(rows, dtype=np.float32))

    def _asked(self, query: Any, k: int) -> dict[str, float]:
        found = self._collection.query(query_embeddings=[query], n_results=k, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return {i: 1 - d for i, d in zip(found["ids"][0], distances, strict=True)}

    def _embedded(self, text: str) -> list[float]:
        query = self._embedder.embed_query(text)
        if len(query) != self._size():
            raise EmbeddingFailed("向量的维数变了：向量服务换了模型，请运行 python -m corpus build 重建索引")
        return query

    def _size(self) -> int:
        """The dimensions of the stored vectors."""
        if not self._dimensions:
            some: Any = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            self._dimensions = len(some[0]) if len(some) else 0
        return self._dimensions

    def count(self) -> int:
        """How many rows the collection holds. Raises VectorsUnusable."""
        with _told():
            return int(self._collection.count())

    def refuse_unsearchable(self) -> None:
        """Raises VectorsUnusable when a stored vector cannot be searched for."""
        with _told():
            some: Any = self._collection.get(limit=1, include=["embeddings"])["embeddings"]
            if len(some):
                self._collection.query(query_embeddings=some, n_results=1, include=["distances"])

    def close(self) -> None:
        """Let go of the database files."""
        self._client.close()


class Held:
    """Rows with their ids, `vectors` of any length of one a row."""

    def __init__(self, ids: tuple[str, ...], vectors: NDArray[np.float32]) -> None:
        self._ids = ids
        self._rows = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), LEAST)

    def nearest(self, query: NDArray[np.float64], k: int) -> dict[str, float]:
        """The `k` rows nearest to a vector, nearest first: id -> cosine similarity."""
        length = max(float(np.linalg.norm(query)), LEAST)
        cosines = self._rows @ (query / length).astype(np.float32)
        chosen = np.argpartition(-cosines, k - 1)[:k] if k < len(cosines) else np.arange(len(cosines))
        order = chosen[np.lexsort((chosen, -cosines[chosen]))]
        return {self._ids[i]: similarity for i, similarity in zip(order, cosines[order].tolist(), strict=True)}


def _metadata(row: Row) -> dict[str, str | int]:
    """What a row is of, for whoever searches the collection with filters of Chroma's."""
    return {
        "level": row.level,
        "passage": row.passage.id,
        "document": row.passage.document_id,
        "kind": row.passage.kind,
        "number": row.passage.number,
        "start": row.start,
        "end": row.end,
        "hash": row.digest,
    }
