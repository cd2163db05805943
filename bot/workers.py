"""The threads in which questions are read: few, so that however much is asked the event loop goes on."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
WORKERS = 4


@lru_cache(maxsize=1)
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(WORKERS, thread_name_prefix="reading")


async def in_worker(work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """The result of `work`, done in one of the threads; what it raises is raised here.

    Cancelled while it still waits for a thread, it is never begun.
    """
    return await asyncio.get_running_loop().run_in_executor(_workers(), partial(work, *given, **named))
