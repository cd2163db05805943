"""How often one address, or one API key, may ask. Counted in memory, or in Redis where several processes serve."""

import logging
import math
import time
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from limits import parse
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot import keys
from bot.errors import Unauthorized
from bot.settings import Settings
from bot.web.errors import error_response
from bot.web.middleware import route_path
from bot.web.opened import Opened

log = logging.getLogger(__name__)
LIMITED = ("/api/ask", "/api/feedback", "/api/search", "/turn", "/lite", "/v1/chat", "/mcp", "/sign-in")
TOO_OFTEN = "提问太频繁了，请过{seconds}秒再试；着急的事可以拨打{phone}"
UNKNOWN_KEY = "没有这个 API 密钥，请检查 Authorization 请求头"
Network = IPv4Network | IPv6Network


class RateLimit:
    """Answers 429 to who asks too often, 401 to a key nobody has. Addresses in `rate_exempt` are never counted."""

    def __init__(self, app: ASGIApp, settings: Settings, opened: Opened) -> None:
        self._app, self._settings, self._opened = app, settings, opened
        self._public, self._keyed = parse(settings.rate_public), parse(settings.rate_key)
        self._exempt: Sequence[Network] = [ip_network(n) for n in settings.rate_exempt]
        self._spare = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._limiter = SlidingWindowCounterRateLimiter(_storage(settings.rate_storage))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        app = self._app
        if scope["type"] == "http" and _asks(scope):
            app = await self._refusal(Request(scope)) or app
        await app(scope, receive, send)

    async def _refusal(self, request: Request) -> ASGIApp | None:
        """The reply instead of the application's; None when it may go on."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        name = keys.owner(key, self._settings.api_keys) if key and scheme.lower() == "bearer" else None
        if key and self._settings.api_keys and name is None:
            return error_response(self._opened, request, 401, Unauthorized.code, UNKNOWN_KEY)
        host = request.client.host if request.client else ""
        if name is None and self._is_exempt(host):
            return None
        seconds = await self._wait(name, host)
        if seconds is None:
            return None
        said = TOO_OFTEN.format(seconds=seconds, phone=self._phone())
        return error_response(self._opened, request, 429, "rate_limited", said, str(seconds))

    async def _wait(self, name: str | None, host: str) -> int | None:
        """Seconds until one more is allowed; None when this one is."""
        item, who = (self._keyed, f"key:{name}") if name else (self._public, f"address:{host}")
        try:
            limiter = self._limiter
            allowed = await limiter.hit(item, who)
        except StorageError as problem:
            log.warning("rate limits are counted in memory: %s", problem)
            limiter = self._spare
            allowed = await limiter.hit(item, who)
        if allowed:
            return None
        window = await limiter.get_window_stats(item, who)
        return max(1, math.ceil(window.reset_time - time.time()))

    def _is_exempt(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._exempt)

    def _phone(self) -> str:
        return self._opened.bot.site.hotline.phone if self._opened.bot else ""


def _asks(scope: Scope) -> bool:
    path = route_path(scope)
    return path.startswith(LIMITED) and (scope["method"] == "POST" or path == "/api/search")


def _storage(url: str) -> Storage:
    scheme = url.split(":", 1)[0]
    options = {"implementation": "redispy"} if scheme.startswith("redis") else {}
    made = storage_from_string(f"async+{url}", wrap_exceptions=True, **options)
    assert isinstance(made, Storage)
    return made
