from bot.writing.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def opened() -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(failures=3, rest=30, clock=clock)
    for _ in range(3):
        assert breaker.admit()
        breaker.failed()
    return breaker, clock


def test_failures_in_a_row_open_it() -> None:
    breaker, _ = opened()
    assert breaker.state == "open"
    assert not breaker.admit()


def test_success_in_between_keeps_it_closed() -> None:
    breaker = Breaker(failures=2, rest=30)
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert breaker.state == "closed"


def test_after_the_rest_one_call_tries_and_closes_it() -> None:
    breaker, clock = opened()
    clock.now += 31
    assert breaker.admit()
    assert not breaker.admit()
    breaker.succeeded()
    assert breaker.state == "closed"


def test_failed_trial_opens_it_again() -> None:
    breaker, clock = opened()
    clock.now += 31
    assert breaker.admit()
    breaker.failed()
    assert breaker.state == "open"


def test_caller_who_leaves_during_the_trial_lets_the_next_one_try() -> None:
    breaker, clock = opened()
    clock.now += 31
    assert breaker.admit()
    breaker.gave_up()
    assert breaker.admit()


def test_retry_after_is_kept_at_once() -> None:
    clock = Clock()
    breaker = Breaker(failures=3, rest=5, clock=clock)
    breaker.failed(retry_after=60)
    clock.now += 59
    assert not breaker.admit()
    clock.now += 2
    assert breaker.admit()
