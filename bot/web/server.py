"""One ASGI application over the interface and the page. The interface answers while the page is being made."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.errors import BotError
from bot.pipeline import Bot
from bot.settings import Settings
from bot.web.api import build_app
from bot.web.middleware import SecurityHeaders
from bot.web.page import Page

log = logging.getLogger(__name__)
API_PATHS = ("/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")


class Front:
    """Opens the bot when the server starts, then builds the page in the background."""

    def __init__(self, settings: Settings, stop: Callable[[], None]) -> None:
        """`stop` ends the server; it is called when the bot or the page cannot be opened (`failed` is then True)."""
        self.settings = settings
        self.bot: Bot | None = None
        self.failed = False
        self._stop = stop
        self._page: ASGIApp | None = None
        self._api = build_app(lambda: self.bot, lambda: self._page is not None, settings.max_body_bytes)
        self._starting = SecurityHeaders(
            HTMLResponse(Page.starting(settings), status_code=503, headers={"Retry-After": "2"})
        )
        self._stack = AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["path"].startswith(API_PATHS):
            await self._api(scope, receive, send)
        else:
            await (self._page or self._starting)(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        opening = asyncio.create_task(self._open())
        opening.add_done_callback(self._opened)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.gather(opening, return_exceptions=True)
        await self._stack.aclose()
        if self.bot:
            self.bot.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self) -> None:
        address = f"http://{self.settings.host}:{self.settings.port}"
        self.bot = await asyncio.to_thread(Bot.open, self.settings)
        print(f"接口就绪：{address}/api/ask", flush=True)
        self._page = await self._mount_page(self.bot)
        print(f"网页就绪：{address}  按 Ctrl+C 停止", flush=True)

    def _opened(self, opening: asyncio.Task[None]) -> None:
        problem = None if opening.cancelled() else opening.exception()
        if problem:
            self.failed = True
            log.error("cannot open", exc_info=None if isinstance(problem, BotError) else problem)
            print(str(problem), file=sys.stderr, flush=True)
            self._stop()

    async def _mount_page(self, bot: Bot) -> ASGIApp:
        host: Any = await asyncio.to_thread(_page_app, bot)
        await self._stack.enter_async_context(host.router.lifespan_context(host))
        return SecurityHeaders(host)


def _page_app(bot: Bot) -> Any:
    """A FastAPI application with the Gradio page at its root. Slow: it imports Gradio."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio as gr
    from fastapi import FastAPI

    from bot.web.page import appearance, build

    host = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    return gr.mount_gradio_app(host, build(bot), path="/", **appearance())
