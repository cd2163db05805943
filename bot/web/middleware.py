"""Pure ASGI layers round every route: a limit on the size of bodies, and the security headers."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)
# The strictest policy Gradio's page works under: gr.HTML fills its template by eval, components set style attributes
# and bring data: images and fonts. Its inline scripts are let in by their hashes, one by one.
GRADIO = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors {ancestors}"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
INLINE = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
TOO_LARGE = {"error": {"code": "body_too_large", "message": "提交的内容太大，请缩短后再试"}}


def route_path(scope: Scope) -> str:
    """The path within the application, without the prefix a proxy serves it under."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")) or "/"


class SecurityHeaders:
    """Adds the same headers to every response that has none of its own.

    `policy` has a place for the origins that may embed.
    """

    def __init__(self, app: ASGIApp, policy: str, embedders: Sequence[str]) -> None:
        self._app = app
        self._headers = {"Content-Security-Policy": policy.format(ancestors=" ".join(("'self'", *embedders)))}
        self._headers |= HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class HashedScripts:
    """Lets in the inline scripts of each HTML page by their hashes (CSP level 2, section 4.2.5), and no others."""

    def __init__(
        self,
        app: ASGIApp,
        policy: str,
        embedders: Sequence[str],
        reframe: Callable[[str, bytes], bytes] = lambda _, html: html,
    ) -> None:
        """`reframe` may change the page at a path before it is hashed and sent."""
        self._app, self._reframe = app, reframe
        self._policy = policy.replace("{ancestors}", " ".join(("'self'", *embedders)))

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
        headers = MutableHeaders(scope=start)
        headers["Content-Security-Policy"] = self._policy.replace("{hashes}", hashes)
        for name, value in HEADERS.items():
            headers[name] = value
        await send(start)


def _is_html(start: Message) -> bool:
    headers = MutableHeaders(scope=start)
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers


def _hashes(html: bytes) -> str:
    """The sources of a script-src directive for the inline scripts of a page."""
    digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in INLINE.findall(html))
    return "".join(f" 'sha256-{digest}'" for digest in digests)


class BodyLimit:
    """Answers 413 to a body of more than `limit` bytes, whether or not its length was announced.

    The body is read here and handed on whole: an exception raised while the framework reads would become a 400.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await self._read(receive) if _announced(scope) <= self._limit else None
        if body is None:
            await _refuse(send)
            return
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The whole body, or None as soon as it is too large."""
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limit:
                return None
        return bytes(body)


def _announced(scope: Scope) -> int:
    """The announced length; 0 where none, or no number, is announced."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() else 0


async def _refuse(send: Send) -> None:
    body = json.dumps(TOO_LARGE, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
