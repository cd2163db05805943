"""The only user of chromadb: collections in a local folder, or in a shared server; telemetry off."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import chromadb
import httpx
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from corpus import tuning

HNSW: Any = {
    "space": "cosine",
    "ef_construction": tuning.GRAPH_WIDTH,
    "ef_search": tuning.GRAPH_DEPTH,
    "max_neighbors": tuning.GRAPH_NEIGHBOURS,
}
# Timeouts for connecting to a server, and for its responses: the client has none. Requests with many rows may take
# long, as the server inserts them into its graph.
PATIENCE, IN_BULK = httpx.Timeout(10.0, connect=2.0), httpx.Timeout(300.0, connect=2.0)
BULK = ("/upsert", "/get", "/delete")


class VectorsUnusable(Exception):
    """Chroma cannot be used: its files, or its server; the message is Chroma's."""


@contextmanager
def as_vectors_unusable() -> Iterator[None]:
    """Turn errors of Chroma and of the connection to it into VectorsUnusable."""
    try:
        yield
    except (ChromaError, httpx.HTTPError, ValueError) as problem:  # the client turns errors it meets into ValueErrors
        raise VectorsUnusable(" ".join(str(problem).split()) or type(problem).__name__) from problem


def in_folder(folder: Path, name: str) -> tuple[Any, Any]:
    """A client for a folder, and the only collection in it, made if missing. Raises VectorsUnusable."""
    with as_vectors_unusable(), ExitStack() as undo:
        undo.callback(_forget, folder)  # or the next client gets the same broken files from Chroma's cache
        client = chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False, allow_reset=False))
        collection = made_in(client, name)
        for other in others_in(client, name):
            drop(client, other)
        undo.pop_all()
        return client, collection


def _forget(folder: Path) -> None:
    """Drop a folder from Chroma's cache of clients; other folders stay open."""
    SharedSystemClient._identifier_to_system.pop(str(folder), None)
    SharedSystemClient._identifier_to_refcount.pop(str(folder), None)


def in_server(url: str, token: str) -> Any:
    """A client for a server (http://host:8000). Raises VectorsUnusable.

    `token` is for a proxy in front of it that asks for one; Chroma itself asks for none.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with as_vectors_unusable():
        heartbeat = httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", headers=headers, timeout=PATIENCE)
        heartbeat.raise_for_status()
        client: Any = chromadb.HttpClient(
            url.rstrip("/"), headers=headers, settings=Settings(anonymized_telemetry=False)
        )
        session: httpx.Client = client._server._session
        session.timeout = PATIENCE
        session.event_hooks = {"request": [_be_patient], "response": [_refuse_failed]}
        return client


def _be_patient(request: httpx.Request) -> None:
    """Set a longer timeout for a request with many rows."""
    if request.url.path.endswith(BULK):
        request.extensions["timeout"] = IN_BULK.as_dict()


def _refuse_failed(response: httpx.Response) -> None:
    """Raise httpx.HTTPStatusError for a response that is not Chroma's: the client would raise a bare Exception."""
    if response.is_server_error or (response.is_error and "json" not in response.headers.get("content-type", "")):
        response.raise_for_status()


def collection_in(client: Any, name: str) -> Any | None:
    """The collection with a name; None where there is none. Raises VectorsUnusable."""
    with as_vectors_unusable():
        try:
            return client.get_collection(name, embedding_function=None)
        except NotFoundError:
            return None


def made_in(client: Any, name: str, metadata: Mapping[str, str | int] | None = None) -> Any:
    """The collection with a name, made if missing. Raises VectorsUnusable."""
    with as_vectors_unusable():
        return client.get_or_create_collection(
            name, embedding_function=None, configuration={"hnsw": HNSW}, metadata=metadata
        )


def others_in(client: Any, name: str) -> list[Any]:
    """All collections except the one with a name. Raises VectorsUnusable."""
    with as_vectors_unusable():
        return [collection for collection in client.list_collections() if collection.name != name]


def drop(client: Any, collection: Any) -> None:
    """Delete a collection, unless another process already has. Raises VectorsUnusable."""
    with as_vectors_unusable():
        try:
            client.delete_collection(collection.name)
        except NotFoundError:
            return
