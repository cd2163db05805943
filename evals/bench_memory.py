"""`python -m evals.bench_memory`: what the memory of a running service grows by over TOTAL questions.

Every question of the evaluation set in turn, from a few clients; the first WARM questions, which fill the caches that
are bounded, are not counted.
"""

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from evals.bench import ROOT, questions, serving, wait_for_page

WARM, TOTAL, STEPS, CLIENTS = 2_000, 10_000, 5, 4
AIM_MB = 30.0


def main() -> int:
    """Print the memory after each step; 1 when it grew by more than the aim."""
    asked = itertools.cycle([question for question in questions() if 0 < len(question) <= 300])
    with tempfile.TemporaryDirectory() as data:
        build = [sys.executable, "-m", "corpus", "build", "--data", data]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        sizes, seconds = _measure(Path(data), asked)
    grown = sizes[-1] - sizes[0]
    print(f"{TOTAL} questions in {seconds:.0f} s, {os.cpu_count()} cores: {grown:+.0f} MB (aim below {AIM_MB:.0f})")
    return int(grown > AIM_MB)


def _measure(data: Path, asked: Iterator[str]) -> tuple[list[float], float]:
    """The megabytes before the questions and after each step, and the seconds that they took."""
    with serving([sys.executable, "app.py"], data) as (url, process, begun):
        wait_for_page(url, begun)
        _ask(url, list(itertools.islice(asked, WARM)))
        sizes = [process.memory_info().rss / 2**20]
        print(f"before: {sizes[0]:.0f} MB", flush=True)
        started = time.perf_counter()
        for step in range(1, STEPS + 1):
            _ask(url, list(itertools.islice(asked, TOTAL // STEPS)))
            sizes.append(process.memory_info().rss / 2**20)
            print(f"after {step * TOTAL // STEPS}: {sizes[-1]:.0f} MB ({sizes[-1] - sizes[0]:+.0f})", flush=True)
        return sizes, time.perf_counter() - started


def _ask(url: str, asked: Sequence[str]) -> None:
    with httpx.Client(base_url=url, timeout=300) as client, ThreadPoolExecutor(CLIENTS) as pool:
        for reply in pool.map(lambda question: client.post("/api/ask", json={"question": question}), asked):
            reply.raise_for_status()


if __name__ == "__main__":
    sys.exit(main())
