"""The vectors of an endpoint: batches, a rebuild when the model changes, and what happens when it is down."""

from pathlib import Path

import pytest

from corpus import vectors as module
from corpus.build import hashing_embedder
from corpus.corpus import Corpus
from corpus.embed import EmbeddingFailed, EndpointEmbedder
from corpus.rows import Row
from corpus.vectors import Vectors
from tests.endpoint import SIZE, ScriptedEndpoint


def rows(corpus: Corpus) -> tuple[Row, ...]:
    return corpus.rows[:100]


def opened(folder: Path, endpoint: ScriptedEndpoint, model: str) -> Vectors:
    return Vectors.in_folder(folder, EndpointEmbedder(endpoint.base_url, "key", model))


def test_endpoint_embeds_each_passage_once(tmp_path: Path, corpus: Corpus, endpoint: ScriptedEndpoint) -> None:
    vectors = opened(tmp_path, endpoint, "any")
    vectors.build(rows(corpus), lambda _: None)
    before = len(endpoint.requests)
    vectors.build(rows(corpus), lambda _: None)
    assert len(endpoint.requests) == before
    assert vectors.count() == len(rows(corpus))
    assert vectors.search("长者食堂", 3)
    assert vectors.healthy
    vectors.close()


def test_interrupted_build_goes_on_where_it_stopped(tmp_path: Path, corpus: Corpus, endpoint: ScriptedEndpoint) -> None:
    vectors = opened(tmp_path, endpoint, "any")
    vectors.build(rows(corpus)[:10], lambda _: None)
    done: list[int] = []
    vectors.build(rows(corpus), done.append)
    assert done[0] == 10
    vectors.close()


def test_model_that_changes_its_size_is_found_out(tmp_path: Path, corpus: Corpus, endpoint: ScriptedEndpoint) -> None:
    vectors = opened(tmp_path, endpoint, "any")
    vectors.build(rows(corpus), lambda _: None)
    vectors._embedder = EndpointEmbedder(endpoint.base_url, "key", "other-size")
    with pytest.raises(EmbeddingFailed, match="重建"):
        vectors.search("长者食堂", 3)
    assert not vectors.healthy
    vectors.close()


@pytest.mark.parametrize("model", ["ragged", "too-few", "status-500"])
def test_vectors_that_cannot_be_used_are_refused(endpoint: ScriptedEndpoint, model: str) -> None:
    with pytest.raises(EmbeddingFailed):
        EndpointEmbedder(endpoint.base_url, "key", model).embed_documents(["甲", "乙"])


def test_vectors_have_the_size_of_the_endpoint(endpoint: ScriptedEndpoint) -> None:
    assert len(EndpointEmbedder(endpoint.base_url, "key", "any").embed_query("甲")) == SIZE


def test_search_that_waits_for_its_vector_is_not_called_unhealthy(
    tmp_path: Path, corpus: Corpus, endpoint: ScriptedEndpoint
) -> None:
    vectors = opened(tmp_path, endpoint, "any")
    vectors.build(rows(corpus), lambda _: None)
    embed, told = vectors._embedder.embed_query, []
    vectors._embedder.embed_query = lambda text: told.append(vectors.healthy) or embed(text)  # type: ignore[method-assign]
    vectors.search("长者食堂", 3)
    assert told == [True]
    vectors.close()


def test_rows_are_found_alike_whether_they_are_compared_here_or_asked_of_chroma(
    tmp_path: Path, corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = Vectors.in_folder(tmp_path, hashing_embedder(corpus))
    vectors.build(rows(corpus), lambda _: None)
    here = vectors.search("新建长者食堂5个", 100)
    monkeypatch.setattr(module, "EXACT", 0)
    vectors.build(rows(corpus), lambda _: None)
    asked = vectors.search("新建长者食堂5个", 20)
    assert list(here)[:5] == list(asked)[:5]
    assert {row: here[row] for row in asked} == pytest.approx(asked, abs=1e-5)
    vectors.close()


def test_rows_added_later_are_found(tmp_path: Path, corpus: Corpus) -> None:
    vectors = Vectors.in_folder(tmp_path, hashing_embedder(corpus))
    vectors.build(rows(corpus)[:10], lambda _: None)
    assert len(vectors.search("长者食堂", 50)) == 10
    vectors.build(rows(corpus), lambda _: None)
    assert len(vectors.search("长者食堂", 50)) == 50
    vectors.close()
