"""`python -m evals.bench_flood`: what a resident feels while others flood the service, on this machine's loopback.

A resident asks PACE times a second from 127.0.0.2, first alone, then while the others, from addresses of their own:
send 1,000 files, bodies of 200 MB, wrong passwords from 20 clients, and keep 800 requests half sent. Nobody is exempt.
"""

import argparse
import asyncio
import itertools
import os
import random
import socket
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil

from evals.bench import questions, serving, wait_for_page

QUIET_SECONDS, FLOOD_SECONDS, PACE = 8.0, 20.0, 15
UPLOADS, UPLOADERS, SENDERS, SIGNING_IN, HALF_OPEN = 1000, 10, 4, 20, 800
BODY_BYTES, PIECE = 200_000_000, b" " * 65536
RESIDENT, UPLOADER, SENDER, HALF = "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.6"
AIM_RATIO, AIM_MB = 2.0, 50
HEAD = b"POST /gradio_api/queue/join HTTP/1.1\r\nHost: bot\r\nContent-Length: %d\r\n\r\n"
KINDS = ("uploads", "bodies", "sign-ins", "half-open")
Said = Counter[str]


def main() -> int:
    """Print both waits, their ratio, and what the server's memory grew by; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench_flood", description="别人乱来的时候居民等多久")
    parser.add_argument("--only", action="append", choices=KINDS, help="只这样乱来；可以写几次")
    kinds = parser.parse_args().only or KINDS
    os.environ |= {"BOT_RATE_EXEMPT": "", "BOT_ACCESS_LOG_DAYS": "365"}
    with tempfile.TemporaryDirectory() as data, serving([sys.executable, "app.py"], Path(data)) as (url, server, begun):
        wait_for_page(url, begun)
        asked = [q for q in questions() if 0 < len(q) <= 300]
        asyncio.run(_ask(url, asked, 2.0))
        quiet, _ = asyncio.run(_ask(url, asked, QUIET_SECONDS))
        before = server.memory_info().rss
        context = get_context("spawn")
        others = context.Process(target=flood, args=(url, kinds))
        others.start()
        flooded, peak = asyncio.run(_ask(url, asked, FLOOD_SECONDS, server))
        others.join(timeout=60)
        assert others.exitcode == 0, "there was no flood"
        highest, after = ((rss - before) / 2**20 for rss in (peak, server.memory_info().rss))
    ratio = _p95(flooded) / _p95(quiet)
    _tell("alone", quiet)
    _tell("flooded", flooded)
    print(f"p95 {ratio:.2f} times the quiet one (aim below {AIM_RATIO})")
    print(f"memory {highest:+.0f} MB at its highest (aim below {AIM_MB}), {after:+.0f} MB after")
    print(f"{os.cpu_count()} cores for server, resident and flood")
    return int(ratio >= AIM_RATIO or highest >= AIM_MB)


async def _ask(
    url: str, asked: list[str], seconds: float, server: psutil.Process | None = None
) -> tuple[list[float], int]:
    """Milliseconds of each answer, and the most memory of the server in bytes."""
    times, peak = [], 0
    async with _client(url, RESIDENT) as resident:
        end = time.perf_counter() + seconds
        for question in itertools.cycle(asked):
            begun = time.perf_counter()
            if begun > end:
                break
            (await resident.post("/api/ask", json={"question": question})).raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
            peak = max(peak, server.memory_info().rss) if server else 0
            await asyncio.sleep(max(0.0, 1 / PACE - (time.perf_counter() - begun)))
    return sorted(times), peak


def flood(url: str, kinds: Sequence[str]) -> None:
    """Some kinds of flood at once, for FLOOD_SECONDS, from a process of its own; print what came of them.

    Its own work would be done elsewhere: here it gives way to the server and the resident.
    """
    os.nice(10)
    asyncio.run(_flood(url, kinds))


async def _flood(url: str, kinds: Sequence[str]) -> None:
    said: dict[str, Said] = {kind: Counter() for kind in KINDS}
    end = time.monotonic() + FLOOD_SECONDS
    numbers = iter(range(UPLOADS))
    attackers: dict[str, list[Callable[[], Awaitable[bool]]]] = {
        "uploads": [_uploading(url, numbers, said["uploads"]) for _ in range(UPLOADERS)],
        "bodies": [lambda: _send(url, said["bodies"], end)] * SENDERS,
        "sign-ins": [_signing_in(url, number, said["sign-ins"]) for number in range(SIGNING_IN)],
        "half-open": [lambda: _half_open(url, said["half-open"], end)] * HALF_OPEN,
    }
    await asyncio.gather(*(_until(end, once) for kind in kinds for once in attackers[kind]))
    for name, came in said.items():
        print(f"{name}: {dict(came) or 'none'}", flush=True)


async def _until(end: float, once: Callable[[], Awaitable[bool]]) -> None:
    while time.monotonic() < end and await once():
        pass


def _uploading(url: str, numbers: Iterator[int], said: Said) -> Callable[[], Awaitable[bool]]:
    client = _client(url, UPLOADER)

    async def once() -> bool:
        if next(numbers, None) is None:
            return False
        return await _tallied(client.post("/gradio_api/upload", files={"files": ("a.png", b"x" * 30_000)}), said)

    return once


def _signing_in(url: str, number: int, said: Said) -> Callable[[], Awaitable[bool]]:
    client = _client(url, f"127.0.1.{number + 1}")

    async def once() -> bool:
        return await _tallied(client.post("/sign-in", data={"name": f"somebody{number}", "password": "wrong"}), said)

    return once


def _client(url: str, host: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, transport=httpx.AsyncHTTPTransport(local_address=host), timeout=30)


async def _tallied(reply: Awaitable[httpx.Response], said: Said) -> bool:
    try:
        said[str((await reply).status_code)] += 1
    except httpx.HTTPError as problem:
        said[type(problem).__name__] += 1
    return True


async def _send(url: str, said: Said, end: float) -> bool:
    """One body of BODY_BYTES, as far as the server takes it."""
    _, writer = await _connected(url, SENDER)
    sent = 0
    try:
        writer.write(HEAD % BODY_BYTES)
        while sent < BODY_BYTES and time.monotonic() < end:
            writer.write(PIECE)
            await writer.drain()
            sent += len(PIECE)
        said["taken whole" if sent >= BODY_BYTES else "out of time"] += 1
    except OSError:
        said["cut off"] += 1
        said["MB sent"] += sent >> 20
    writer.transport.abort()
    return True


async def _half_open(url: str, said: Said, end: float) -> bool:
    """A request without its end, kept open as long as the server lets it."""
    try:
        reader, writer = await _connected(url, HALF)
        writer.write(b"GET / HTTP/1.1\r\nHost: bot\r\n")
        reply = await asyncio.wait_for(reader.read(), max(0.1, end - time.monotonic()))
        said[reply[9:12].decode() or "closed"] += 1
        writer.transport.abort()
    except TimeoutError:
        said["open to the end"] += 1
        writer.transport.abort()
    except OSError as problem:
        said[type(problem).__name__] += 1
    await asyncio.sleep(random.uniform(0.0, 2.0))
    return True


async def _connected(url: str, host: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    to = urlsplit(url)
    return await asyncio.open_connection(to.hostname, to.port, family=socket.AF_INET, local_addr=(host, 0))


def _p95(times: list[float]) -> float:
    return times[int(len(times) * 0.95)]


def _tell(what: str, times: list[float]) -> None:
    print(f"/api/ask {what}: p50 {statistics.median(times):.1f} ms, p95 {_p95(times):.1f} ms ({len(times)} asked)")


if __name__ == "__main__":
    sys.exit(main())
