"""A circuit breaker (Nygard, Release It!, 2007): a dead endpoint must not cost every question its deadline."""

import time
from collections.abc import Callable

LONGEST_REST = 600.0


class Breaker:
    """Closed at first. Opens after `failures` in a row, for `rest` seconds; then one call may try again."""

    def __init__(self, failures: int, rest: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._failures, self._rest, self._clock = failures, rest, clock
        self._in_a_row = 0
        self._open_until = 0.0
        self._trying = False

    @property
    def state(self) -> str:
        """closed, open, or half_open (the next call is the trial)."""
        if not self._open_until:
            return "closed"
        return "open" if self._clock() < self._open_until else "half_open"

    def admit(self) -> bool:
        """Whether a call may be made now. After the rest only one is admitted until it has ended."""
        state = self.state
        if state == "closed":
            return True
        if state == "open" or self._trying:
            return False
        self._trying = True
        return True

    def succeeded(self) -> None:
        """The endpoint answered: closed again."""
        self._in_a_row, self._open_until, self._trying = 0, 0.0, False

    def failed(self, retry_after: float = 0.0) -> None:
        """The endpoint failed; `retry_after` (seconds) is what it asked for, and is kept at once."""
        self._in_a_row += 1
        if self._in_a_row >= self._failures or self._trying or retry_after:
            self._open_until = self._clock() + min(max(self._rest, retry_after), LONGEST_REST)
        self._trying = False

    def gave_up(self) -> None:
        """The caller went away before the endpoint had shown anything: neither success nor failure."""
        self._trying = False
