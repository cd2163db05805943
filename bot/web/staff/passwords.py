"""Where passwords are looked at: one thread that gives way to those who answer residents, and a short line."""

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.errors import TooBusy

Result = TypeVar("Result")
WAITING = 16  # about as many as are looked at in four seconds
LESS_URGENT = 10


class Passwords:
    """Does slow work one at a time, apart from everything else. For one event loop."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._waiting, self._inside = waiting, 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=_give_way)

    async def run(self, work: Callable[[], Result], known: bool) -> Result:
        """What the work gives. Raises TooBusy when the line is full; who is `known` may always join it."""
        if self._inside >= self._waiting and not known:
            raise TooBusy("现在登录的人太多")
        self._inside += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._inside -= 1


def _give_way() -> None:
    """Linux keeps a niceness for each thread; elsewhere there is no such thing to set."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LESS_URGENT)
