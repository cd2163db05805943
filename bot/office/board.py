"""What the office has decided, as every process knows it: approved answers in force, what is paused and announced."""

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from bot.errors import NotKept
from bot.office.approved import weakness
from bot.records import approved, switches
from bot.records.approved import ApprovedAnswer
from bot.records.database import Database
from bot.records.switches import Kind, Switch
from corpus.corpus import Corpus

log = logging.getLogger(__name__)
SECONDS, CLOSING_SECONDS = 2.0, 6.0


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

    def __init__(self, database: Database, seconds: float = SECONDS, zone: tzinfo = UTC) -> None:
        """`zone` is that of the clock by which days begin."""
        self._database, self._seconds, self._zone = database, seconds, zone
        self._ruled = Ruled()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._known = True

    @property
    def known(self) -> bool:
        """Whether the records could be asked the last time."""
        return self._known

    @property
    def approved(self) -> tuple[ApprovedAnswer, ...]:
        """The approved answers that are served."""
        return self._ruled.approved

    @property
    def suspended(self) -> int:
        """How many approved answers wait because what they rest on has changed or is over."""
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
            today = datetime.now(self._zone).date()
            served = [(one, weakness(one, corpus, today)) for one in approved.in_force(self._database, today)]
            for one, why in served:
                if why:
                    approved.suspend(self._database, one, why)
            sound = tuple(one for one, why in served if not why)
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
