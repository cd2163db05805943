"""How many tokens a day may cost, and how many an answer cost."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot import tuning
from corpus.words import HAN

OTHERS = re.compile(r"[a-zA-Z]+|[^\sa-zA-Z\u3400-\u9fff]")


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

    def spend(self, usage: "Usage") -> None:
        """Count what an answer cost."""
        self._spent += sum(usage.tokens)


@dataclass
class Usage:
    """What was said to a model and what it wrote, and what its endpoint counted, where it did."""

    said: str = ""
    written: str = ""
    counted: tuple[int, int] = (0, 0)

    def add(self, written: str, prompt_tokens: int, completion_tokens: int) -> None:
        """More of what it wrote; tokens are 0 where the endpoint has not counted them (yet)."""
        self.written += written
        self.counted = (prompt_tokens or self.counted[0], completion_tokens or self.counted[1])

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens of what was said and of what was written: as the endpoint counted, else estimated."""
        return self.counted[0] or estimated(self.said), self.counted[1] or estimated(self.written)


def estimated(text: str) -> int:
    """About how many tokens a text is."""
    return round(len(HAN.findall(text)) * tuning.TOKENS_A_CHARACTER + len(OTHERS.findall(text)) * tuning.TOKENS_A_RUN)
