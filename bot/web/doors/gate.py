"""Limits how many questions are answered at once; the others queue and see their position."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Place:
    """One question's place in the queue; `ahead` counts those before it, 0 when it may proceed."""

    def __init__(self, ahead: Callable[["Place"], int]) -> None:
        self._ahead = ahead
        self._admitted = asyncio.Event()

    @property
    def ahead(self) -> int:
        """How many must be answered before this one begins; 0 when it may."""
        return 0 if self._admitted.is_set() else self._ahead(self)

    def admit(self) -> None:
        """Its turn has come."""
        self._admitted.set()

    async def moved(self, seconds: float) -> None:
        """Wait until it advances, at most `seconds`."""
        try:
            await asyncio.wait_for(self._admitted.wait(), seconds)
        except TimeoutError:
            return


class Gate:
    """`at_once` are answered concurrently; when `waiting` are queued, no more are admitted. For one event loop."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free, self._limit = at_once, waiting
        self._line: deque[Place] = deque()

    @property
    def full(self) -> bool:
        """Whether no more are admitted."""
        return len(self._line) >= self._limit

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[Place]:
        """A place in the queue, released at the end."""
        place = Place(lambda mine: self._line.index(mine) + 1)
        if self._free > 0:
            self._free -= 1
            place.admit()
        else:
            self._line.append(place)
        try:
            yield place
        finally:
            self._leave(place)

    def _leave(self, place: Place) -> None:
        if place in self._line:
            self._line.remove(place)
        elif self._line:
            self._line.popleft().admit()
        else:
            self._free += 1
