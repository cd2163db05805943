"""Weeks and periods of them, in local time."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.records.statistics import Span


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday, in the time of `zone`."""

    monday: date
    zone: tzinfo = UTC

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def span(self) -> Span:
        """From midnight to midnight."""
        return Span(self._midnight(self.monday), self._midnight(self.monday + timedelta(days=7)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Period:
    """`count` weeks, the last of them with the day `today`; `week` is the one whose gaps are shown."""

    today: date
    count: int
    week: Week

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks, the oldest first."""
        last = week_of(self.today, self.week.zone).monday
        return tuple(Week(last - timedelta(weeks=back), self.week.zone) for back in reversed(range(self.count)))

    @property
    def span(self) -> Span:
        """All the weeks."""
        return Span(self.weeks[0].span.begins, self.weeks[-1].span.ends)


def week_of(day: date, zone: tzinfo = UTC) -> Week:
    """The week a day is in."""
    return Week(day - timedelta(days=day.weekday()), zone)
