"""A few worker threads that keep the event loop free, and a guard that logs and survives unexpected errors."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import lru_cache, partial
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")
WORKERS = 4
log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(WORKERS, thread_name_prefix="reading")


async def in_worker(work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """The result of `work`, run in one of the threads in the caller's context; its exceptions propagate.

    Cancelled while it waits for a thread, it never begins.
    """
    return await asyncio.get_running_loop().run_in_executor(
        _workers(), partial(copy_context().run, work, *given, **named)
    )


@contextmanager
def surviving(what: str) -> Iterator[None]:
    """Log any error inside and go on without it. The only broad except."""
    try:
        yield
    except Exception:
        log.exception("failed: %s", what)
