"""Vectors in a real Chroma server: made once, read whole, held in memory, found again after a failure."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from filelock import FileLock

from corpus import shared, vectors
from corpus.build import Index, open_index
from corpus.chroma import VectorsUnusable, _refuse_failed, collection_in, in_server, others_in
from corpus.corpus import Corpus
from corpus.embed import EmbeddingFailed
from corpus.folder import IndexUnavailable
from corpus.shared import Server, Shared
from evals import servers
from tests.corpus.test_build import ROWS, WRITTEN, Counting, corpus_of

WORD = "办好第7件事"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    with servers.chroma(tmp_path_factory.mktemp("chroma") / "data") as started:
        yield started


@pytest.fixture
def server(running: servers.Server, tmp_path: Path) -> Iterator[Server]:
    yield Server(running.url, "", lambda: FileLock(tmp_path / "alone"))
    client = in_server(running.url, "")
    for collection in others_in(client, ""):
        client.delete_collection(collection.name)
    client.close()


@pytest.fixture
def small(documents: Path, tmp_path: Path) -> Corpus:
    return corpus_of(documents, tmp_path)


def changed(documents: Path, tmp_path: Path) -> Corpus:
    file = documents / "some-2020" / "a.txt"
    file.write_text(file.read_text(encoding="utf-8").replace("投入7万元", "投入8万元"), encoding="utf-8")
    return corpus_of(documents, tmp_path)


def shared_of(index: Index) -> Shared:
    assert isinstance(index.vectors, Shared)
    return index.vectors


def names(server: Server) -> set[str]:
    client = in_server(server.url, server.token)
    found = {one.name for one in others_in(client, "")}
    client.close()
    return found


def test_vectors_are_made_once_and_found_alike_by_every_replica(small: Corpus, tmp_path: Path, server: Server) -> None:
    embedders = [Counting(small) for _ in range(3)]
    made: list[Index] = []
    opening = [
        threading.Thread(
            target=lambda at=at: made.append(open_index(small, tmp_path / f"{at}", embedders[at], None, server))
        )
        for at in range(2)
    ]
    for one in opening:
        one.start()
    for one in opening:
        one.join()
    assert sorted(embedder.texts for embedder in embedders[:2]) == [0, ROWS]
    alone = open_index(small, tmp_path / "alone-data", embedders[2])
    assert [one.vectors.search(WORD, 20) for one in made] == [
        pytest.approx(alone.vectors.search(WORD, 20), abs=1e-5)
    ] * 2
    assert not list((tmp_path / "0").glob("indexes/*/chroma"))
    for index in (*made, alone):
        index.close()


def test_new_vectors_stand_beside_the_old_and_only_what_changed_is_embedded(
    small: Corpus, documents: Path, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = open_index(small, tmp_path / "a", Counting(small), None, server)
    more = changed(documents, tmp_path)
    counting = Counting(more)
    new = open_index(more, tmp_path / "a", counting, old, server)
    assert counting.texts == 2
    assert len(names(server)) == 2
    assert old.vectors.search(WORD, 3)
    monkeypatch.setattr(shared, "NOTED_SECONDS", 0.0)
    monkeypatch.setattr(shared, "UNUSED_SECONDS", -2.0)
    new.look()
    assert names(server) == {shared_of(new)._name}
    old.close()
    new.close()


def test_half_made_vectors_are_read_by_nobody_and_gone_on_with(small: Corpus, tmp_path: Path, server: Server) -> None:
    with pytest.raises(KeyboardInterrupt):
        open_index(small, tmp_path / "a", Counting(small, fail_after=WRITTEN), None, server)
    client = in_server(server.url, "")
    (name,) = names(server)
    assert "rows" not in collection_in(client, name).metadata
    client.close()
    counting = Counting(small)
    index = open_index(small, tmp_path / "b", counting, None, server)
    assert counting.texts == ROWS - WRITTEN
    assert len(index.vectors.search(WORD, ROWS)) == ROWS
    index.close()


def test_what_is_in_memory_goes_on_while_the_server_is_away(
    small: Corpus, documents: Path, tmp_path: Path, server: Server, running: servers.Server
) -> None:
    index = open_index(small, tmp_path / "a", Counting(small), None, server)
    running.kill()
    try:
        index.look()
        assert (index.reached, index.vectors.healthy) == (False, True)
        assert index.vectors.search(WORD, 3)
        more = changed(documents, tmp_path)
        with pytest.raises(IndexUnavailable, match="Chroma 服务器"):
            open_index(more, tmp_path / "a", Counting(more), index, server)
        without = open_index(small, tmp_path / "b", Counting(small), None, server)
        assert (without.reached, without.vectors.healthy) == (False, False)
        with pytest.raises(VectorsUnusable):
            without.vectors.search(WORD, 3)
    finally:
        running.start()
    for one in (index, without):
        one.look()
        assert (one.reached, one.vectors.healthy) == (True, True)
    assert without.vectors.search(WORD, 3) == index.vectors.search(WORD, 3)
    index.close()
    without.close()


def test_what_is_asked_of_the_server_is_asked_no_more_while_it_is_known_to_be_away(
    small: Corpus, tmp_path: Path, server: Server, running: servers.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "EXACT", 0)
    embedder = Counting(small)
    index = open_index(small, tmp_path / "a", embedder, None, server)
    assert len(index.vectors.search(WORD, 3)) == 3
    running.kill()
    try:
        with pytest.raises(VectorsUnusable):
            index.vectors.search(WORD, 3)
        assert (index.reached, index.vectors.healthy) == (False, False)
        monkeypatch.setattr(embedder, "embed_query", lambda _: pytest.fail("nothing is to be embedded"))
        with pytest.raises(VectorsUnusable):
            index.vectors.search(WORD, 3)
    finally:
        running.start()
    monkeypatch.undo()
    index.look()
    assert len(index.vectors.search(WORD, 3)) == 3
    assert index.vectors.healthy
    index.close()


def test_vectors_that_the_server_lost_are_made_again(small: Corpus, tmp_path: Path, server: Server) -> None:
    embedder = Counting(small)
    index = open_index(small, tmp_path / "a", embedder, None, server)
    client = in_server(server.url, "")
    client.delete_collection(shared_of(index)._name)
    client.close()
    index.look()
    assert (embedder.texts, index.reached) == (2 * ROWS, True)
    assert len(index.vectors.search(WORD, 3)) == 3
    index.close()


def test_embedder_that_fails_leaves_a_start_without_vectors_and_is_tried_again(
    small: Corpus, tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = Counting(small)

    def down(_: object) -> list[list[float]]:
        raise EmbeddingFailed("down")

    with monkeypatch.context() as patch:
        patch.setattr(embedder, "embed_documents", down)
        index = open_index(small, tmp_path / "a", embedder, None, server)
        assert not index.vectors.healthy
    index.look()
    assert index.vectors.healthy
    index.close()


def test_whoever_cannot_be_alone_makes_nothing(small: Corpus, tmp_path: Path, server: Server) -> None:
    class Unknown:
        def __enter__(self) -> None:
            raise VectorsUnusable("nobody knows")

        def __exit__(self, *_: object) -> None:
            pytest.fail("was never entered")

    index = open_index(small, tmp_path / "a", Counting(small), None, replace(server, alone=Unknown))
    assert (index.reached, names(server)) == (False, set())
    index.close()


@pytest.mark.parametrize(
    ("status", "kind", "refused"),
    [
        (502, "text/html", True),
        (404, "text/html", True),
        (500, "application/json", True),
        (404, "application/json", False),
    ],
)
def test_what_is_no_answer_of_chroma_is_refused(status: int, kind: str, refused: bool) -> None:
    request = httpx.Request("GET", "http://chroma")
    response = httpx.Response(status, headers={"content-type": kind}, request=request)
    if refused:
        with pytest.raises(httpx.HTTPStatusError):
            _refuse_failed(response)
    else:
        _refuse_failed(response)


def test_server_that_does_not_answer_is_unusable_and_says_why() -> None:
    with pytest.raises(VectorsUnusable, match="refused"):
        in_server("http://127.0.0.1:1", "")
