"""Pure ASGI middleware: cross-origin calls, body limits, and security headers."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import Settings

OWN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Personal pages are not cached by anyone in between; and a form sends its Origin only where the referrer policy of
# its page allows.
NO_STORE = {"Cache-Control": "no-store"}
PRIVATE = NO_STORE | {"Referrer-Policy": "same-origin"}
TRANSPORT = "Strict-Transport-Security"
NUMBER = re.compile("[0-9]{1,15}")
REFUSALS = {
    HTTPStatus.BAD_REQUEST: ("bad_request", "请求的内容无法读取"),
    HTTPStatus.FORBIDDEN: ("origin_not_allowed", "这个网站不能在它的网页里调用本服务"),
    HTTPStatus.REQUEST_TIMEOUT: ("request_timeout", "提交得太慢，请检查网络后再试"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("body_too_large", "提交的内容太大，请缩短后再试"),
    HTTPStatus.TOO_MANY_REQUESTS: ("too_many_connections", "同时打开的连接太多，请过几秒再试"),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: ("headers_too_large", "请求头太大，请清除本站的 Cookie 后再试"),
}


def refusal(status: HTTPStatus) -> Response:
    """The response to a request that never reaches a route."""
    code, message = REFUSALS[status]
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def is_foreign(headers: Headers) -> bool:
    """Whether a form was sent from a page of another site: by Fetch Metadata, or without TLS by Origin (RFC 6454).

    Clients other than browsers send neither, and hold no cookie that another site could abuse.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin is not None and urlsplit(origin).netloc != headers.get("host", "")


def route_path(scope: Scope) -> str:
    """The path within the application, without a proxy's prefix."""
    return str(scope["path"]).removeprefix(scope.get("root_path", "")) or "/"


class SecurityHeaders:
    """Adds the security headers that a response does not set itself; over TLS also HSTS.

    `policy` has a placeholder for the origins that may embed.
    """

    def __init__(self, app: ASGIApp, policy: str, settings: Settings) -> None:
        self._app = app
        ancestors = " ".join(("'self'", *settings.allowed_origins))
        self._headers = HEADERS | {"Content-Security-Policy": policy.format(ancestors=ancestors)}
        self._over_tls = self._headers | {TRANSPORT: f"max-age={settings.hsts_seconds}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        added = self._over_tls if scope["scheme"] == "https" else self._headers

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class Origins:
    """CORS: pages of the listed origins may call, without credentials; others get no headers."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self._allowed = allowed
        self._app = CORSMiddleware(
            app,
            allow_origins=allowed,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Content-Type", "Authorization", "Idempotency-Key"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        app: ASGIApp = self._app
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            origin = Headers(scope=scope).get("origin")
            if origin and origin not in self._allowed:
                app = refusal(HTTPStatus.FORBIDDEN)
        await app(scope, receive, send)


class BodyLimit:
    """Answers 413 to a body that is too large, whether or not its length was declared, and 408 to a slow one.

    The body is read here and passed on whole: an exception raised while a framework reads would become a 400.
    """

    def __init__(self, app: ASGIApp, settings: Settings, most: Callable[[Scope], Awaitable[int]] | None = None) -> None:
        """`most` gives the limit in bytes for a request, where it is not the same for all."""
        self._app, self._usual, self._most = app, settings.max_body_bytes, most
        self._stall, self._whole = settings.body_stall_seconds, settings.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        length = _announced(scope) if scope["type"] == "http" else 0
        if length == 0:
            await self._app(scope, receive, send)
            return
        try:
            most = await self._most(scope) if self._most else self._usual
            body = await self._read(receive, most) if length is None or length <= most else None
        except ClientDisconnect:
            return
        except TimeoutError:
            slow = refusal(HTTPStatus.REQUEST_TIMEOUT)
            slow.headers["Connection"] = "close"
            await slow(scope, receive, send)
            return
        if body is None:
            await refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)(scope, receive, send)
            return
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)

    async def _read(self, receive: Receive, most: int) -> bytes | None:
        """The whole body, or None once it is too large. Raises TimeoutError and ClientDisconnect."""
        body = bytearray()
        end = asyncio.get_running_loop().time() + self._whole
        async with asyncio.timeout_at(end) as clock:
            more = True
            while more:
                clock.reschedule(min(end, asyncio.get_running_loop().time() + self._stall))
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > most:
                    return None
        return bytes(body)


def _announced(scope: Scope) -> int | None:
    """The declared length; 0 where there is no body, None where only reading tells."""
    headers = Headers(scope=scope)
    if "transfer-encoding" in headers:
        return None
    length = headers.get("content-length", "0")
    return int(length) if NUMBER.fullmatch(length) else None
