"""`python -m evals.bench_page`: the residents' page under a crowd, and in a real Chromium.

50 residents, each with an HTTP session of their own, ask in the same instant; then 1,000. In Chromium: the time from
Enter to the first sentence on the page, and what a first visit transfers.
"""

import asyncio
import itertools
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from evals.bench import questions, serving, wait_for_page

RESIDENTS, CROWD, ASKED = 50, 1000, 40
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
TO_FIRST_SENTENCE = """(question) => new Promise((done) => {
  const box = document.querySelector("#question"), turns = document.querySelector("#turns");
  const begun = performance.now(), before = turns.querySelectorAll("[data-id]").length;
  const watch = new MutationObserver(() => {
    if (turns.querySelectorAll("[data-id]").length === before) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - begun));
  });
  watch.observe(turns, {childList: true, subtree: true});
  box.value = question;
  document.querySelector("#send").click();
})"""


async def crowd(url: str, size: int, asked: list[str]) -> tuple[list[float], Counter[int]]:
    """Seconds to each finished turn, and the statuses, when `size` residents ask in the same instant."""
    statuses: Counter[int] = Counter()

    async def resident(question: str) -> float:
        async with httpx.AsyncClient(base_url=url, timeout=60) as session:
            await session.get("/privacy")
            await ready.wait()
            begun = time.perf_counter()
            reply = await session.post("/turn", json={"question": question})
            statuses[reply.status_code if "event: turn" in reply.text else -1] += 1
            return time.perf_counter() - begun

    ready = asyncio.Event()
    tasks = [asyncio.create_task(resident(q)) for q in itertools.islice(itertools.cycle(asked), size)]
    await asyncio.sleep(size / 100)
    ready.set()
    return sorted(await asyncio.gather(*tasks)), statuses


def browse(url: str, asked: list[str]) -> None:
    """Print the time to the first sentence in Chromium and the weight of a first visit."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page()
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        received: list[int] = []
        network.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
        page.goto(url)
        page.wait_for_selector("#question")
        page.wait_for_timeout(1500)
        print(f"first visit: {sum(received) / 1000:.0f} kB in {len(received)} requests")
        times = sorted(page.evaluate(TO_FIRST_SENTENCE, question) for question in asked[:ASKED])
        p95 = times[int(len(times) * 0.95)]
        print(f"Enter to first sentence on the page: p50 {statistics.median(times):.0f} ms, p95 {p95:.0f} ms")
        browser.close()


def main() -> int:
    """Measure everything; absolute figures are of this machine."""
    asked = [q for q in questions() if 0 < len(q) <= 300]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving([sys.executable, "app.py"], Path(folder)) as (url, _, started),
    ):
        wait_for_page(url, started)
        for size in (RESIDENTS, CROWD):
            times, statuses = asyncio.run(crowd(url, size, asked))
            p95 = times[int(size * 0.95)]
            print(f"{size} at once: p50 {statistics.median(times):.2f} s, p95 {p95:.2f} s, statuses {dict(statuses)}")
        browse(url, asked)
    return 0


if __name__ == "__main__":
    sys.exit(main())
