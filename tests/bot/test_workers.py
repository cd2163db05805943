import asyncio
import threading

import pytest

from bot.errors import QuestionEmpty
from bot.workers import WORKERS, in_worker

SECONDS = 5.0


def test_work_is_done_in_another_thread_and_its_result_comes_back() -> None:
    thread, total = asyncio.run(in_worker(lambda a, b: (threading.current_thread(), a + b), 1, b=2))
    assert total == 3
    assert thread is not threading.main_thread()


def test_what_work_raises_is_raised_here() -> None:
    def refuse() -> None:
        raise QuestionEmpty("没有问题")

    with pytest.raises(QuestionEmpty):
        asyncio.run(in_worker(refuse))


def test_event_loop_goes_on_while_work_is_done() -> None:
    ended = threading.Event()

    async def loop() -> bool:
        working = asyncio.create_task(in_worker(ended.wait, SECONDS))
        await asyncio.sleep(0)
        ended.set()
        return await working

    assert asyncio.run(loop())


def test_no_more_is_done_at_once_than_there_are_threads_and_what_is_cancelled_is_never_begun() -> None:
    ended, begun = threading.Event(), threading.Semaphore(0)
    done: list[str] = []

    def work() -> None:
        begun.release()
        ended.wait(SECONDS)

    async def loop() -> None:
        busy = [asyncio.create_task(in_worker(work)) for _ in range(WORKERS)]
        await asyncio.sleep(0)
        for _ in busy:
            assert await asyncio.to_thread(begun.acquire, timeout=SECONDS)
        given_up, last = (asyncio.create_task(in_worker(done.append, name)) for name in ("given up", "last"))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.wait([given_up])
        await asyncio.sleep(0)
        assert done == []
        ended.set()
        await asyncio.gather(*busy, last)

    asyncio.run(loop())
    assert done == ["last"]
