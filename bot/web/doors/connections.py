"""What one connection may do. Uvicorn's protocol, with the bounds that it leaves to a proxy in front."""

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
UNWANTED_BYTES = 256 * 1024  # of a body that is refused already: whoever sends a little too much is to read the refusal
LOCAL = ""


def bounded(settings: Settings) -> type["Connection"]:
    """The protocol of a server with these settings, as `uvicorn.Config` takes it."""
    return type("BoundedConnection", (Connection,), {"room": Room(settings)})


class Room:
    """All open connections of a server, by client: how many each may have, and who looks after them."""

    def __init__(self, settings: Settings) -> None:
        self.head_bytes = settings.max_head_bytes
        self.request_bytes = settings.max_head_bytes + settings.max_body_bytes + UNWANTED_BYTES
        self.head_seconds, self.reader_seconds = settings.head_seconds, settings.reader_seconds
        self._most = settings.connections_per_address, settings.connections_per_proxy
        self._proxies = Networks((*settings.rate_exempt, *settings.trusted_proxies.split(",")))
        self._open: defaultdict[str, set[Connection]] = defaultdict(set)
        self._looking = False

    def enter(self, connection: "Connection") -> bool:
        """Take a connection in; whether its client had a place left."""
        if not self._looking:
            self._look_later(connection.loop)
        mine = self._open[one_client(connection.host)]
        mine.add(connection)
        trusted = connection.host == LOCAL or connection.host in self._proxies
        return len(mine) <= self._most[trusted]

    def leave(self, connection: "Connection") -> None:
        """Give its place back."""
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
    """Refuses heads that are too large or too slow, and too many connections of one client; leaves who does not read.

    A timer for each request would cost more than the request: the room looks after all connections once a second.
    """

    room: ClassVar[Room]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place, and wait for a head."""
        super().connection_made(transport)
        self.host = self.client[0] if self.client else LOCAL
        self._due: float | None = self.loop.time() + self.room.head_seconds
        self._unread_since: float | None = None
        self._received = self._arrived = 0
        self._problem = HTTPStatus.BAD_REQUEST
        if not self.room.enter(self):
            self._refuse(HTTPStatus.TOO_MANY_REQUESTS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        super().connection_lost(exc)
        self.room.leave(self)

    def data_received(self, data: bytes) -> None:
        """Parse what came. The keep-alive timer goes on until a request begins: bytes alone do not stop it."""
        if self.transport.is_closing():
            return
        self._arrived = len(data)
        self._received += self._arrived
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # no other protocol is spoken here: the request is served as it is
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
        """Serve the request. What is raised here the parser tells as an error of its own."""
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > self.room.head_bytes:
            self._problem = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise ValueError
        if len(self.pipeline) >= MOST_PIPELINED:
            raise ValueError
        self._due = None
        super().on_headers_complete()

    def resume_writing(self) -> None:
        """The client has read a good deal."""
        super().resume_writing()
        self._unread_since = None

    def hurry(self, now: float) -> None:
        """Refuse a head that is overdue; leave a client that has read nothing for too long."""
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
        """Say why, where no other reply is on its way, and close."""
        self._due = None
        if not self._answering:
            self.transport.write(_said(status))
        self.transport.close()
        access.refused(self.client, status)


@cache
def _said(status: HTTPStatus) -> bytes:
    """A refusal as it is sent."""
    reply = refusal(status)
    headers = (b"%s: %s\r\n" % header for header in (*reply.raw_headers, (b"connection", b"close")))
    return b"".join((STATUS_LINE[status], *headers, b"\r\n", bytes(reply.body)))
