"""Rate limits per client or API key: on questions, sign-ins, complaints, and requests in total.

All but the last are counted in memory, or in Redis where several processes serve; the last in each process.
"""

import logging
import math
import time
from collections import Counter
from collections.abc import Iterator

from limits import parse
from limits.aio.storage import Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.errors import Unauthorized
from bot.running import keys
from bot.settings import Settings
from bot.web.doors.addresses import Networks, one_client
from bot.web.doors.middleware import route_path
from bot.web.errors import error_response
from bot.web.services import Services

log = logging.getLogger(__name__)
ASKING = ("/api/ask", "/api/feedback", "/turn", "/lite", "/v1/chat", "/mcp")
SIGN_IN, COMPLAINTS = "/sign-in", "/complaints"
MEMORY = "memory"
TOO_OFTEN = "提问太频繁了，请过{seconds}秒再试；着急的事可以拨打{phone}"
TOO_MANY = "访问太频繁了，请过{seconds}秒再试；着急的事可以拨打{phone}"
UNKNOWN_KEY = "没有这个 API 密钥，请检查 Authorization 请求头"


class Tally:
    """Counts one kind of request per client: in the storage, or in this process where there is none or it is down.

    In this process windows are fixed and forgotten when over, so that many clients cost no more per request than one.
    """

    def __init__(self, name: str, rate: str, said: str, storage: Storage | None = None) -> None:
        self.said = said
        self._name, self._rate = name, parse(rate)
        self._shared = SlidingWindowCounterRateLimiter(storage) if storage else None
        self._end, self._counts = 0.0, Counter[str]()

    async def wait(self, who: str) -> int | None:
        """Seconds until one more is allowed; None when this one is."""
        if self._shared:
            try:
                return await self._wait_shared(self._shared, f"{self._name}:{who}")
            except StorageError as problem:
                log.warning("rate limits are counted in memory: %s", problem)
        now = time.monotonic()
        if now >= self._end:
            self._end, self._counts = now + self._rate.get_expiry(), Counter()
        self._counts[who] += 1
        return None if self._counts[who] <= self._rate.amount else max(1, math.ceil(self._end - now))

    async def _wait_shared(self, limiter: SlidingWindowCounterRateLimiter, who: str) -> int | None:
        if await limiter.hit(self._rate, who):
            return None
        window = await limiter.get_window_stats(self._rate, who)
        return max(1, math.ceil(window.reset_time - time.time()))


class RateLimit:
    """Answers 429 over the limit, 401 to an unknown key. Addresses in `rate_exempt` are never counted."""

    def __init__(self, app: ASGIApp, settings: Settings, services: Services) -> None:
        self._app, self._keys, self._services = app, settings.api_keys, services
        storage = _storage(settings.rate_storage)
        self._all = Tally("all", settings.rate_all, TOO_MANY)
        self._sign_in = Tally("sign-in", settings.rate_sign_in, TOO_MANY, storage)
        self._complaints = Tally("complaints", settings.rate_complaints, TOO_MANY, storage)
        self._public = Tally("address", settings.rate_public, TOO_OFTEN, storage)
        self._keyed = Tally("key", settings.rate_key, TOO_OFTEN, storage)
        self._exempt = Networks(settings.rate_exempt)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        app = self._app
        if scope["type"] == "http":
            app = await self._refusal(Request(scope)) or app
        await app(scope, receive, send)

    async def _refusal(self, request: Request) -> ASGIApp | None:
        """The refusal, or None when the request may proceed."""
        asks = _asks(request.scope)
        name, known = self._owner(request) if asks else ("", True)
        if not known:
            return error_response(self._services, request, 401, Unauthorized.code, UNKNOWN_KEY)
        for tally, who in self._counted(request, asks, name):
            seconds = await tally.wait(who)
            if seconds is not None:
                said = tally.said.format(seconds=seconds, phone=self._phone())
                return error_response(self._services, request, 429, "rate_limited", said, str(seconds))
        return None

    def _owner(self, request: Request) -> tuple[str, bool]:
        """The owner of the API key sent with a request, empty without one; and whether the key is known."""
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if not key or not self._keys:
            return "", True
        name = keys.owner(key, self._keys) if scheme.lower() == "bearer" else None
        return name or "", name is not None

    def _counted(self, request: Request, asks: bool, name: str) -> Iterator[tuple[Tally, str]]:
        """The client that a request counts for: its key's owner, or else its address."""
        host = request.client.host if request.client else ""
        if name:
            yield self._keyed, name
        elif host not in self._exempt:
            yield self._all, one_client(host)
            if asks:
                yield self._public, one_client(host)
            elif request.method == "POST" and route_path(request.scope) == SIGN_IN:
                yield self._sign_in, one_client(host)
            elif request.method == "POST" and route_path(request.scope) == COMPLAINTS:
                yield self._complaints, one_client(host)

    def _phone(self) -> str:
        return self._services.bot.site.hotline.phone if self._services.bot else ""


def _asks(scope: Scope) -> bool:
    """Whether a request asks for an answer or a search; so does the light page with a question in its URL."""
    path = route_path(scope)
    if path.startswith(ASKING) and scope["method"] == "POST":
        return True
    return path == "/api/search" or (path == "/lite" and "q" in QueryParams(scope["query_string"]))


def _storage(url: str) -> Storage | None:
    """The storage shared by processes; None where each counts alone."""
    scheme = url.split(":", 1)[0]
    if scheme == MEMORY:
        return None
    options = {"implementation": "redispy"} if scheme.startswith("redis") else {}
    made = storage_from_string(f"async+{url}", wrap_exceptions=True, **options)
    assert isinstance(made, Storage)
    return made
