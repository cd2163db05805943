"""`python -m evals.bench_model`: what writing with a model costs over the endpoint's own time.

The endpoint is the scripted one of the tests with fixed delays, in this process; the product runs in its own. Time to
the first shown sentence is the client's, less the time from the endpoint's receiving the prompt to its having sent
that sentence.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from bot.pipeline import Bot
from bot.settings import Settings
from evals.bench import questions, serving, wait_for, wait_for_page
from tests.endpoint import ScriptedEndpoint

ONE_BY_ONE, TOGETHER = 100, 300
# Milliseconds to the first piece of four characters and between pieces; seconds over which the many streams begin.
ALONE, AMONG_MANY, RAMP = "delay-300-20", "delay-6000-100", 5.0
OPEN = {"BOT_MODEL_API_KEY": "key", "BOT_MODEL_DAILY_TOKENS": "0"}


def written(asked: list[str], count: int) -> list[str]:
    """Different questions that the report answers, none of them long."""
    with tempfile.TemporaryDirectory() as folder:
        bot = Bot.open(Settings(data_dir=Path(folder)))  # type: ignore[call-arg]
        told = [q for q in dict.fromkeys(asked) if len(q) < 40 and bot.answer(q).status == "answered"]
        bot.close()
    return told[:count]


async def first_sentence(client: httpx.AsyncClient, url: str, question: str) -> tuple[float, float, str]:
    """When the question was sent, when the first sentence came, and the mode of the whole answer."""
    sent, first, mode = time.monotonic(), 0.0, ""
    async with client.stream("POST", f"{url}/api/ask/stream", json={"question": question}) as reply:
        async for line in reply.aiter_lines():
            if line == "event: sentence" and not first:
                first = time.monotonic()
            if line.startswith("data: ") and '"mode"' in line:
                mode = json.loads(line.removeprefix("data: "))["mode"]
    return sent, first, mode


async def overheads(
    url: str, endpoint: ScriptedEndpoint, asked: list[str], together: int, ramp: float = 0.0
) -> tuple[list[float], int, int]:
    """Milliseconds over the endpoint's own for each question, `together` at a time, begun over `ramp` seconds; how many
    answers are excerpts, and how many streams were open at once at the endpoint.
    """
    limits = httpx.Limits(max_connections=together)
    free = asyncio.Semaphore(together)

    async def one(number: int, question: str) -> tuple[str, float, float, str]:
        await asyncio.sleep(ramp * number / len(asked))
        async with free:
            return question, *await first_sentence(client, url, question)

    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        told = await asyncio.gather(*(one(*item) for item in enumerate(asked)))
    over = []
    for question, sent, first, mode in told:
        if mode == "generated" and first and question in endpoint.timings:
            came, left = endpoint.timings[question]
            over.append(((first - sent) - (left - came)) * 1000)
    return sorted(over), len(told) - len(over), endpoint.most_open


def report(name: str, over: list[float], excerpts: int, most_open: int) -> None:
    """Print the quantiles of some overheads."""
    p95 = over[int(len(over) * 0.95)] if over else 0.0
    print(f"{name}: p50 {statistics.median(over):.1f} ms, p95 {p95:.1f} ms over the endpoint's own time")
    print(f"  {len(over)} written, {excerpts} excerpts, {most_open} streams open at once")


def dead_endpoint(data: Path, question: str) -> None:
    """Print how long an excerpt answer takes when the endpoint refuses, before and after the breaker opens."""
    os.environ.update(OPEN, BOT_MODEL_BASE_URL="http://127.0.0.1:9/v1", BOT_MODEL_NAME="none")
    with serving([sys.executable, "app.py"], data) as (url, _, started), httpx.Client() as client:
        wait_for(f"{url}/readyz", started)
        times = []
        for _ in range(13):
            begun = time.perf_counter()
            client.post(f"{url}/api/ask", json={"question": question}).raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
    print(f"dead endpoint: first answer {times[0]:.0f} ms, with the breaker open {max(times[3:]):.1f} ms at most")


def main() -> int:
    """Measure everything; absolute figures are of this machine."""
    asked = written(questions(), ONE_BY_ONE + TOGETHER)
    print(f"{os.cpu_count()} cores, {len(asked)} questions")
    with tempfile.TemporaryDirectory() as folder, ScriptedEndpoint() as endpoint:
        os.environ.update(OPEN, BOT_MODEL_BASE_URL=endpoint.base_url, BOT_MODEL_NAME=ALONE)
        with serving([sys.executable, "app.py"], Path(folder)) as (url, _, started):
            wait_for_page(url, started)
            asyncio.run(overheads(url, endpoint, asked[:5], 1))
            report(f"one by one ({ALONE})", *asyncio.run(overheads(url, endpoint, asked[5:ONE_BY_ONE], 1)))
        os.environ["BOT_MODEL_NAME"] = AMONG_MANY
        with serving([sys.executable, "app.py"], Path(folder)) as (url, process, started):
            wait_for_page(url, started)
            asyncio.run(overheads(url, endpoint, asked[:5], 1))
            many = asyncio.run(overheads(url, endpoint, asked[ONE_BY_ONE:], TOGETHER, RAMP))
            report(f"{TOGETHER} together ({AMONG_MANY}), begun over {RAMP:.0f} s", *many)
            print(f"memory: {psutil.Process(process.pid).memory_info().rss / 2**20:.0f} MB")
        sizes = [sum(len(m["content"]) for m in body["messages"]) / 1.3 for body in endpoint.requests]
        print(f"prompt: {max(sizes):.0f} tokens at most (estimated, 1.3 characters a token)")
        dead_endpoint(Path(folder), asked[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
