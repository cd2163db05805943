import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from corpus.embed import EmbeddingFailed, EndpointEmbedder, HashingEmbedder
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


class Endpoint(BaseHTTPRequestHandler):
    """An OpenAI-compatible embedding endpoint: two dimensions, the first is the length of the text."""

    asked: ClassVar[list[dict[str, object]]] = []

    def do_POST(self) -> None:
        if "broken" in self.path:
            self.send_error(500)
            return
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, "key": self.headers["Authorization"], **body})
        data = [{"index": i, "embedding": [float(len(t)), 1.0]} for i, t in enumerate(body["input"])]
        reply = json.dumps({"data": data, "model": body["model"], "usage": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()


def test_endpoint_is_asked_for_the_texts_as_they_are(endpoint: str) -> None:
    embedder = EndpointEmbedder(endpoint, "secret", "some-model")
    assert embedder.embed_documents(["长者食堂", "停车位"]) == [[4.0, 1.0], [3.0, 1.0]]
    assert embedder.embed_query("路") == [1.0, 1.0]
    first = Endpoint.asked[0]
    assert (first["path"], first["key"], first["model"]) == ("/v1/embeddings", "Bearer secret", "some-model")
    assert first["input"] == ["长者食堂", "停车位"]


def test_name_tells_endpoints_models_apart(endpoint: str) -> None:
    one, other = (EndpointEmbedder(endpoint, "k", model) for model in ("a", "b"))
    assert one.name != other.name


@pytest.mark.parametrize("tail", ["/broken", ":1/nobody"])
def test_dead_endpoint_fails_with_a_chinese_sentence(endpoint: str, tail: str) -> None:
    address = endpoint + tail if tail == "/broken" else "http://127.0.0.1:1/v1"
    with pytest.raises(EmbeddingFailed, match="向量服务"):
        EndpointEmbedder(address, "k", "m").embed_query("路")
