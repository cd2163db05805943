"""Documents to an index on disk. Idempotent, incremental, resumable.

What is on disk is never trusted further than its fingerprint (the texts, the lexicon, the embedder and the settings
of the index) and the digests of its files. They are written last, so a build that was interrupted is gone on with.
"""

import hashlib
import logging
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from filelock import FileLock
from tqdm import tqdm

from corpus import keywords as bm25
from corpus.corpus import Corpus
from corpus.embed import Embedder, HashingEmbedder
from corpus.encoder import E5Encoder, EncoderUnavailable
from corpus.folder import IndexUnavailable, refuse_unwritable, take, unusable
from corpus.keywords import Keywords
from corpus.seal import Damaged, Seal, is_opened, of_files, set_apart, take_off
from corpus.vectors import HNSW, Vectors, VectorsUnusable

log = logging.getLogger(__name__)
LAYOUT = "3"


@dataclass(frozen=True)
class Index:
    """A corpus and the two searches over it; `close` gives the data folder free for another process."""

    corpus: Corpus
    keywords: Keywords
    vectors: Vectors
    fingerprint: str
    lock: FileLock

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of every passage in the keyword index, by its id."""
        return {p.id: i for i, p in enumerate(self.corpus.passages)}

    def close(self) -> None:
        """Let go of the files and of the lock."""
        self.vectors.close()
        self.lock.release()


def open_index(corpus: Corpus, data_dir: Path, embedder: Embedder | None = None) -> Index:
    """The index of a corpus, built first when it is missing, stale or damaged.

    Raises IndexUnavailable when another process has the folder, or it cannot be written.
    """
    refuse_unwritable(data_dir)
    with ExitStack() as undo:
        lock = take(data_dir)
        undo.callback(lock.release)
        try:
            index = _opened(corpus, data_dir, embedder or builtin_embedder(corpus), lock)
        except OSError as problem:
            raise unusable(data_dir, problem) from problem
        except VectorsUnusable as problem:
            raise IndexUnavailable(
                f"索引建不成（{problem}）。请检查 {data_dir} 的剩余空间，或换一个目录。"
            ) from problem
        undo.pop_all()
        return index


def _opened(corpus: Corpus, data_dir: Path, embedder: Embedder, lock: FileLock) -> Index:
    try:
        return _resumed(corpus, data_dir, embedder, lock)
    except (Damaged, VectorsUnusable) as damage:
        apart = set_apart(data_dir)
        log.warning("索引已损坏（%s），现在重建；损坏的一份移到了 %s，查明原因后可以删去", damage, apart)
    return _resumed(corpus, data_dir, embedder, lock)


def _resumed(corpus: Corpus, data_dir: Path, embedder: Embedder, lock: FileLock) -> Index:
    """The index with what is on disk, as far as it is still right. Raises Damaged and VectorsUnusable."""
    sealed, wanted = take_off(data_dir), _fingerprint(corpus, embedder)
    folder = data_dir / "keywords"
    with ExitStack() as undo:
        vectors = Vectors(data_dir / "chroma", embedder)
        undo.callback(vectors.close)
        vectors.refuse_unsearchable()
        is_opened(data_dir)
        if sealed and sealed.fingerprint == wanted and vectors.count() == len(corpus.rows):
            keywords = Keywords.open(folder)
        else:
            keywords = _build(corpus, folder, vectors)
        Seal(wanted, vectors.count(), of_files(data_dir)).put(data_dir)
        undo.pop_all()
    return Index(corpus, keywords, vectors, wanted, lock)


def builtin_embedder(corpus: Corpus, encoder: E5Encoder | None = None) -> Embedder:
    """The embedder that needs nothing from outside: the sentence encoder; hashed words where it cannot be loaded."""
    try:
        return encoder or E5Encoder()
    except EncoderUnavailable as problem:
        log.warning("no sentence encoder: %s", problem)
        return hashing_embedder(corpus)


def hashing_embedder(corpus: Corpus) -> HashingEmbedder:
    """The embedder that knows words and nothing of their meaning."""
    return HashingEmbedder(corpus.words, lambda folded: [w for m in corpus.lexicon.match(folded) for w in m.official])


def _build(corpus: Corpus, folder: Path, vectors: Vectors) -> Keywords:
    with tqdm(total=len(corpus.rows), desc="建立索引", unit="句", file=sys.stderr) as bar:
        vectors.build(corpus.rows, lambda done: bar.update(done))
    return Keywords.build([corpus.words.tokens(corpus.folded[p.id]) for p in corpus.passages], folder)


def _fingerprint(corpus: Corpus, embedder: Embedder) -> str:
    parts: Sequence[object] = [
        LAYOUT,
        embedder.name,
        sorted(HNSW.items()),
        (bm25.K1, bm25.B),
        corpus.lexicon.digest,
        *((d.id, d.sha256, d.year) for d in corpus.documents.values()),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
