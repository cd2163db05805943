"""`python -m evals.bench_office [--database postgresql://…]`: the office's page over RECORDS recorded conversations.

Without an address SQLite in a temporary folder. The page is asked for cold (no report made before) and again for
another week, by HTTP, from signing in to the whole page; then the list of turns and both files.
"""

import argparse
import os
import random
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx

from bot.pipeline import Bot
from bot.records import feedback, turns
from bot.records.accounts import users
from bot.records.database import Database
from bot.records.feedback import Feedback
from bot.records.turns import Kept
from bot.running.versions import versions
from bot.settings import Settings, settings
from evals.bench import questions, serving, wait_for_page

RECORDS, DAYS, RATED, BATCH, SEED = 100_000, 28, 0.1, 2_000, 7
NAME, PASSWORD = "bench", "a password for the bench"
PATHS = (
    "office",
    "office?week={earlier}",
    "office?weeks=1",
    "office/turns",
    "office/questions.xlsx",
    "office/figures.csv",
)


def main() -> int:
    """Fill, serve, ask; absolute times are of this machine."""
    with tempfile.TemporaryDirectory() as folder:
        address = database_address("python -m evals.bench_office", "办公室的页面要多久")
        url = address or f"sqlite:///{folder}/records.db"
        database = Database(url, "unusable")
        begun = time.perf_counter()
        fill(settings().model_copy(update={"data_dir": Path(folder)}), database)
        print(f"{RECORDS} conversations in {url.split(':', 1)[0]}, written in {time.perf_counter() - begun:.0f} s")
        users.add(database, NAME, "editor", PASSWORD, "bench")
        database.close()
        _measure(Path(folder), url)
    return 0


def database_address(program: str, description: str) -> str:
    """The database that the command line names; empty: SQLite in a folder that is removed afterwards."""
    parser = argparse.ArgumentParser(prog=program, description=description)
    parser.add_argument("--database", default="", help="空的数据库的地址；不写就是临时的 SQLite")
    return str(parser.parse_args().database)


def fill(chosen: Settings, database: Database, different: int | None = None) -> None:
    """RECORDS conversations over DAYS, some of them rated; of so many different questions, or of all there are."""
    chance = random.Random(SEED)
    bot = Bot.open(chosen)
    asked = [q for q in questions() if 0 < len(q) <= 300][:different]
    answers = [(question, bot.answer(question)) for question in asked]
    made, now = versions(bot), datetime.now(UTC)
    batch: list[Kept] = []
    for number in range(RECORDS):
        question, answer = chance.choice(answers)
        own = replace(answer, id=uuid.UUID(int=chance.getrandbits(128)).hex)
        ago = timedelta(seconds=chance.random() * DAYS * 86_400)
        kept = Kept.of("page", f"{chance.getrandbits(128):032x}", question, own, chance.uniform(0.003, 0.03), made)
        batch.append(replace(kept, at=now - ago, question=f"{question}{number % 7}"))
        if len(batch) == BATCH or number == RECORDS - 1:
            turns.write(database, batch)
            batch = []
        if number % int(1 / RATED) == 0 and number < RECORDS // 5:
            feedback.keep_feedback(database, Feedback(own.id, chance.random() < 0.7))
    bot.close()


def _measure(folder: Path, url: str) -> None:
    os.environ["BOT_DATABASE_URL"] = url
    with serving([sys.executable, "app.py"], folder) as (address, _, started):
        wait_for_page(address, started)
        with httpx.Client(base_url=address, timeout=60) as client:
            client.post("/sign-in", data={"name": NAME, "password": PASSWORD})
            for path in PATHS:
                wanted = path.format(earlier=date.today() - timedelta(days=14))
                seconds, size = _whole(client, f"/{wanted}")
                print(f"/{wanted}: {seconds:.2f} s, {size / 1000:.0f} kB", flush=True)


def _whole(client: httpx.Client, path: str) -> tuple[float, int]:
    """Seconds until the page is whole, waiting where it says it is still being made."""
    begun = time.perf_counter()
    while True:
        reply = client.get(path).raise_for_status()
        if "refresh" not in reply.headers:
            return time.perf_counter() - begun, len(reply.content)
        time.sleep(float(reply.headers["refresh"]))


if __name__ == "__main__":
    sys.exit(main())
