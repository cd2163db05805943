"""`python -m evals.bench`: speed and memory of the real product, printed with the machine's core count.

The server runs in a process of its own; so do the clients. Ratios are against a bare Gradio page started in the
same run, because absolute times depend on the machine.
"""

import asyncio
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from evals.case import CASES, load

ROOT = Path(__file__).resolve().parent.parent
CLIENTS, SINGLE, TOTAL = 64, 400, 3000
HEAD = "POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
BARE = """
import os; os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"; os.environ["HF_HUB_OFFLINE"] = "1"
import gradio as gr, uvicorn
from fastapi import FastAPI
with gr.Blocks(analytics_enabled=False) as page:
    box = gr.Textbox(); gr.Button("ok").click(str, box, box)
app = gr.mount_gradio_app(FastAPI(), page, path="/", footer_links=[], ssr_mode=False)
uvicorn.run(app, port=int(os.environ["PORT"]), log_level="warning")
"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def serving(
    command: list[str], data: Path, more: Mapping[str, str] | None = None
) -> Iterator[tuple[str, psutil.Process, float]]:
    """A server in a process of its own, with `more` in its environment: its address, the process, its start."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "BOT_DATA_DIR": str(data), **(more or {})}
    started = time.perf_counter()
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}", psutil.Process(server.pid), started
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(
    url: str,
    started: float,
    body: dict[str, str] | None = None,
    holds: Callable[[httpx.Response], bool] = lambda _: True,
) -> float:
    """Seconds from `started` until the address answers 200 and that `holds` of its answer. Raises TimeoutError."""
    while time.perf_counter() - started < 120:
        try:
            reply = httpx.post(url, json=body, timeout=5) if body else httpx.get(url, timeout=5)
            if reply.status_code == 200 and holds(reply):
                return time.perf_counter() - started
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise TimeoutError(url)


def wait_for_page(url: str, started: float) -> float:
    """Seconds from `started` until the page is the full one, and nothing is imported any more."""
    return wait_for(f"{url}/readyz", started, holds=lambda reply: bool(reply.json()["page"]))


def questions() -> list[str]:
    """Every question of the evaluation set."""
    return [case.question for path in sorted(CASES.glob("*/*.jsonl")) for case in load(path)]


def one_client(url: str, asked: list[str]) -> list[float]:
    """Milliseconds of each answer, one after the other on one connection."""
    times = []
    with httpx.Client() as client:
        for question in itertools.islice(itertools.cycle(asked), SINGLE):
            begun = time.perf_counter()
            client.post(f"{url}/api/ask", json={"question": question}).raise_for_status()
            times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)


async def many_clients(address: tuple[str, int], asked: list[str]) -> tuple[float, list[float], int, float]:
    """Answers a second with CLIENTS connections, the milliseconds of each, how many were not 200, and the seconds in
    which a page opened in the middle of it. Plain sockets cost the client little.
    """
    work = iter(list(itertools.islice(itertools.cycle(asked), TOTAL)))
    errors, times = 0, []

    async def client() -> None:
        nonlocal errors
        reader, writer = await asyncio.open_connection(*address)
        for question in work:
            sent = time.perf_counter()
            body = f'{{"question": "{question}"}}'.replace("\n", " ").encode()
            writer.write(HEAD.format(length=len(body)).encode() + body)
            header = await reader.readuntil(b"\r\n\r\n")
            length = int(header.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            errors += b" 200 " not in header[:20]
            times.append((time.perf_counter() - sent) * 1000)
        writer.close()

    begun = time.perf_counter()
    opening = asyncio.create_task(_open_page(address))
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return TOTAL / (time.perf_counter() - begun), sorted(times), errors, await opening


async def _open_page(address: tuple[str, int]) -> float:
    """Seconds for a public page, asked for in the middle of the load."""
    await asyncio.sleep(2)
    begun = time.perf_counter()
    async with httpx.AsyncClient(timeout=30) as browser:
        (await browser.get(f"http://{address[0]}:{address[1]}/")).raise_for_status()
    return time.perf_counter() - begun


def measure(url: str, process: psutil.Process, asked: list[str]) -> None:
    """Print latency, throughput and memory of a running server."""
    times = one_client(url, asked)
    p95 = times[int(len(times) * 0.95)]
    print(f"/api/ask, one client, {SINGLE} questions: p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")
    host, port = url.removeprefix("http://").split(":")
    rate, crowd, errors, opened = asyncio.run(many_clients((host, int(port)), asked))
    slow = crowd[int(len(crowd) * 0.95)]
    print(f"/api/ask, {CLIENTS} clients, {TOTAL} questions: {rate:.0f} answers/s, p95 {slow:.0f} ms, {errors} errors")
    print(f"the page under that load: {opened * 1000:.0f} ms")
    print(f"memory after {SINGLE + TOTAL} questions: {process.memory_info().rss / 2**20:.0f} MB")


def main() -> int:
    """Measure everything; absolute figures are of this machine."""
    asked = [q for q in questions() if 0 < len(q) <= 300 and '"' not in q and "\\" not in q]
    print(f"{os.cpu_count()} cores, {len(asked)} different questions")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        subprocess.run(
            [sys.executable, "-m", "corpus", "build", "--data", folder], cwd=ROOT, check=True, capture_output=True
        )
        with serving([sys.executable, "app.py"], data) as (url, process, started):
            light = wait_for(url, started)
            first = wait_for(f"{url}/api/ask", started, {"question": asked[0]})
            page = wait_for_page(url, started)
            measure(url, process, asked)
        with serving([sys.executable, "-c", BARE], data) as (url, _, started):
            bare = wait_for(url, started)
    print(f"start to a page that can be used: {light:.1f} s, to the first answer: {first:.1f} s")
    print(f"start to the full page: {page:.1f} s = {page / bare:.2f} x a bare Gradio page ({bare:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
