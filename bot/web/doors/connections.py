"""Uvicorn's HTTP protocol with per-connection limits that it would leave to a proxy in front."""

import asyncio
from collections import defaultdict
from functools import cache
from http import HTTPStatus
from itertools import chain
from typing import ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bot.settings import Settings
from bot.web.doors import access
from bot.web.doors.addresses import Networks, one_client
from bot.web.doors.middleware import refusal

EVERY_SECONDS = 1.0
MOST_PIPELINED = 16
UNWANTED_BYTES = 256 * 1024  # read of a refused body, so that a client that sent slightly too much gets the refusal
LOCAL = ""


def bounded(settings: Settings) -> type["Connection"]:
    """The protocol for a server with these settings, for `uvicorn.Config`."""
    return type("BoundedConnection", (Connection,), {"room": Room(settings)})


class Room:
    """All open connections of a server, by client, with the limit on each client and the task that checks them."""

    def __init__(self, settings: Settings) -> None:
        self.head_bytes = settings.max_head_bytes
        self.request_bytes = settings.max_head_bytes + settings.max_body_bytes + UNWANTED_BYTES
        self.head_seconds, self.reader_seconds = settings.head_seconds, settings.reader_seconds
        self._most = settings.connections_per_address, settings.connections_per_proxy
        self._proxies = Networks((*settings.rate_exempt, *settings.trusted_proxies.split(",")))
        self._open: defaultdict[str, set[Connection]] = defaultdict(set)
        self._looking = False

    def enter(self, connection: "Connection") -> bool:
        """Add a connection; False when its client is over the limit."""
        if not self._looking:
            self._look_later(connection.loop)
        mine = self._open[one_client(connection.host)]
        mine.add(connection)
        trusted = connection.host == LOCAL or connection.host in self._proxies
        return len(mine) <= self._most[trusted]

    def leave(self, connection: "Connection") -> None:
        """Remove a connection."""
        client = one_client(connection.host)
        self._open[client].discard(connection)
        if not self._open[client]:
            del self._open[client]

    def _look_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self._looking = True
        loop.call_later(min(EVERY_SECONDS, self.head_seconds / 4, self.reader_seconds / 4), self._look_after, loop)

    def _look_after(self, loop: asyncio.AbstractEventLoop) -> None:
        for connection in list(chain.from_iterable(self._open.values())):
            connection.hurry(loop.time())
        self._looking = False
        if self._open:
            self._look_later(loop)


class Connection(HttpToolsProtocol):
    """Refuses heads that are too large or slow, and too many connections of a client; drops clients that do not read.

    A timer per request would cost more than the request, so the room checks all connections once a second.
    """

    room: ClassVar[Room]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Register, and wait for a head."""
        super().connection_made(transport)
        self.host = self.client[0] if self.client else LOCAL
        self._due: float | None = self.loop.time() + self.room.head_seconds
        self._unread_since: float | None = None
        self._received = self._arrived = 0
        self._problem = HTTPStatus.BAD_REQUEST
        if not self.room.enter(self):
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Unregister."""
        super().connection_lost(exc)
        self.room.leave(self)

    def data_received(self, data: bytes) -> None:
        """Parse the data. The keep-alive timer runs until a request begins: bytes alone do not stop it."""
        if self.transport.is_closing():
            return
        self._arrived = len(data)
        self._received += self._arrived
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # no upgrade is supported: the request is served as plain HTTP
        except httptools.HttpParserError:
            self._refuse(self._problem)
            return
        if self._due is not None and self._received > self.room.head_bytes:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._received > self.room.request_bytes:
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins: its head is due soon."""
        super().on_message_begin()
        self._unset_keepalive_if_required()
        self._received = self._arrived
        if self._due is None:
            self._due = self.loop.time() + self.room.head_seconds

    def on_headers_complete(self) -> None:
        """Serve the request. The parser reports exceptions raised here as its own."""
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > self.room.head_bytes:
            self._problem = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise ValueError
        if len(self.pipeline) >= MOST_PIPELINED:
            raise ValueError
        self._due = None
        super().on_headers_complete()

    def resume_writing(self) -> None:
        """The client has drained the write buffer."""
        super().resume_writing()
        self._unread_since = None

    def hurry(self, now: float) -> None:
        """Refuse an overdue head; drop a client that has read nothing for too long."""
        if self._due is not None and now > self._due and not self._answering:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        if not self.transport.get_write_buffer_size():
            self._unread_since = None
        elif self._unread_since is None:
            self._unread_since = now
        elif now - self._unread_since > self.room.reader_seconds:
            self.transport.abort()

    @property
    def _answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _refuse(self, status: HTTPStatus) -> None:
        """Send the refusal, unless another response has begun, and close."""
        self._due = None
        if not self._answering:
            self.transport.write(_said(status))
        self.transport.close()
        access.refused(self.client, status)


@cache
def _said(status: HTTPStatus) -> bytes:
    """A refusal as bytes."""
    reply = refusal(status)
    headers = (b"%s: %s\r\n" % header for header in (*reply.raw_headers, (b"connection", b"close")))
    return b"".join((STATUS_LINE[status], *headers, b"\r\n", bytes(reply.body)))
