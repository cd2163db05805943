"""What the office learns: how many questions were answered, what the report does not answer, what is asked about most.

A report is made in a thread; a caller that would wait long gets its progress instead.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import Any

from bot.answer import Status
from bot.office.weekly import accuracy
from bot.office.weekly.accuracy import WeekAccuracy
from bot.office.weekly.gaps import Gap, Meaning, gaps, is_unanswered, unanswered
from bot.office.weekly.weeks import Period, Week
from bot.records import statistics
from bot.records.database import Database
from bot.records.statistics import Counted, Wanted

ANSWERED = (Status.ANSWERED.value,)
HOT, LOOKED_UP = 10, 30
NO_MEANING = Meaning()
FRESH_SECONDS = 10.0
STEPS_BESIDE_WEEKS = 7


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """A week in numbers. `other` is neither: greetings, emergencies, refusals, notices, the office's referrals."""

    week: Week
    answered: int
    unanswered: int
    other: int
    topics: Mapping[str, int]

    @property
    def asked(self) -> int:
        """All questions of the week."""
        return self.answered + self.unanswered + self.other


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the office's page."""

    period: Period
    weeks: tuple[WeekFigures, ...]
    modes: Mapping[str, int]
    fallbacks: Mapping[str, int]
    median: float
    slow: float
    useful: int
    useless: int
    reasons: Mapping[str, int]
    outcomes: Mapping[str, int]
    looked_up: tuple[tuple[str, str, int], ...]
    unanswered: tuple[Gap, ...]
    disliked: tuple[Gap, ...]
    accuracy: WeekAccuracy
    demonstration: bool

    @property
    def asked(self) -> int:
        """All questions of the period."""
        return sum(week.asked for week in self.weeks)

    @property
    def answered_share(self) -> float | None:
        """The share answered of the questions that could have been, 0 to 1; None when there were none."""
        answered, unanswered = (sum(getattr(w, name) for w in self.weeks) for name in ("answered", "unanswered"))
        return answered / (answered + unanswered) if answered + unanswered else None

    @property
    def hot(self) -> list[tuple[str, list[int]]]:
        """The most frequent topics: how often each week."""
        total: Counter[str] = Counter()
        for week in self.weeks:
            total.update({topic: times for topic, times in week.topics.items() if topic})
        return [(topic, [week.topics.get(topic, 0) for week in self.weeks]) for topic, _ in total.most_common(HOT)]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of `steps` are done."""

    done: int
    steps: int


@dataclass(slots=True)
class _Job:
    progress: Progress
    future: Future[Report] = field(default_factory=Future)
    ended: float = 0.0

    @property
    def is_stale(self) -> bool:
        return bool(self.ended) and time.monotonic() - self.ended > FRESH_SECONDS


class Office:
    """Makes reports, one at a time; a recent one is reused."""

    def __init__(self, database: Database, meaning: Callable[[], Meaning] = Meaning) -> None:
        """`meaning` is called when a report is made: the bot opens later than the pages."""
        self._database, self._meaning = database, meaning
        self._jobs: dict[Period, _Job] = {}
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="office")

    def report(self, period: Period, patience: float) -> Report | Progress:
        """The report, or its progress after `patience` seconds. Raises NotKept."""
        with self._lock:
            self._jobs = {wanted: job for wanted, job in self._jobs.items() if not job.is_stale}
            job = self._jobs.get(period) or self._start(period)
        try:
            return job.future.result(timeout=patience)
        except NotYet:
            return job.progress

    def _start(self, period: Period) -> _Job:
        steps = period.count + STEPS_BESIDE_WEEKS
        job = self._jobs[period] = _Job(Progress(0, steps))

        def step() -> None:
            job.progress = Progress(job.progress.done + 1, steps)

        def end(_: Future[Report]) -> None:
            job.ended = time.monotonic()

        job.future = self._executor.submit(make, self._database, period, step, self._meaning())
        job.future.add_done_callback(end)
        return job


def make(
    database: Database, period: Period, step: Callable[[], None] = lambda: None, meaning: Meaning = NO_MEANING
) -> Report:
    """The report of a period; `step` is called after each of its `count` + STEPS_BESIDE_WEEKS parts. Raises NotKept."""

    def stepped(value: Any) -> Any:
        step()
        return value

    counted = [stepped(statistics.counted(database, week.span)) for week in period.weeks]
    median, slow = stepped(statistics.quantiles(database, period.span, (0.5, 0.95)))
    opinions = stepped(statistics.opinions(database, period.span))
    outcomes = stepped(statistics.outcomes(database, period.span))
    looked_up = statistics.looked_up(database, period.week.span, ("transferred", "wrong"), LOOKED_UP)
    left = stepped(gaps(database, period, unanswered(period.week.span), meaning))
    disliked = stepped(gaps(database, period, Wanted(period.week.span, useless=True), meaning))
    everything = [one for of_week in counted for one in of_week]
    return Report(
        period=period,
        weeks=tuple(_figures(week, found) for week, found in zip(period.weeks, counted, strict=True)),
        modes=_sums((one.mode, one.times) for one in everything if one.status in ANSWERED),
        fallbacks=_sums((one.fallback, one.times) for one in everything if one.fallback),
        median=median,
        slow=slow,
        useful=sum(times for (useful, _), times in opinions.items() if useful),
        useless=sum(times for (useful, _), times in opinions.items() if not useful),
        reasons=_sums((reason, times) for (useful, reason), times in opinions.items() if not useful and reason),
        outcomes=outcomes,
        looked_up=tuple(looked_up),
        unanswered=left,
        disliked=disliked,
        accuracy=stepped(accuracy.of_week(database, period.week)),
        demonstration=stepped(statistics.is_demonstration(database)),
    )


def _figures(week: Week, counted: Sequence[Counted]) -> WeekFigures:
    answered = sum(one.times for one in counted if one.status in ANSWERED)
    left = sum(one.times for one in counted if is_unanswered(one))
    other = sum(one.times for one in counted) - answered - left
    return WeekFigures(week, answered, left, other, _sums((one.topic, one.times) for one in counted))


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, times in pairs:
        total[name] += times
    return dict(total.most_common())
