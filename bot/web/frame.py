"""Gradio's frame round the pages at `/` and `/desk`: what of Gradio is open, what it is told, what its pages may do.

The pages use neither its queue nor its uploads, streams or configuration: nothing but the files below exists.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.doors.middleware import route_path
from bot.web.services import Services

FILES = ("/assets/{name}", "/static/js/iframeResizer.contentWindow.min.js", "/theme.css", "/favicon.ico")
# The strictest policy Gradio's page works under: gr.HTML fills its template by eval, components set style attributes
# and bring data: images and fonts. Its inline scripts are let in by their hashes, one by one.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors {ancestors}"
)
PACKED = ("br", "gzip")
Key = tuple[str, str]  # path and packing
INLINE = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


class Framed(Response):
    """Gradio's reply, sent for a route of ours, so that the same layers stand before it."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application. Raises NotReady."""
        await self._services.use_frame(_told(scope), receive, send)


class File(Framed):
    """A file of Gradio's. None ever changes, and packing one takes up to a tenth of a second: each is packed once."""

    def __init__(self, services: Services, packed: dict[Key, list[Message]]) -> None:
        """`packed` is shared by all files; there are about 10 MB of them."""
        super().__init__(services)
        self._packed = packed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application. Raises NotReady."""
        key = route_path(scope), _packing(scope)
        messages = self._packed.get(key, [])
        if not messages:

            async def hold(message: Message) -> None:
                messages.append(message)

            await super().__call__(scope, receive, hold)
            if "content-encoding" in MutableHeaders(scope=messages[0]):
                self._packed[key] = messages
        for message in messages:
            await send(dict(message))


def router(services: Services, starting: str, light: Callable[[Request], Response]) -> APIRouter:
    """The routes. Until Gradio's page is made the `light` one stands in for it; until that one can, `starting` does."""
    made = APIRouter(include_in_schema=False)
    packed: dict[Key, list[Message]] = {}

    @made.api_route("/", methods=["GET", "HEAD"])
    async def page(request: Request) -> Response:
        if services.frame:
            return Framed(services)
        if services.bot:
            return light(request)
        return HTMLResponse(starting, status_code=503, headers={"Retry-After": "2"})

    async def file() -> Response:
        return File(services, packed)

    for path in FILES:
        made.add_api_route(path, file)
    return made


class HashedScripts:
    """Lets in the inline scripts of each HTML page by their hashes (CSP level 2, section 4.2.5), and no others."""

    def __init__(
        self, app: ASGIApp, embedders: Sequence[str], reframe: Callable[[str, bytes], bytes] = lambda _, html: html
    ) -> None:
        """`reframe` may change the page at a path before it is hashed and sent."""
        self._app, self._reframe = app, reframe
        self._policy = POLICY.replace("{ancestors}", " ".join(("'self'", *embedders)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message = {}
        held = bytearray()

        async def send_hashed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                if not _is_html(start):
                    await self._begin(send, start, "")
                return
            if not _is_html(start):
                await send(message)
                return
            held.extend(message.get("body", b""))
            if not message.get("more_body", False):
                body = self._reframe(route_path(scope), bytes(held))
                MutableHeaders(scope=start)["content-length"] = str(len(body))
                await self._begin(send, start, _hashes(body))
                await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, send_hashed)

    async def _begin(self, send: Send, start: Message, hashes: str) -> None:
        MutableHeaders(scope=start)["Content-Security-Policy"] = self._policy.replace("{hashes}", hashes)
        await send(start)


def _told(scope: Scope) -> Scope:
    """What Gradio is told of a request: no query, no origin, no cookie, nothing that a client claims of itself."""
    host = Headers(scope=scope).get("host", "")
    headers = [(b"host", host.encode("latin-1")), (b"accept-encoding", _packing(scope).encode())]
    known = ("type", "asgi", "http_version", "method", "scheme", "path", "raw_path", "root_path", "client", "server")
    return {name: scope[name] for name in known if name in scope} | {"query_string": b"", "headers": headers}


def _packing(scope: Scope) -> str:
    """The best way of packing that a client understands; empty for none."""
    understood = Headers(scope=scope).get("accept-encoding", "")
    return next((way for way in PACKED if way in understood), "")


def _is_html(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers


def _hashes(html: bytes) -> str:
    """The sources of a script-src directive for the inline scripts of a page."""
    digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in INLINE.findall(html))
    return "".join(f" 'sha256-{digest}'" for digest in digests)
