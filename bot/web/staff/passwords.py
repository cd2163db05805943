"""Password checks: one low-priority thread, so that answers come first, and a short queue."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.errors import TooBusy

Result = TypeVar("Result")
WAITING = 16  # about as many as are checked in four seconds
LESS_URGENT = 10


class Passwords:
    """Runs slow work one at a time, in its own thread. For one event loop."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._waiting, self._inside = waiting, 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=_give_way)

    async def run(self, work: Callable[[], Result], known: bool) -> Result:
        """The result of the work. Raises TooBusy when the queue is full, except for a `known` browser."""
        if self._inside >= self._waiting and not known:
            raise TooBusy("现在登录的人太多")
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._inside -= 1


def _give_way() -> None:
    """Lower the thread's priority; only Linux has one per thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LESS_URGENT)
