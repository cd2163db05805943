"""How many tokens a day may cost."""

from collections.abc import Callable
from datetime import date


class Budget:
    """Counts tokens by day; `daily` 0 sets no limit."""

    def __init__(self, daily: int, today: Callable[[], date] = date.today) -> None:
        self._daily, self._today = daily, today
        self._day = today()
        self._spent = 0

    @property
    def left(self) -> bool:
        """Whether another answer may be written today."""
        if self._today() != self._day:
            self._day, self._spent = self._today(), 0
        return not self._daily or self._spent < self._daily

    def spend(self, prompt: int, completion: int) -> None:
        """Count what an answer cost."""
        self._spent += prompt + completion
