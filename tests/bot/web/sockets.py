"""Plain sockets against a served application, and an application that keeps them busy."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

PATIENCE = 20.0  # seconds after which a test gives up; the limits under test are far below it
GET = b"GET /{} HTTP/1.1\r\nHost: x\r\n\r\n"
ENDLESS = b"x" * 65536


def get(path: str = "") -> bytes:
    return GET.replace(b"{}", path.encode())


@contextmanager
def connected(address: str, received: int = 0) -> Iterator[socket.socket]:
    """A connection to a served application; `received` makes the buffer for what comes small."""
    with socket.socket() as made:
        made.settimeout(PATIENCE)
        if received:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
        made.connect((urlsplit(address).hostname, urlsplit(address).port))
        yield made


def until_closed(connection: socket.socket) -> bytes:
    """Everything the server says before it closes."""
    said = b""
    try:
        while piece := connection.recv(65536):
            said += piece
    except ConnectionResetError:
        pass
    return said


def reply(connection: socket.socket) -> bytes:
    """One reply that tells its length."""
    said = b""
    while b"\r\n\r\n" not in said:
        said += connection.recv(65536)
    head, _, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def refused(said: bytes) -> tuple[int, str]:
    """The status and the code of a refusal, which must be one whole reply in Chinese."""
    head, _, body = said.partition(b"\r\n\r\n")
    error = json.loads(body)["error"]
    assert any("一" <= letter <= "鿿" for letter in error["message"])
    assert b"connection: close" in head.lower()
    return int(head.split()[1]), error["code"]


def send_until_closed(connection: socket.socket, piece: Callable[[int], bytes]) -> int:
    """Send pieces as long as the server takes them: how many bytes it was offered."""
    offered = 0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        sending = piece(offered)
        try:
            connection.sendall(sending)
        except (ConnectionError, TimeoutError):
            return offered
        offered += len(sending)
    raise AssertionError("the server went on reading")


class Shop:
    """An application with a few ways to keep a connection busy."""

    def __init__(self) -> None:
        self.left = threading.Event()
        names = ("short", "slow", "endless", "large")
        routes = [Route(f"/{name}", getattr(self, name), methods=["GET", "POST"]) for name in names]
        self.app: ASGIApp = Starlette(routes=[Route("/", self.short), *routes])

    async def short(self, request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def slow(self, request: Request) -> Response:
        await asyncio.sleep(1.0)
        return PlainTextResponse("late")

    async def large(self, request: Request) -> Response:
        return PlainTextResponse(ENDLESS * 100)

    async def endless(self, request: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    await asyncio.sleep(0)
                    yield ENDLESS
            finally:
                self.left.set()

        return StreamingResponse(pieces())
