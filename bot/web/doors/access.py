"""The access log, a line per request: no text, no query, of an address only its network."""

import logging
import secrets
import time
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.watching.tracing import REQUEST, Span, span
from bot.web.doors.addresses import shortened

log = logging.getLogger(__name__)
request_id: ContextVar[str] = ContextVar("request_id", default="-")
HEADER = "X-Request-Id"
# The fields of a line, in order.
FIELDS = ("client", "method", "route", "status", "milliseconds", "request_id", "answer_id")
GONE = 499  # no response: the client disconnected first


@dataclass(slots=True)
class Entry:
    """The log entry of a request; unknown fields are `-`."""

    method: str = "-"
    route: str = "-"
    status: int = GONE
    took: float = 0.0
    number: str = "-"
    answer_id: str = "-"


_entry: ContextVar[Entry | None] = ContextVar("entry", default=None)


class Access:
    """Gives every request an id, returns it in the response, and writes its line at the end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, root = time.perf_counter(), scope.get("root_path", "")
        entry = Entry(scope["method"], number=secrets.token_hex(8))
        request_id.set(entry.number)
        _entry.set(entry)

        async def send_numbered(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
                MutableHeaders(scope=message)[HEADER] = entry.number
            await send(message)

        with span(entry.method, REQUEST) as traced:
            try:
                await self._app(scope, receive, send_numbered)
            finally:
                entry.route, entry.took = route_of(scope, root), time.perf_counter() - begun
                _write(scope.get("client"), entry)
                _trace(traced, entry)


def _trace(traced: Span, entry: Entry) -> None:
    """Add to the span of a request what its log line has, except the client."""
    traced.update_name(f"{entry.method} {entry.route}")
    traced.set_attributes(
        {
            "http.request.method": entry.method,
            "http.route": entry.route,
            "http.response.status_code": entry.status,
            "wenzheng.request_id": entry.number,
            "wenzheng.answer_id": entry.answer_id,
        }
    )


def answered(answer_id: str) -> None:
    """Note the id of the answer given to the current request."""
    entry = _entry.get()
    if entry:
        entry.answer_id = answer_id


def refused(client: tuple[str, int] | None, status: int) -> None:
    """Log a request that was refused before it was parsed."""
    _write(client, Entry(status=status))


def route_of(scope: Scope, root: str) -> str:
    """The route template that served a request; `-` where there is none.

    `root` is the path prefix of the service.
    """
    path = getattr(scope.get("route"), "path", None)
    if path is not None:
        return str(path)
    if "endpoint" not in scope:
        return "-"
    mounted = scope.get("root_path", "").removeprefix(root)
    return f"{mounted}/{{path}}" if mounted else str(scope["path"]).removeprefix(root)


def _write(client: tuple[str, int] | None, entry: Entry) -> None:
    host = client[0] if client else ""
    told = entry.method, entry.route, entry.status, round(entry.took * 1000, 1), entry.number, entry.answer_id
    log.info("%s %s %s %d %.1f %s %s", shortened(host), *told)
