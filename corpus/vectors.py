"""Rows of text as vectors in a Chroma collection, and nearest-neighbour search."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from corpus.chroma import VectorsUnusable, as_vectors_unusable, in_folder
from corpus.embed import Embedder, EmbeddingFailed
from corpus.rows import Row

# How many rows are embedded at once, and how many are written: each write waits for the disk.
BATCH, WRITTEN = 64, 512
# Up to this many rows search is exhaustive: exact, and faster than Chroma, whose graph is used beyond. How many rows
# are read from Chroma at once.
EXACT, READ = 20_000, 5_000
# The norm used for a zero vector.
LEAST = 1e-12


# Finds the k rows nearest to a vector: id -> cosine similarity, nearest first.
Nearest = Callable[[NDArray[np.float64], int], dict[str, float]]


class Vectors:
    """One Chroma collection."""

    def __init__(self, collection: Any, embedder: Embedder, close: Callable[[], object]) -> None:
        """`close` releases the client of the collection."""
        self.collection = collection
        self._embedder, self._close = embedder, close
        self.healthy = True  # whether the last search had vectors
        self.held = False  # whether all rows are in memory: then Chroma is no longer queried
        self._dimensions = 0
        self._nearest: Nearest | None = None

    @classmethod
    def in_folder(cls, folder: Path, embedder: Embedder) -> "Vectors":
        """The collection in a folder, named after the embedder so that vectors never mix. Raises VectorsUnusable."""
        name = "passages-" + "".join(c if c.isalnum() else "-" for c in embedder.name)
        client, collection = in_folder(folder, name)
        return cls(collection, embedder, client.close)

    def build(self, rows: Sequence[Row], progress: Callable[[int], object], known: "Vectors | None" = None) -> None:
        """Make the collection hold exactly these rows.

        Only missing or changed rows are written, so an interrupted build resumes, and only rows not `known` to another
        collection of the same embedder are embedded. `progress` is called with the number of rows done. Raises
        VectorsUnusable, and what the embedder raises.
        """
        self._nearest = None
        held = self._digests()
        wanted = {row.id for row in rows}
        surplus = [i for i in held if i not in wanted]
        if surplus:
            with as_vectors_unusable():
                self.collection.delete(ids=surplus)
        todo = [row for row in rows if held.get(row.id) != row.digest]
        progress(len(rows) - len(todo))
        for at in range(0, len(todo), WRITTEN):
            self._add(todo[at : at + WRITTEN], progress, known)

    def build_with_progress(
        self, rows: Sequence[Row], step: Callable[[], object] = lambda: None, known: "Vectors | None" = None
    ) -> None:
        """Build, with a progress bar on the terminal; `step` is called now and then."""
        with tqdm(total=len(rows), desc="建立索引", unit="句", file=sys.stderr) as bar:

            def progress(done: int) -> None:
                bar.update(done)
                step()

            self.build(rows, progress, known)

    def _digests(self) -> dict[str, object]:
        """The digest of every row in the collection, by its id."""
        with as_vectors_unusable():
            kept = self.collection.get(include=["metadatas"])
        return {i: (m or {}).get("hash") for i, m in zip(kept["ids"], kept["metadatas"] or [], strict=True)}

    def _known(self, rows: Sequence[Row]) -> dict[str, Any]:
        """The vectors of those rows that are unchanged in the collection, by id."""
        with as_vectors_unusable():
            found = self.collection.get(ids=[row.id for row in rows], include=["metadatas", "embeddings"])
        digests = {row.id: row.digest for row in rows}
        each = zip(found["ids"], found["metadatas"] or [], found["embeddings"], strict=True)
        return {i: vector for i, m, vector in each if (m or {}).get("hash") == digests[i]}

    def _add(self, rows: Sequence[Row], progress: Callable[[int], object], known: "Vectors | None") -> None:
        """Embed and write rows; those embedded are written even when the rest fails."""
        vectors = known._known(rows) if known else {}
        todo = [row for row in rows if row.id not in vectors]
        progress(len(vectors))
        try:
            for at in range(0, len(todo), BATCH):
                batch = todo[at : at + BATCH]
                embedded = self._embedder.embed_documents([row.text for row in batch])
                vectors |= {row.id: vector for row, vector in zip(batch, embedded, strict=True)}
                progress(len(batch))
        finally:
            done = [row for row in rows if row.id in vectors]
            if done:
                self._write(done, np.array([vectors[row.id] for row in done], dtype=np.float32))

    def _write(self, rows: Sequence[Row], vectors: Any) -> None:
        with as_vectors_unusable():
            self.collection.upsert(
                ids=[row.id for row in rows],
                embeddings=vectors,
                documents=[row.passage.text[row.start : row.end] for row in rows],
                metadatas=[_metadata(row) for row in rows],
            )

    def search(self, text: str, k: int, *others: str) -> dict[str, float]:
        """The `k` rows nearest to a text, or to the mean of several: id -> cosine similarity (-1 to 1).

        Raises EmbeddingFailed and VectorsUnusable.
        """
        try:
            query: Any = np.mean([self._embedded(one) for one in (text, *others)], axis=0)
            found = (self._nearest or self._compared())(query, k)
        except (EmbeddingFailed, VectorsUnusable):
            self.healthy = False
            raise
        self.healthy = True
        return found

    def hold(self) -> None:
        """Read the rows into memory, if they are not too many. Raises VectorsUnusable."""
        self._size()
        self._compared()

    def _compared(self) -> "Nearest":
        """Choose and keep the search function, which is dropped when the rows change."""
        self.held = self.count() <= EXACT
        self._nearest = self._in_memory().nearest if self.held else self._asked
        return self._nearest

    def _in_memory(self) -> "Held":
        ids: list[str] = []
        rows: list[Any] = []
        for at in range(0, self.count(), READ):
            with as_vectors_unusable():
                page: Any = self.collection.get(limit=READ, offset=at, include=["embeddings"])
            ids += page["ids"]
            rows.append(page["embeddings"])
        return Held(tuple(ids), np.concatenate(rows, dtype=np.float32))

    def _asked(self, query: Any, k: int) -> dict[str, float]:
        with as_vectors_unusable():
            found = self.collection.query(query_embeddings=[query], n_results=k, include=["distances"])
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
            with as_vectors_unusable():
                some: Any = self.collection.get(limit=1, include=["embeddings"])["embeddings"]
            self._dimensions = len(some[0]) if len(some) else 0
        return self._dimensions

    def count(self) -> int:
        """The number of rows in the collection. Raises VectorsUnusable."""
        with as_vectors_unusable():
            return int(self.collection.count())

    def refuse_unsearchable(self) -> None:
        """Raises VectorsUnusable when searching for a stored vector fails."""
        with as_vectors_unusable():
            some: Any = self.collection.get(limit=1, include=["embeddings"])["embeddings"]
            if len(some):
                self.collection.query(query_embeddings=some, n_results=1, include=["distances"])

    def close(self) -> None:
        """Release the client."""
        self._close()


class Held:
    """Rows in memory: ids, and `vectors` of any norm, one per row."""

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
    """The metadata of a row, for external searches with Chroma's filters."""
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
