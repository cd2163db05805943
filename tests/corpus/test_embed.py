from pathlib import Path

import numpy as np
import pytest

from corpus.embed import HashingEmbedder
from corpus.words import Words


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> HashingEmbedder:
    words = Words(tmp_path_factory.mktemp("jieba"))
    return HashingEmbedder(words, lambda text: ["长者食堂"] if "老人饭堂" in text else [])


def test_vectors_have_the_stated_size_and_length_one(embedder: HashingEmbedder) -> None:
    (vector,) = embedder.embed_documents(["新建长者食堂5个"])
    assert len(vector) == 1024
    assert np.linalg.norm(vector) == pytest.approx(1)


def test_empty_text_is_the_zero_vector(embedder: HashingEmbedder) -> None:
    assert not any(embedder.embed_query("??"))


def test_query_is_nearer_to_the_official_words_it_stands_for(embedder: HashingEmbedder) -> None:
    canteen, road = embedder.embed_documents(["新建长者食堂5个", "硬化改造农村道路10公里"])
    query = embedder.embed_query("老人饭堂")
    assert np.dot(query, canteen) > np.dot(query, road) + 0.2


def test_vectors_are_the_same_in_every_process(tmp_path: Path, embedder: HashingEmbedder) -> None:
    again = HashingEmbedder(Words(tmp_path), lambda _: [])
    assert again.embed_documents(["停车位300个"]) == embedder.embed_documents(["停车位300个"])
