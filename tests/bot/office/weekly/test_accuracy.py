"""The accuracy of a week, with the interval it lies in."""

import pytest

from bot.office.weekly.accuracy import Accuracy


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    [(18, 20, 0.699, 0.972), (20, 20, 0.839, 1.0), (0, 20, 0.0, 0.161), (95, 100, 0.888, 0.978), (1, 1, 0.207, 1.0)],
)
def test_interval_is_wilsons(right: int, judged: int, low: float, high: float) -> None:
    """The values are those of Newcombe (1998) and of scipy.stats.binomtest(...).proportion_ci(method="wilson")."""
    found = Accuracy(right, judged)
    assert found.share == pytest.approx(right / judged)
    assert found.interval == pytest.approx((low, high), abs=0.001)


def test_nothing_judged_tells_nothing() -> None:
    assert Accuracy(0, 0).share is None
    assert Accuracy(0, 0).interval == (0.0, 1.0)
