"""`python -m evals.bench_desk`: the agents' desk in a real Chromium while other agents type too.

AGENTS agents type callers' questions at once, two characters every WORD_SECONDS (a fast typist with an input method),
none of them ever pausing: one in Chromium, where the time from key to drawn results is taken, the others over HTTP.
"""

import asyncio
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

from evals.bench import ROOT, questions, serving, wait_for_page
from evals.bench_page import FLAGS

AGENTS, WORD_SECONDS, SEARCHES, ASKED = 30, 0.5, 200, 60
PASSWORD = "a password for the bench"
TYPE = """(words) => new Promise((done) => {
  const box = document.querySelector("#query"), options = document.querySelector("#options");
  const begun = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - begun));
  });
  watch.observe(options, {childList: true});
  box.value = words;
  box.dispatchEvent(new InputEvent("input"));
})"""
CLEAR = """() => document.dispatchEvent(new KeyboardEvent("keydown", {key: "Escape"}))"""


def main() -> int:
    """Print both figures; absolute times are of this machine."""
    asked = [q for q in questions() if 4 < len(q) <= 40]
    with tempfile.TemporaryDirectory() as data, serving([sys.executable, "app.py"], Path(data)) as (url, _, started):
        wait_for_page(url, started)
        for number in range(AGENTS):
            _add(data, f"agent{number}")
        stop = threading.Event()
        others = threading.Thread(target=lambda: asyncio.run(_others(url, asked, stop)))
        others.start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page()
            _sign_in(page, url)
            _tell("key to results, 30 agents at once", _typed(page, asked))
            stop.set()
            others.join()
            _tell("whole question to its words to read out, alone", [_whole(page, q) for q in asked[:ASKED]])
            browser.close()
    print(f"{os.cpu_count()} cores for server, agents and browser")
    return 0


def _typed(page: Page, asked: list[str]) -> list[float]:
    """Milliseconds from each word to its results."""
    times: list[float] = []
    for question in itertools.cycle(asked):
        page.evaluate(CLEAR)
        for end in range(2, len(question) + 1, 2):
            begun = time.perf_counter()
            times.append(page.evaluate(TYPE, question[:end]))
            time.sleep(max(0.0, WORD_SECONDS - (time.perf_counter() - begun)))
        if len(times) >= SEARCHES:
            return times
    return times


def _whole(page: Page, question: str) -> float:
    """Milliseconds from a pasted question to the words to read out."""
    page.evaluate(CLEAR)
    took = page.evaluate(TYPE, question)
    assert page.locator(".found-one:not([hidden]) .script").inner_text()
    return float(took)


async def _others(url: str, asked: list[str], stop: threading.Event) -> None:
    async def agent(number: int) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=30, follow_redirects=False) as session:
            await session.post("/sign-in", data={"name": f"agent{number}", "password": PASSWORD})
            csrf = (await session.get("/desk/begin")).json()["csrf"]
            for question in itertools.islice(itertools.cycle(asked), number * 7, None):
                for end in range(2, len(question) + 1, 2):
                    if stop.is_set():
                        return
                    begun = time.perf_counter()
                    body = {"query": question[:end]}
                    reply = await session.post("/desk/search", json=body, headers={"X-CSRF-Token": csrf})
                    reply.raise_for_status()
                    await asyncio.sleep(max(0.0, WORD_SECONDS - (time.perf_counter() - begun)))

    await asyncio.gather(*(agent(number) for number in range(1, AGENTS)))


def _sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/desk")
    page.fill("[name=name]", "agent0")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("#finder[data-ready]")


def _add(data: str, name: str) -> None:
    command = [sys.executable, "-m", "bot", "users", "add", name, "agent"]
    environment = {**os.environ, "BOT_DATA_DIR": data}
    subprocess.run(command, cwd=ROOT, env=environment, input=PASSWORD, text=True, check=True, capture_output=True)


def _tell(what: str, times: list[float]) -> None:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    print(f"{what}: p50 {statistics.median(ordered):.0f} ms, p95 {p95:.0f} ms ({len(ordered)} times)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
