"""One ASGI application over the interface and the pages. It serves requests while Gradio's page is being built.

Changes of the documents folder take effect while it serves (docs/decisions/0017-documents-while-running.md).
"""

import asyncio
import logging
import os
import socket
import sys
import warnings
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.desk.search import Desk
from bot.errors import BotError, NotKept
from bot.office.board import Board
from bot.office.documents.examples import fitting
from bot.office.documents.renewal import Renewal
from bot.pipeline import Bot
from bot.records.accounts import users
from bot.records.database import Database
from bot.records.turns import Recorder
from bot.records.waiting import Waiting
from bot.settings import Settings
from bot.site import Site
from bot.web.application import behind_doors
from bot.web.application import build as build_application
from bot.web.doors.connections import bounded
from bot.web.frame import HashedScripts
from bot.web.rendering import Views
from bot.web.services import Services
from bot.web.staff.sign_in import Staff
from bot.wording import parse_all, read_yaml
from bot.workers import surviving

log = logging.getLogger(__name__)
# How often the documents folder is checked; a change takes effect when two checks in a row agree.
LOOK_SECONDS = 2.0
# The folder for turns not yet written, in the data folder.
WAITING = "waiting"


class Front:
    """Opens the bot when the server starts, then builds the page in the background."""

    def __init__(self, settings: Settings, stop: Callable[[], None], bot: Bot | None = None) -> None:
        """`stop` ends the server; it is called when the bot or the page cannot be opened (`failed` is then True).

        `bot` is already open, if given. Raises WordingError for a broken text.
        """
        self.settings = settings
        parse_all(settings.prompts_dir)
        not_kept = read_yaml(settings.prompts_dir / "page.yaml")["not_kept"]
        self._database = Database(settings.records_url, not_kept, settings.data_dir)
        waiting = Waiting(settings.data_dir / WAITING)
        recorder = Recorder(self._database, settings.retention_days, settings.retention_audit_days, waiting)
        zone = Site.load(settings.site_file).zone
        self.services = Services(recorder, Board(self._database, zone=zone), bot)
        self.failed = False
        self._stop = stop
        self._renewal = Renewal(settings)
        staff = Staff(settings, self._database)
        self.app = build_application(settings, self.services, staff)
        self._doors = behind_doors(self.app, settings, self.services, staff)
        self._stack, self._page = AsyncExitStack(), AsyncExitStack()
        self._closing = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._doors(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        opening = asyncio.create_task(self._run())
        opening.add_done_callback(self._opening_ended)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._closing.set()
        await asyncio.gather(opening, return_exceptions=True)
        await self._end()
        await send({"type": "lifespan.shutdown.complete"})

    async def _end(self) -> None:
        """Write pending turns and close everything; a failure to close one thing does not stop the rest."""
        services = self.services
        records = (services.recorder.close, services.board.close, self._database.close)
        for close in (*records, *(bot.close for bot in services.end())):
            with surviving("ending"):
                await asyncio.to_thread(close)

    async def _run(self) -> None:
        """Open everything, then watch the documents. The page and the tools must end in the task that began them."""
        try:
            await self._open()
            while not self._closing.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), LOOK_SECONDS)
                    return
                with surviving("looking at the documents"):
                    await self.look()
        finally:
            await self.unmount()

    async def _open(self) -> None:
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        address = f"http://{host}:{self.settings.port}"
        bot = await asyncio.to_thread(_open_warm, self.settings)
        self.services.board.use(bot.index.corpus)
        self.services.serve(bot)
        self.services.recorder.start()
        self.services.board.start()
        print(*await asyncio.to_thread(self._first_steps), sep="\n", end="", flush=True)
        print(f"接口就绪：{address}/api/ask", flush=True)
        await self.mount()
        print(f"网页就绪：{address}  按 Ctrl+C 停止", flush=True)

    def _first_steps(self) -> list[str]:
        """Instructions for making the first administrator, while there is none."""
        try:
            known = users.has_administrator(self._database)
        except NotKept:
            return []
        return [] if known else [read_yaml(self.settings.prompts_dir / "accounts.yaml")["first"] + "\n"]

    async def look(self) -> None:
        """Check the vectors, and renew the bot when the documents folder changed.

        Renewal waits until requests from before the last change are served.
        """
        for idle in self.services.idle():
            with surviving("closing documents that serve no more"):
                await asyncio.to_thread(idle.close)
        if self.services.changing:
            return
        await asyncio.to_thread(self.services.ready().index.look)
        made = await asyncio.to_thread(self._renewal.next, self.services.ready())
        self.services.problem = self._renewal.problem
        if made is None:
            return
        await asyncio.to_thread(self.services.board.use, made.index.corpus)
        self.services.serve(made)
        await asyncio.to_thread(self.services.board.refresh)
        if self.services.frame:
            await self._mount_page()

    async def mount(self) -> None:
        """Build what is slow to import: the page, then the tools."""
        await self._mount_page()
        await self.mount_tools()

    async def unmount(self) -> None:
        """End the page and the tools."""
        await self._page.aclose()
        await self._stack.aclose()

    async def _mount_page(self) -> None:
        """Build the page, replacing the previous one."""
        page, reframe = await asyncio.to_thread(_page_app, self.services.views(), self.services.desk())
        before, self._page = self._page, AsyncExitStack()
        await self._page.enter_async_context(page.router.lifespan_context(page))
        self.services.frame = HashedScripts(page, self.settings.allowed_origins, reframe)
        await before.aclose()

    async def mount_tools(self) -> None:
        """Build the tools for agents."""
        from bot.web.api.tools import build as build_tools

        tools = await asyncio.to_thread(build_tools, self.services)
        await self._stack.enter_async_context(tools.router.lifespan_context(tools))
        self.services.tools = tools

    def _opening_ended(self, opening: asyncio.Task[None]) -> None:
        problem = None if opening.cancelled() else opening.exception()
        if problem:
            self.failed = True
            log.error("cannot open", exc_info=None if isinstance(problem, BotError) else problem)
            print(str(problem), file=sys.stderr, flush=True)
            self._stop()


def served(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """The server's configuration: bounded connections, HTTP only."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=bounded(settings),
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        root_path=settings.root_path,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=3,
    )


def listening(host: str, port: int) -> list[socket.socket]:
    """The sockets of an address; `::` is every address, of IPv4 too. Raises OSError.

    `::` takes two sockets: on a dual-stack one IPv4 clients would appear under IPv6-mapped addresses.
    """
    hosts = ("::", "0.0.0.0") if host == "::" else (host,)
    opened: list[socket.socket] = []
    try:
        for one in hosts:
            family = socket.AF_INET6 if ":" in one else socket.AF_INET
            opened.append(socket.create_server((one, port), family=family))
    except OSError:
        for one_open in opened:
            one_open.close()
        raise
    return opened


def _open_warm(settings: Settings) -> Bot:
    """The open bot, warmed up with its examples, so that the first resident does not wait."""
    return fitting(Bot.open(settings))


def _page_app(views: Views, desk: Desk) -> tuple[Any, Callable[[str, bytes], bytes]]:
    """A FastAPI application with the Gradio pages at its root, and what rewrites their HTML. Slow: imports Gradio."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gradio as gr
    from fastapi import FastAPI

    from bot.web.page import appearance, build, reframe

    host = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)  # warned about every app with two pages
    return gr.mount_gradio_app(host, build(views, desk), path="/", **appearance()), reframe(views)
