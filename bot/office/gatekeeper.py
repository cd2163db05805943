"""The office's rules in front of the bot: emergencies, pauses, approved answers.

Emergencies come first, then a paused service, a paused topic, an approved answer, a paused model, the bot.
"""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from bot import tuning
from bot.answer import Answer, Status
from bot.office.approved import answer_of
from bot.office.board import Board
from bot.office.matching import Matcher
from bot.pipeline import Bot
from bot.records.office.switches import Switch
from bot.workers import in_worker


@dataclass(frozen=True, slots=True)
class LookedUp:
    """An answer, and how likely it answers (0 to 1): 1 for what the office decided, 0 for what answers nothing."""

    answer: Answer
    probability: float


class Gatekeeper:
    """The bot under the office's rules, with the bot's methods."""

    def __init__(self, bot: Bot, board: Board) -> None:
        self._bot, self._board = bot, board
        self._matcher = Matcher(bot)

    def answer(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """The excerpt answer to a turn. Raises as the bot does."""
        return self._ruled(question) or self._bot.answer(question, history)

    def look_up(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> LookedUp:
        """The same as `answer`, for staff: no resident asked, so nothing is counted."""
        self._bot.refuse_unusable(question)
        ruled = self._ruling(question)
        if ruled:
            return LookedUp(ruled, 1.0)
        prepared = self._bot.prepared(question, history)
        return LookedUp(prepared.answer, min((one.judgement.probability for one in prepared.answered), default=0.0))

    async def reply(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """The answer to a turn, by the model when one is set and not paused. Raises as the bot does."""
        ruled = await in_worker(self._settled, question, history)
        return ruled or await self._bot.reply(question, history)

    async def stream(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> AsyncGenerator[str | Answer]:
        """The bot's stream; an answer decided by the office comes whole, at once. Raises as the bot does."""
        ruled = await in_worker(self._settled, question, history)
        if ruled:
            yield ruled
            return
        async with aclosing(self._bot.stream(question, history)) as pieces:
            async for piece in pieces:
                yield piece

    def _settled(self, question: str, history: Sequence[Mapping[str, str]]) -> Answer | None:
        """An answer that needs no model; None when the bot should proceed as usual."""
        ruled = self._ruled(question)
        if ruled is None and (not self._bot.composer or self._board.switches("model")):
            return self._bot.answer(question, history)
        return ruled

    def _ruled(self, question: str) -> Answer | None:
        """The office's answer to a resident's question, counted; None when it has decided nothing."""
        begun = time.perf_counter()
        answer = self._ruling(question)
        if answer:
            self._bot.meter.answered(answer.status, answer.mode, time.perf_counter() - begun)
        return answer

    def _ruling(self, question: str) -> Answer | None:
        if not (self._board.approved or self._board.switches("service") or self._board.switches("topic")):
            return None
        self._bot.refuse_unusable(question)
        verdict = self._bot.reader.read(question).verdict
        if verdict:
            return self._paused_but_emergency(verdict.status)
        return self._paused(question) or self._approved(question)

    def _paused_but_emergency(self, stopped: Status) -> Answer | None:
        """The bot answers what the guard stops; while the service is paused, only emergencies."""
        paused = self._board.switches("service")
        return self._notice(paused[-1]) if paused and stopped is not Status.EMERGENCY else None

    def _paused(self, question: str) -> Answer | None:
        for switch in self._board.switches("service"):
            return self._notice(switch)
        for switch in self._board.switches("topic"):
            if self.is_about(question, switch):
                return self._notice(switch)
        return None

    def is_about(self, question: str, switch: Switch) -> bool:
        """Whether a question has one of the topic's words, or a synonym of one in the lexicon."""
        turn = self._bot.reader.look_up(question)
        words = [word for word in map(self._bot.language.fold, switch.words) if word]
        concepts = turn.whole.concepts if turn.whole else ()
        names = {name for c in concepts for name, value in c.names if value >= tuning.SURE_NAME}
        return any(word in turn.folded or word in turn.text or word in names for word in words)

    def _approved(self, question: str) -> Answer | None:
        found = self._matcher.find(question, self._board.approved)
        return answer_of(found, self._bot) if found else None

    def _notice(self, switch: Switch) -> Answer:
        text = switch.text.strip()
        ended = text if text.endswith(("。", "！", "!", "？")) else text + "。"
        return self._bot.speaker.say(Status.PAUSED, notice=ended)
