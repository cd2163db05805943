"""The reach of a paused topic: whether its words name a topic, and how many recent questions it would have stopped.

Nobody notices answers withheld by one word too many, so the office is warned beforehand.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import tuning
from bot.office.gatekeeper import Gatekeeper
from bot.pipeline import Bot
from bot.records import statistics
from bot.records.database import Database
from bot.records.office.switches import SHORTEST_WORD, Switch
from bot.records.statistics import Span

DAYS = 30
# Sample size that estimates a share within four in a hundred, and the time limit in seconds.
MOST, PATIENCE = 600, 2.0


@dataclass(frozen=True, slots=True)
class Reach:
    """Of `asked` questions in the last days `looked_at` were examined, and `stopped` of those would be stopped."""

    asked: int = 0
    looked_at: int = 0
    stopped: int = 0

    @property
    def share(self) -> float:
        """The share that would be stopped, 0 to 1."""
        return self.stopped / self.looked_at if self.looked_at else 0.0

    @property
    def is_wide(self) -> bool:
        """Whether the share is so large that the pause may be a mistake."""
        return self.share > tuning.PAUSE_WIDE


def unnaming(switch: Switch, bot: Bot) -> tuple[str, ...]:
    """The words that name no topic: function words, times, the place of all documents, single characters."""
    return tuple(word for word in switch.words if not _names(word, bot))


def reach_of(switch: Switch, gatekeeper: Gatekeeper, database: Database, now: datetime) -> Reach:
    """What a switch would have stopped. Takes seconds: call it in a thread. Raises NotKept."""
    asked, questions = statistics.sampled(database, Span(now - timedelta(days=DAYS), now), MOST)
    stopped = _stopped(switch, gatekeeper, questions, time.monotonic() + PATIENCE)
    return Reach(asked, len(stopped), sum(stopped))


def _stopped(switch: Switch, gatekeeper: Gatekeeper, questions: Sequence[str], deadline: float) -> list[bool]:
    """Whether each question would be stopped, for as many as time allows."""
    known: dict[str, bool] = {}
    found: list[bool] = []
    for question in questions:
        if question not in known:
            if found and time.monotonic() > deadline:
                break
            known[question] = gatekeeper.is_about(question, switch)
        found.append(known[question])
    return found


def _names(topic: str, bot: Bot) -> bool:
    words = bot.index.corpus.words
    whole = bot.reader.look_up(topic).whole
    concepts = whole.concepts if whole else ()
    said = [(c.solid, s) for c in concepts for s in c.said if len(s) >= SHORTEST_WORD]
    return any((solid and not words.is_time(s)) or words.information(s) >= tuning.TOPIC_TELLS for solid, s in said)
