"""Documents to an index on disk. Idempotent, incremental, resumable.

An index on disk is used only if its fingerprint (texts, lexicon, embedder and index settings) and the digests of its
files match. Both are written last, so an interrupted build is resumed. Each index has a folder named after its
fingerprint, so that one can be built while another is in use.
"""

import hashlib
import logging
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from filelock import FileLock

from corpus import tuning
from corpus.chroma import HNSW, VectorsUnusable
from corpus.corpus import Corpus
from corpus.embed import Embedder, EmbeddingFailed, HashingEmbedder
from corpus.encoder import E5Encoder, EncoderUnavailable
from corpus.folder import IndexUnavailable, refuse_unwritable, take, unusable
from corpus.keywords import Keywords
from corpus.seal import CHROMA, KEYWORDS, Damaged, Seal, of_files, reset_tries, set_apart, take_off
from corpus.shared import Server, Shared
from corpus.vectors import Vectors

log = logging.getLogger(__name__)
LAYOUT = "4"
# The folder for indexes in the data folder, and how many characters of its fingerprint name one.
INDEXES, NAMED, PART = "indexes", 16, ".part"


@dataclass(frozen=True)
class Index:
    """A corpus and the two searches over it; the last `close` releases the data folder for another process."""

    corpus: Corpus
    keywords: Keywords
    vectors: Vectors | Shared
    fingerprint: str
    folder: Path
    lock: FileLock

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row number of every passage in the keyword index, by its id."""
        return {p.id: i for i, p in enumerate(self.corpus.passages)}

    @property
    def reached(self) -> bool | None:
        """Whether the Chroma server last responded; None without one."""
        return self.vectors.reached if isinstance(self.vectors, Shared) else None

    def look(self) -> None:
        """Check the Chroma server, if any. Blocks while vectors that it lost are rebuilt."""
        if isinstance(self.vectors, Shared):
            self.vectors.look()

    def close(self) -> None:
        """Release the files and the lock."""
        self.vectors.close()
        self.lock.release()


def open_index(
    corpus: Corpus,
    data_dir: Path,
    embedder: Embedder | None = None,
    beside: Index | None = None,
    server: Server | None = None,
) -> Index:
    """The index of a corpus, built first when it is missing, stale or damaged.

    `beside` is one that this process keeps using meanwhile: the new one starts as a copy of it, and shares its searches
    where the documents are equal. With a `server` the vectors are there and not in the folder; while it is down an
    index opens without them, but none opens beside another. Raises IndexUnavailable when another process has the
    folder, or it cannot be written, and what the embedder raises.
    """
    refuse_unwritable(data_dir)
    embedder = embedder or builtin_embedder(corpus)
    wanted = _fingerprint(corpus, embedder)
    if beside and beside.fingerprint == wanted:
        return replace(beside, corpus=corpus)
    with ExitStack() as undo:
        lock = beside.lock if beside else take(data_dir)
        if beside:
            lock.acquire()
        undo.callback(lock.release)
        try:
            shared = _reached(Shared(server, wanted, corpus.rows, embedder), bool(beside)) if server else None
            if shared:
                undo.callback(shared.close)
            index = _opened(corpus, data_dir / INDEXES, wanted, shared or embedder, lock, beside)
        except OSError as problem:
            raise unusable(data_dir, problem) from problem
        except VectorsUnusable as problem:
            where = f"Chroma 服务器 {server.url}" if server else f"{data_dir} 的剩余空间，或换一个目录"
            raise IndexUnavailable(f"索引建不成（{problem}）。请检查{where}。") from problem
        undo.pop_all()
        return index


def _reached(shared: Shared, needed: bool) -> Shared:
    """The vectors in a server. Raises VectorsUnusable, and what the embedder raises, where vectors are required."""
    try:
        shared.reach() if needed else shared.look()
    except (VectorsUnusable, EmbeddingFailed):
        shared.close()
        raise
    return shared


def _opened(
    corpus: Corpus, indexes: Path, wanted: str, source: Embedder | Shared, lock: FileLock, beside: Index | None
) -> Index:
    folder = indexes / wanted[:NAMED]
    _prepare(folder, beside.folder if beside else None)
    try:
        return _resumed(corpus, folder, wanted, source, lock)
    except (Damaged, VectorsUnusable) as damage:
        apart = set_apart(folder, indexes.parent)
        log.warning("索引已损坏（%s），现在重建；损坏的一份移到了 %s，查明原因后可以删去", damage, apart)
    folder.mkdir()
    return _resumed(corpus, folder, wanted, source, lock)


def _prepare(folder: Path, used: Path | None) -> None:
    """Make the folder of an index, as a copy of the one in use or from the latest: most rows are the same.

    Deletes all other indexes, and unfinished copies.
    """
    for unfinished in folder.parent.glob(f"*{PART}"):
        shutil.rmtree(unfinished)
    others = sorted(folder.parent.glob("*"), key=lambda path: path.stat().st_mtime_ns)
    others = [path for path in others if path not in (folder, used)]
    if not folder.exists() and used:
        shutil.copytree(used, folder.with_suffix(PART)).rename(folder)
    elif not folder.exists() and others:
        others.pop().rename(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for other in others:
        shutil.rmtree(other)


def _resumed(corpus: Corpus, folder: Path, wanted: str, source: Embedder | Shared, lock: FileLock) -> Index:
    """The index, reusing what is on disk as far as it is valid. Raises Damaged and VectorsUnusable.

    `source` embeds the rows, or holds their vectors.
    """
    sealed = take_off(folder)
    same = sealed is not None and sealed.fingerprint == wanted
    with ExitStack() as undo:
        if isinstance(source, Shared):
            vectors: Vectors | Shared = source
            reset_tries(folder)
            shutil.rmtree(folder / CHROMA, ignore_errors=True)
        else:
            vectors = _in_folder(corpus, folder, source, same)
            undo.callback(vectors.close)
        keywords = Keywords.open(folder / KEYWORDS) if same else _keywords(corpus, folder / KEYWORDS)
        Seal(wanted, len(corpus.rows), of_files(folder)).put(folder)
        undo.pop_all()
    return Index(corpus, keywords, vectors, wanted, folder, lock)


def _in_folder(corpus: Corpus, folder: Path, embedder: Embedder, same: bool) -> Vectors:
    """The vectors in the folder, built where they are not the `same`. Raises VectorsUnusable."""
    with ExitStack() as undo:
        vectors = Vectors.in_folder(folder / CHROMA, embedder)
        undo.callback(vectors.close)
        vectors.refuse_unsearchable()
        reset_tries(folder)
        if not same or vectors.count() != len(corpus.rows):
            vectors.build_with_progress(corpus.rows)
        undo.pop_all()
        return vectors


def builtin_embedder(corpus: Corpus, encoder: E5Encoder | None = None) -> Embedder:
    """The offline embedder: the sentence encoder, or hashed words where it cannot be loaded."""
    try:
        return encoder or E5Encoder()
    except EncoderUnavailable as problem:
        log.warning("no sentence encoder: %s", problem)
        return hashing_embedder(corpus)


def hashing_embedder(corpus: Corpus) -> HashingEmbedder:
    """The embedder that compares words, not meaning."""
    return HashingEmbedder(corpus.words, lambda folded: [w for m in corpus.lexicon.match(folded) for w in m.official])


def _keywords(corpus: Corpus, folder: Path) -> Keywords:
    return Keywords.build([corpus.words.tokens(corpus.folded[p.id]) for p in corpus.passages], folder)


def _fingerprint(corpus: Corpus, embedder: Embedder) -> str:
    parts: Sequence[object] = [
        LAYOUT,
        embedder.name,
        sorted(HNSW.items()),
        (tuning.BM25_K1, tuning.BM25_B),
        corpus.lexicon.digest,
        *((d.id, d.sha256, d.year, d.place_names) for d in corpus.documents.values()),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()
