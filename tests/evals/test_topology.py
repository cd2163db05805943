"""What is told of requests that failed."""

import pytest

from evals.topology import Asked, Residents


def residents(*asked: tuple[float, float, str]) -> Residents:
    return Residents("", asked=[Asked(*one) for one in asked])


def test_span_of_failures_is_that_of_those_one_after_the_other() -> None:
    mixed = residents((0, 1, "a"), (1, 2, ""), (1.5, 4, ""), (4, 5, "b"), (5, 6, ""), (6, 7, "c"))
    assert (mixed.failed, mixed.longest) == (3, pytest.approx(3.0))


def test_nobody_who_failed_is_no_span() -> None:
    assert (residents((0, 1, "a")).failed, residents((0, 1, "a")).longest) == (0, 0.0)
