"""`python -m evals.bench_switches`: how soon a switch set in one process holds in another, ROUNDS times."""

import os
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bot.records.database import Database
from bot.records.office import switches
from bot.records.office.switches import Switch
from evals.bench import serving, wait_for

ROUNDS = 10
ASKED = {"question": "今年新增多少停车位？"}


def main() -> int:
    """Set and lift a paused topic from this process; ask two servers until both know."""
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        url = f"sqlite:///{first}/records.db"
        os.environ["BOT_DATABASE_URL"] = url
        command = [sys.executable, "app.py"]
        with serving(command, Path(first)) as (one, _, begun), serving(command, Path(second)) as (other, _, _):
            for address in (one, other):
                wait_for(f"{address}/healthz", begun)
                wait_for(f"{address}/readyz", begun)
            database = Database(url, "unusable")
            times = [_seconds(database, (one, other)) for _ in range(ROUNDS)]
            database.close()
    print(f"both processes know after p50 {statistics.median(times):.1f} s, at most {max(times):.1f} s ({len(times)})")
    return 0


def _seconds(database: Database, addresses: tuple[str, str]) -> float:
    topic = Switch("topic", "bench", "bench", datetime.now(UTC), text="核对中", topic="停车位")
    made, begun = switches.set_switch(database, topic), time.perf_counter()
    _until(addresses, "error_paused")
    took = time.perf_counter() - begun
    switches.lift(database, made.id, "bench", "bench")
    _until(addresses, "answered")
    return took


def _until(addresses: tuple[str, str], status: str) -> None:
    for address in addresses:
        while httpx.post(f"{address}/api/ask", json=ASKED).json()["status"] != status:
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())
