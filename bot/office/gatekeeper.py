"""What stands between a question and the bot: emergencies, what the office paused, approved answers.

Emergencies come first, then a paused service, a paused topic, an approved answer, a paused model, the bot.
"""

import logging
import threading
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.answer import Answer, Status
from bot.errors import NotKept
from bot.office.approved import ApprovedAnswer, Matcher, answer_of, stands
from bot.pipeline import Bot
from bot.records import approved, switches
from bot.records.database import Database
from bot.records.switches import Kind, Switch
from bot.workers import in_worker
from corpus.build import Corpus

log = logging.getLogger(__name__)
SECONDS, CLOSING_SECONDS = 2.0, 6.0
# How surely a concept must go by a topic's word.
SURE = 0.9
CHANGED = "引用的原文已经改动"


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the office has decided, as the records last told it."""

    approved: tuple[ApprovedAnswer, ...] = ()
    switches: tuple[Switch, ...] = ()
    suspended: int = 0


class Board:
    """Looks every `seconds` what the office decided, in a thread of its own; every process has one.

    A database that cannot be asked leaves the last state standing.
    """

    def __init__(self, database: Database, seconds: float = SECONDS) -> None:
        self._database, self._seconds = database, seconds
        self._ruled = Ruled()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._known = True

    @property
    def approved(self) -> tuple[ApprovedAnswer, ...]:
        """The approved answers that are served."""
        return self._ruled.approved

    @property
    def suspended(self) -> int:
        """How many approved answers wait because what they cite has changed."""
        return self._ruled.suspended

    def switches(self, kind: Kind) -> tuple[Switch, ...]:
        """The switches of a kind that are in force now."""
        now = datetime.now(UTC)
        return tuple(switch for switch in self._ruled.switches if switch.kind == kind and switch.holds(now))

    def start(self, corpus: Corpus) -> None:
        """Begin to look; what approved answers cite is looked up in `corpus`."""
        self._thread = threading.Thread(target=self._run, args=(corpus,), name="board", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._closing.set()
        if self._thread:
            self._thread.join(CLOSING_SECONDS)

    def refresh(self, corpus: Corpus) -> None:
        """Look once; the last state stays when the database cannot be asked."""
        try:
            served = approved.in_force(self._database, date.today())
            sound = tuple(one for one in served if stands(one, corpus))
            for gone in set(served) - set(sound):
                approved.suspend(self._database, gone, CHANGED)
            pending = switches.pending(self._database, datetime.now(UTC))
            self._ruled = Ruled(sound, pending, approved.suspended(self._database))
            self._known = True
        except NotKept:
            if self._known:
                log.warning("what the office decided cannot be read: the last known state stays")
            self._known = False

    def _run(self, corpus: Corpus) -> None:
        while not self._closing.is_set():
            self.refresh(corpus)
            self._closing.wait(self._seconds)


class Service:
    """The bot under the office's rule. Its verbs are the bot's."""

    def __init__(self, bot: Bot, board: Board) -> None:
        self._bot, self._board = bot, board
        self._matcher = Matcher(bot)

    def answer(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """The excerpt answer to a turn. Raises as the bot does."""
        return self._ruled(question) or self._bot.answer(question, history)

    def look_up(self, question: str) -> Answer:
        """What `answer` says, for one of the staff: no resident asked, so nothing is counted."""
        self._bot.refuse_unusable(question)
        return self._ruling(question) or self._bot.prepared(question, ()).answer

    async def reply(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> Answer:
        """The answer to a turn, by the model when one is set and not paused. Raises as the bot does."""
        ruled = await in_worker(self._settled, question, history)
        return ruled or await self._bot.reply(question, history)

    async def stream(self, question: str, history: Sequence[Mapping[str, str]] = ()) -> AsyncGenerator[str | Answer]:
        """The bot's stream; what the office decided comes whole, at once. Raises as the bot does."""
        ruled = await in_worker(self._settled, question, history)
        if ruled:
            yield ruled
            return
        async with aclosing(self._bot.stream(question, history)) as pieces:
            async for piece in pieces:
                yield piece

    def _settled(self, question: str, history: Sequence[Mapping[str, str]]) -> Answer | None:
        """An answer that no model writes; None when the bot is to go on as it would."""
        ruled = self._ruled(question)
        if ruled is None and (not self._bot.composer or self._board.switches("model")):
            return self._bot.answer(question, history)
        return ruled

    def _ruled(self, question: str) -> Answer | None:
        """What the office decided about a resident's question, counted; None when nothing."""
        begun = time.perf_counter()
        answer = self._ruling(question)
        if answer:
            self._bot.meter.answered(answer.status, answer.mode, time.perf_counter() - begun)
        return answer

    def _ruling(self, question: str) -> Answer | None:
        if not (self._board.approved or self._board.switches("service") or self._board.switches("topic")):
            return None
        self._bot.refuse_unusable(question)
        verdict = self._bot.guard.check(self._bot.fold(question))
        if verdict:
            return self._paused_but_emergency(verdict.status)
        return self._paused(question) or self._approved(question)

    def _paused_but_emergency(self, stopped: Status) -> Answer | None:
        """What the guard stops is the bot's to say; in a paused service only an emergency is."""
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
        """Whether a question says one of the topic's words, or says it in other words of the lexicon."""
        folded = self._bot.fold(question)
        words = [word for word in map(self._bot.fold, switch.words) if word]
        names = {name for c in self._bot.understand(folded, ()).concepts for name, value in c.names if value >= SURE}
        return any(word in folded or word in names for word in words)

    def _approved(self, question: str) -> Answer | None:
        found = self._matcher.find(question, self._board.approved)
        return answer_of(found, self._bot) if found else None

    def _notice(self, switch: Switch) -> Answer:
        text = switch.text.strip()
        ended = text if text.endswith(("。", "！", "!", "？")) else text + "。"
        return self._bot.speaker.say(Status.PAUSED, notice=ended)
