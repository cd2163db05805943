"""What is open so far: first nothing, then the bot, then Gradio's page, then the tools for agents.

When the documents change, a new edition replaces the current one. A request stays with the edition it began with,
which is closed once no request uses it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.answer import Answer
from bot.answering.onward import Onward
from bot.desk.search import Desk
from bot.errors import NotReady
from bot.office.board import Board
from bot.office.documents.examples import onward_of
from bot.office.gatekeeper import Gatekeeper
from bot.office.suggestions import Suggestions
from bot.pipeline import Bot
from bot.records.turns import Channel, Kept, Recorder, measured
from bot.running.versions import versions
from bot.web.doors.access import answered
from bot.web.rendering import Views

STARTING = "服务正在启动，请几秒后再试"


class Edition:
    """A bot over one state of the documents, and what is built on it; `requests` counts those that use it."""

    def __init__(self, bot: Bot, board: Board) -> None:
        self.bot, self._board = bot, board
        self.requests = 0

    @cached_property
    def gatekeeper(self) -> Gatekeeper:
        """The bot under the office's rules."""
        return Gatekeeper(self.bot, self._board)

    @cached_property
    def desk(self) -> Desk:
        """The agents' search."""
        return Desk(self.bot)

    @cached_property
    def views(self) -> Views:
        """The pages."""
        return Views(self.bot, announced=self._board.announced)

    @cached_property
    def onward(self) -> Onward:
        """The follow-up questions."""
        return onward_of(self.bot)

    @cached_property
    def suggestions(self) -> Suggestions:
        """The suggestions while typing."""
        return Suggestions(self.bot.index.corpus, self.onward, self._answered_anyway)

    @cached_property
    def versions(self) -> dict[str, str]:
        """What answers come from."""
        return versions(self.bot)

    def _answered_anyway(self) -> list[str]:
        """Questions that need no trial: the approved ones, and the examples."""
        examples = self.bot.site.examples
        return [*(one.question for one in self._board.approved), *(example.question for example in examples)]


_kept: ContextVar[Edition | None] = ContextVar("edition", default=None)


class Services:
    """Filled by the server as things open; used by every route. Editions change only in the event loop."""

    def __init__(self, recorder: Recorder, board: Board, bot: Bot | None = None) -> None:
        self.board = board
        self.frame: ASGIApp | None = None
        self.tools: ASGIApp | None = None
        self.recorder = recorder
        self.problem = ""  # why changed documents are not in use
        self._edition: Edition | None = None
        self._retired: list[Edition] = []
        if bot:
            board.use(bot.index.corpus)
            self.serve(bot)

    def serve(self, bot: Bot) -> None:
        """Serve new requests with this bot; the board already uses its documents."""
        if self._edition:
            self._retired.append(self._edition)
        self._edition = Edition(bot, self.board)

    def idle(self) -> list[Bot]:
        """Remove replaced bots that no request uses; the caller closes them."""
        gone = [edition for edition in self._retired if not edition.requests]
        self._retired = [edition for edition in self._retired if edition.requests]
        held = {id(e.bot.index.vectors) for e in (self._edition, *self._retired) if e}
        return [edition.bot for edition in gone if id(edition.bot.index.vectors) not in held]

    def end(self) -> list[Bot]:
        """Stop serving; returns the bots to close."""
        left = [edition.bot for edition in (self._edition, *self._retired) if edition]
        self._edition, self._retired = None, []
        return list({id(bot.index.vectors): bot for bot in left}.values())

    @property
    def changing(self) -> bool:
        """Whether a replaced edition is still in use."""
        return bool(self._retired)

    @contextmanager
    def one_edition(self) -> Iterator[None]:
        """Everything used inside belongs to the current edition."""
        edition = self._edition
        if edition is None:
            yield
            return
        edition.requests += 1
        token = _kept.set(edition)
        try:
            yield
        finally:
            _kept.reset(token)
            edition.requests -= 1

    @property
    def bot(self) -> Bot | None:
        """The open bot; None before there is one."""
        edition = _kept.get() or self._edition
        return edition.bot if edition else None

    def ready(self) -> Bot:
        """The open bot. Raises NotReady."""
        return self._ready().bot

    def gatekeeper(self) -> Gatekeeper:
        """The open bot under the office's rules, through which every question goes. Raises NotReady."""
        return self._ready().gatekeeper

    def desk(self) -> Desk:
        """The agents' search over the open bot. Raises NotReady."""
        return self._ready().desk

    def views(self) -> Views:
        """The pages over the open bot. Raises NotReady."""
        return self._ready().views

    async def use_frame(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio's pages, an ASGI application. Raises NotReady."""
        if self.frame is None:
            raise NotReady(STARTING)
        await self.frame(scope, receive, send)

    async def use_tools(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The tools for agents, an ASGI application. Raises NotReady."""
        if self.tools is None:
            raise NotReady(STARTING)
        await self.tools(scope, receive, send)

    def keep(self, channel: Channel, question: str, answer: Answer, begun: float, session: str = "") -> None:
        """Record a turn; `begun` is when it came (time.perf_counter)."""
        answered(answer.id)
        self.recorder.keep(Kept.of(channel, session, question, answer, measured(begun), self.versions()))

    def versions(self) -> dict[str, str]:
        """The versions that answers depend on. Raises NotReady."""
        return self._ready().versions

    def onward(self) -> Onward:
        """The follow-up questions. Raises NotReady."""
        return self._ready().onward

    def suggestions(self) -> Suggestions:
        """The suggestions while typing. Raises NotReady."""
        return self._ready().suggestions

    def _ready(self) -> Edition:
        edition = _kept.get() or self._edition
        if edition is None:
            raise NotReady(STARTING)
        return edition


class OneEdition:
    """Middleware: each request is served by one edition from beginning to end."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app, self._services = app, services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        with self._services.one_edition():
            await self._app(scope, receive, send)
