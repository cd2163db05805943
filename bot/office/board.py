"""Each process's view of the office's decisions: approved answers in force, what is paused and announced."""

import logging
import threading
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo

from bot.errors import NotKept
from bot.office.approved import weakness
from bot.records.database import Database
from bot.records.office import approved, switches
from bot.records.office.approved import ApprovedAnswer
from bot.records.office.switches import Kind, Switch
from corpus.corpus import Corpus

log = logging.getLogger(__name__)
SECONDS, CLOSING_SECONDS = 2.0, 6.0


@dataclass(frozen=True, slots=True)
class Ruled:
    """The office's decisions, as last read from the records."""

    approved: tuple[ApprovedAnswer, ...] = ()
    switches: tuple[Switch, ...] = ()
    suspended: int = 0


class Board:
    """Reads the office's decisions every `seconds`, in a thread of its own; every process has one.

    While the database is down the last state holds.
    """

    def __init__(self, database: Database, seconds: float = SECONDS, zone: tzinfo = UTC) -> None:
        """`zone` is the time zone by which days begin."""
        self._database, self._seconds, self._zone = database, seconds, zone
        self._ruled = Ruled()
        self._corpus: Corpus | None = None
        self._looking = threading.Lock()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._known = True

    @property
    def known(self) -> bool:
        """Whether the records could last be read."""
        return self._known

    @property
    def approved(self) -> tuple[ApprovedAnswer, ...]:
        """The approved answers that are served."""
        return self._ruled.approved

    @property
    def suspended(self) -> int:
        """How many approved answers are suspended because what they rest on has changed or expired."""
        return self._ruled.suspended

    def switches(self, kind: Kind) -> tuple[Switch, ...]:
        """The switches of a kind that are in force now."""
        now = datetime.now(UTC)
        return tuple(switch for switch in self._ruled.switches if switch.kind == kind and switch.holds(now))

    def announced(self) -> list[str]:
        """The announcements in force now."""
        return [switch.text for switch in self.switches("announcement")]

    def start(self) -> None:
        """Begin to read."""
        self._thread = threading.Thread(target=self._run, name="board", daemon=True)
        self._thread.start()

    def use(self, corpus: Corpus) -> None:
        """Check approved answers against `corpus` from now on; those it does not support are no longer served."""
        with self._looking:
            self._corpus = corpus
            standing = tuple(one for one in self._ruled.approved if not weakness(one, corpus, self._today))
            self._ruled = replace(self._ruled, approved=standing)

    def close(self) -> None:
        """Stop reading, and release the documents."""
        self._closing.set()
        if self._thread:
            self._thread.join(CLOSING_SECONDS)
        self._corpus = None

    def refresh(self) -> None:
        """Read once; the last state stays when the database cannot be read."""
        with self._looking:
            try:
                self._ruled, self._known = self._look(), True
            except NotKept:
                if self._known:
                    log.warning("what the office decided cannot be read: the last known state stays")
                self._known = False

    def _look(self) -> Ruled:
        """The office's decisions. Raises NotKept."""
        corpus, today = self._corpus, self._today
        served = approved.in_force(self._database, today) if corpus else ()
        weak = {one: why for one in served if corpus and (why := weakness(one, corpus, today))}
        for one, why in weak.items():
            approved.suspend(self._database, one, why)
        sound = tuple(one for one in served if one not in weak)
        return Ruled(sound, switches.pending(self._database, datetime.now(UTC)), approved.suspended(self._database))

    @property
    def _today(self) -> date:
        return datetime.now(self._zone).date()

    def _run(self) -> None:
        while not self._closing.is_set():
            self.refresh()
            self._closing.wait(self._seconds)
