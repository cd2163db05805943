"""What the office learns: how many questions were answered, what the report does not answer, what is asked about most.

A report is made in a thread; who asks for one that takes long is told how far it is.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as Clock
from typing import Any

from bot.answer import Status
from bot.records import statistics
from bot.records.database import Database
from bot.records.statistics import Asked, Counted, Span, Wanted

ANSWERED = (Status.ANSWERED.value,)
UNANSWERED = (Status.NOT_IN_REPORT.value, Status.OUT_OF_SCOPE.value, Status.CLARIFY.value)
HOT, EXAMPLES, LOOKED_UP = 10, 5, 30
FRESH_SECONDS = 10.0
STEPS_BESIDE_WEEKS = 6


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday, by the clock of the place."""

    monday: date

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def span(self) -> Span:
        """From midnight to midnight."""
        return Span(_midnight(self.monday), _midnight(self.monday + timedelta(days=7)))


@dataclass(frozen=True, slots=True)
class Period:
    """`count` weeks, the last of them with the day `today`; `week` is the one whose gaps are shown."""

    today: date
    count: int
    week: Week

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks, the oldest first."""
        last = week_of(self.today).monday
        return tuple(Week(last - timedelta(weeks=back)) for back in reversed(range(self.count)))

    @property
    def span(self) -> Span:
        """All the weeks."""
        return Span(self.weeks[0].span.begins, self.weeks[-1].span.ends)


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """A week in numbers. `other` is what is neither: greetings, emergencies, refusals, notices."""

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
class Gap:
    """A topic the report left people without an answer on, or with one they did not like; the commonest questions."""

    topic: str
    times: int
    examples: tuple[Asked, ...]


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
        """The topics asked about most: how often in each week."""
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
    """Makes reports, one at a time; one that was made moments ago is not made again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._jobs: dict[Period, _Job] = {}
        self._lock = threading.Lock()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="office")

    def report(self, period: Period, patience: float) -> Report | Progress:
        """The report, or how far it is after `patience` seconds. Raises NotKept."""
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

        job.future = self._executor.submit(make, self._database, period, step)
        job.future.add_done_callback(end)
        return job


def week_of(day: date) -> Week:
    """The week a day is in."""
    return Week(day - timedelta(days=day.weekday()))


def make(database: Database, period: Period, step: Callable[[], None] = lambda: None) -> Report:
    """The report of a period; `step` is called after each of its `count` + STEPS_BESIDE_WEEKS parts. Raises NotKept."""

    def stepped(value: Any) -> Any:
        step()
        return value

    counted = [stepped(statistics.counted(database, week.span)) for week in period.weeks]
    median, slow = stepped(statistics.quantiles(database, period.span, (0.5, 0.95)))
    opinions = stepped(statistics.opinions(database, period.span))
    outcomes = stepped(statistics.outcomes(database, period.span))
    looked_up = statistics.looked_up(database, period.week.span, ("transferred", "wrong"), LOOKED_UP)
    unanswered = stepped(gaps(statistics.asked(database, Wanted(period.week.span, UNANSWERED))))
    disliked = stepped(gaps(statistics.asked(database, Wanted(period.week.span, useless=True))))
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
        unanswered=unanswered,
        disliked=disliked,
        demonstration=stepped(statistics.is_demonstration(database)),
    )


def gaps(asked: Iterable[Asked]) -> tuple[Gap, ...]:
    """The questions by topic, the commonest topic first; each with its commonest questions."""
    topics: dict[str, list[Asked]] = {}
    for one in asked:
        topics.setdefault(one.topic, []).append(one)
    found = (Gap(topic, sum(o.times for o in own), tuple(own[:EXAMPLES])) for topic, own in topics.items())
    return tuple(sorted(found, key=lambda gap: (-gap.times, gap.topic)))


def _figures(week: Week, counted: Sequence[Counted]) -> WeekFigures:
    answered = sum(one.times for one in counted if one.status in ANSWERED)
    unanswered = sum(one.times for one in counted if one.status in UNANSWERED)
    other = sum(one.times for one in counted) - answered - unanswered
    return WeekFigures(week, answered, unanswered, other, _sums((one.topic, one.times) for one in counted))


def _sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for name, times in pairs:
        total[name] += times
    return dict(total.most_common())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, Clock()).astimezone().astimezone(UTC)
