"""What is open by now: first nothing, then the bot, then Gradio's page."""

from functools import cached_property

from bot.errors import NotReady
from bot.pipeline import Bot
from bot.web.views import Views

STARTING = "服务正在启动，请几秒后再试"


class Opened:
    """Set by the server as things open; asked by every route."""

    def __init__(self, bot: Bot | None = None) -> None:
        self.bot = bot
        self.page = False

    def ready(self) -> Bot:
        """The open bot. Raises NotReady."""
        if self.bot is None:
            raise NotReady(STARTING)
        return self.bot

    def views(self) -> Views:
        """The pages over the open bot. Raises NotReady."""
        self.ready()
        return self._views

    @cached_property
    def _views(self) -> Views:
        return Views(self.ready())
