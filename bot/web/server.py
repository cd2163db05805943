"""One ASGI application over the interface and the pages. It answers while Gradio's page is being made."""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import cached_property
from typing import Any

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.errors import BotError, NotReady
from bot.pipeline import Bot
from bot.records.store import Records
from bot.settings import Settings
from bot.web import feedback, pages, turns
from bot.web.api import STARTING, build_app
from bot.web.gate import Gate
from bot.web.middleware import SecurityHeaders
from bot.web.views import Views, starting_page
from bot.wording import read_yaml

log = logging.getLogger(__name__)
GRADIO_PATHS = (
    "/gradio_api/",
    "/assets/",
    "/static/",
    "/svelte/",
    "/theme.css",
    "/config",
    "/favicon.ico",
    "/custom_component/",
)


class Front:
    """Opens the bot when the server starts, then builds the page in the background."""

    def __init__(self, settings: Settings, stop: Callable[[], None]) -> None:
        """`stop` ends the server; it is called when the bot or the page cannot be opened (`failed` is then True)."""
        self.settings = settings
        self.bot: Bot | None = None
        self.failed = False
        self._stop = stop
        self._page: ASGIApp | None = None
        self._records = Records.open(settings.records_url, read_yaml(settings.prompts_dir / "page.yaml")["not_kept"])
        self._app = build_app(lambda: self.bot, lambda: self._page is not None, settings.max_body_bytes)
        gate = Gate(settings.answers_at_once, settings.answers_waiting)
        for router in (
            pages.router(self.views),
            turns.router(self.views, gate),
            feedback.router(self._records, lambda: self.views().bot.meter),
        ):
            self._app.include_router(router)
        self._starting = SecurityHeaders(
            HTMLResponse(starting_page(settings), status_code=503, headers={"Retry-After": "2"})
        )
        self._stack = AsyncExitStack()

    def views(self) -> Views:
        """The pages over the open bot. Raises NotReady."""
        if self.bot is None:
            raise NotReady(STARTING)
        return self._views

    @cached_property
    def _views(self) -> Views:
        assert self.bot
        return Views(self.bot)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["path"] == "/" or scope["path"].startswith(GRADIO_PATHS):
            await (self._page or self._starting)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        opening = asyncio.create_task(self._open())
        opening.add_done_callback(self._opened)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.gather(opening, return_exceptions=True)
        await self._stack.aclose()
        self._records.close()
        if self.bot:
            self.bot.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _open(self) -> None:
        address = f"http://{self.settings.host}:{self.settings.port}"
        self.bot = await asyncio.to_thread(_open_warm, self.settings)
        print(f"接口就绪：{address}/api/ask", flush=True)
        self._page = await self._mount_page()
        print(f"网页就绪：{address}  按 Ctrl+C 停止", flush=True)

    def _opened(self, opening: asyncio.Task[None]) -> None:
        problem = None if opening.cancelled() else opening.exception()
        if problem:
            self.failed = True
            log.error("cannot open", exc_info=None if isinstance(problem, BotError) else problem)
            print(str(problem), file=sys.stderr, flush=True)
            self._stop()

    async def _mount_page(self) -> ASGIApp:
        host: Any = await asyncio.to_thread(_page_app, self.views())
        await self._stack.enter_async_context(host.router.lifespan_context(host))
        return SecurityHeaders(host)


def _open_warm(settings: Settings) -> Bot:
    """The open bot, its dictionaries loaded by a first search, so that the first resident does not wait for them."""
    bot = Bot.open(settings)
    bot.hits(bot.site.examples[0].question)
    return bot


def _page_app(views: Views) -> Any:
    """A FastAPI application with the Gradio page at its root. Slow: it imports Gradio."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio as gr
    from fastapi import FastAPI

    from bot.web.page import appearance, build

    host = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    return gr.mount_gradio_app(host, build(views), path="/", **appearance(views))
