"""The application over an open bot, without Gradio's page; and the same behind a real port."""

import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import LifespanType

from bot.pipeline import Bot
from bot.records.database import Database
from bot.settings import Settings
from bot.web.server import Front, served
from tests.conftest import bot_over


def front_of(bot: Bot) -> Front:
    return Front(bot.settings, stop=lambda: None, bot=bot)


def client_of(bot: Bot) -> TestClient:
    return TestClient(front_of(bot), raise_server_exceptions=False)


@contextmanager
def serving(app: ASGIApp, lifespan: LifespanType = "off", **settings: object) -> Iterator[str]:
    """An application behind a free port of this machine, served as the product is: its address."""
    config = served(app, Settings(_env_file=None, host="127.0.0.1", port=0, **settings))
    config.lifespan = lifespan
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)


def opening(front: Front, mount: Callable[[], Awaitable[None]]) -> ASGIApp:
    """A front whose bot is open already, and that mounts a part of itself as it starts."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await mount()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await front.unmount()
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await front(scope, receive, send)

    return app


@contextmanager
def changing(root: Path, **documents: tuple[str, str]) -> Iterator[Front]:
    """A front over documents of its own, which may change while it serves; see `bot_over`."""
    with bot_over(root, **documents) as opened:
        made = front_of(opened)
        yield made
        for bot in made.services.end():
            if bot.index.vectors is not opened.index.vectors:
                bot.close()
        made.services.board.close()


async def taken_up(front: Front) -> None:
    """A change of the documents is seen, has come to rest, and what served before is closed."""
    for _ in range(3):
        await front.look()


@pytest.fixture(scope="module")
def client(bot: Bot) -> TestClient:
    return client_of(bot)


@pytest.fixture(scope="module")
def address(bot: Bot) -> Iterator[str]:
    with serving(front_of(bot)) as url:
        yield url


@pytest.fixture
def own(bot: Bot, tmp_path: Path) -> Bot:
    """The bot with records of its own."""
    url = f"sqlite:///{tmp_path / 'records.db'}"
    return replace(bot, settings=bot.settings.model_copy(update={"database_url": url}))


@pytest.fixture
def database(own: Bot) -> Iterator[Database]:
    opened = Database(own.settings.records_url, "暂时记不下")
    yield opened
    opened.close()
