"""What is open by now: first nothing, then the bot, then Gradio's page, then the tools for agents."""

from functools import cached_property

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.answer import Answer
from bot.answering.onward import Onward
from bot.desk.search import Desk
from bot.errors import NotReady
from bot.office.board import Board
from bot.office.gatekeeper import Gatekeeper
from bot.office.suggestions import Suggestions
from bot.pipeline import Bot
from bot.records.turns import Channel, Kept, Recorder, measured
from bot.running.versions import versions
from bot.web.doors.access import answered
from bot.web.rendering import Views

STARTING = "服务正在启动，请几秒后再试"


class Services:
    """Set by the server as things open; asked by every route."""

    def __init__(self, recorder: Recorder, board: Board, bot: Bot | None = None) -> None:
        self.bot = bot
        self.board = board
        self.frame: ASGIApp | None = None
        self.tools: ASGIApp | None = None
        self.recorder = recorder

    def ready(self) -> Bot:
        """The open bot. Raises NotReady."""
        if self.bot is None:
            raise NotReady(STARTING)
        return self.bot

    def gatekeeper(self) -> Gatekeeper:
        """The open bot under the office's rule: whatever asks a question asks it. Raises NotReady."""
        self.ready()
        return self._gatekeeper

    def desk(self) -> Desk:
        """The agents' search over the open bot. Raises NotReady."""
        self.ready()
        return self._desk

    def views(self) -> Views:
        """The pages over the open bot. Raises NotReady."""
        self.ready()
        return self._views

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

    def announced(self) -> list[str]:
        """What the office announces now."""
        return [switch.text for switch in self.board.switches("announcement")]

    def keep(self, channel: Channel, question: str, answer: Answer, begun: float, session: str = "") -> None:
        """Record a turn; `begun` is when it came (time.perf_counter)."""
        answered(answer.id)
        self.recorder.keep(Kept.of(channel, session, question, answer, measured(begun), self._versions))

    def onward(self) -> Onward:
        """The questions that lead on. Raises NotReady."""
        self.ready()
        return self._onward

    def suggestions(self) -> Suggestions:
        """The questions that typing suggests. Raises NotReady."""
        self.ready()
        return self._suggestions

    def _answered_anyway(self) -> list[str]:
        """Questions that need no trying: the approved ones, and the site's examples."""
        examples = self.ready().site.examples
        return [*(one.question for one in self.board.approved), *(example.question for example in examples)]

    @cached_property
    def _onward(self) -> Onward:
        bot = self.ready()
        return Onward(bot.index.corpus, self._views.text["onward"], lambda question: bot.prepared(question, ()).answer)

    @cached_property
    def _suggestions(self) -> Suggestions:
        return Suggestions(self.ready().index.corpus, self._onward, self._answered_anyway)

    @cached_property
    def _versions(self) -> dict[str, str]:
        return versions(self.ready())

    @cached_property
    def _gatekeeper(self) -> Gatekeeper:
        return Gatekeeper(self.ready(), self.board)

    @cached_property
    def _desk(self) -> Desk:
        return Desk(self.ready())

    @cached_property
    def _views(self) -> Views:
        return Views(self.ready(), announced=self.announced)
