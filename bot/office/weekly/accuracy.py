"""How many of a week's answers were right: by a sample that the office judged, and by the agents' outcomes."""

import math
from dataclasses import dataclass
from statistics import NormalDist

from bot.office.weekly.weeks import Week
from bot.records import statistics
from bot.records.database import Database
from bot.records.office import judgements

# The sample size per week, and the confidence level of the interval.
SAMPLE, CONFIDENCE = 20, 0.95


@dataclass(frozen=True, slots=True)
class Accuracy:
    """`right` of `judged` answers."""

    right: int
    judged: int

    @property
    def share(self) -> float | None:
        """The share that was right, 0 to 1; None when none was judged."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """The confidence interval of the share at level CONFIDENCE (Wilson 1927)."""
        if not self.judged:
            return 0.0, 1.0
        z, n, share = NormalDist().inv_cdf((1 + CONFIDENCE) / 2), self.judged, self.right / self.judged
        centre = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return max(centre - half, 0.0), min(centre + half, 1.0)


@dataclass(frozen=True, slots=True)
class WeekAccuracy:
    """A week's accuracy. Only the sample represents all answers: agents report on those they used."""

    week: Week
    sampled: Accuracy
    agents: Accuracy


def of_week(database: Database, week: Week) -> WeekAccuracy:
    """The accuracy of a week. Raises NotKept."""
    ended = statistics.outcomes(database, week.span)
    right, wrong = ended.get("answered", 0), ended.get("wrong", 0)
    return WeekAccuracy(week, Accuracy(*judgements.tallied(database, week.span)), Accuracy(right, right + wrong))
