"""`python -m evals.kills`: `kill -9`, TIMES times, at random moments of building the index and of migrating records.

After each kill the same work is begun again by another process; nothing is cleaned up in between.
"""

import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.records import copies, turns
from bot.records.database import Database, migrate, newest, revision
from bot.records.turns import Kept
from bot.settings import settings
from evals.bench import ROOT
from evals.servers import postgres

TIMES, SEED, ROWS, BATCH, OLD = 20, 9, 20_000, 1_000, "0001"
DESCRIBED = "title: 某区政府工作报告\nyear: 2020\nkind: annual_plan\npublisher: 某区人民政府\nfile: text.txt\n"
LINES = 1_500
TEXT = "一、目标\n" + "\n".join(f"新建停车位{number}个，修路{number}公里。" for number in range(1, LINES))
# With made-up vectors most of the time goes into reading and writing, which is what a kill can break.
BUILD = """
import hashlib, sys
from pathlib import Path
from corpus.build import open_index
from corpus.corpus import read_corpus
from evals.bench_scale import MadeUp
print("begun", flush=True)
data, documents, lexicon = map(Path, sys.argv[1:])
corpus = read_corpus(documents, lexicon, data)
index = open_index(corpus, data, MadeUp())
kept = index.vectors.collection.get(include=["embeddings", "metadatas"])
rows = zip(kept["ids"], (sorted(m.items()) for m in kept["metadatas"]), (v.tobytes() for v in kept["embeddings"]))
found = index.vectors.collection.query(query_embeddings=kept["embeddings"][::50], n_results=1)["ids"]
itself = found == [[one] for one in kept["ids"][::50]]
words = index.keywords.search([(corpus.words.tokens("停车位700个"), 1.0)]).tobytes()
print(len(kept["ids"]), itself, hashlib.sha256(repr((sorted(rows), words)).encode()).hexdigest())
index.close()
"""
MIGRATE = """
import sys
from bot.records.database import Database
print("begun", flush=True)
with Database(sys.argv[1], "unusable").begin(): pass
"""


def main() -> int:
    """Print what came of each kind of kill; 1 when one of them left something that another process could not use."""
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wrong = _index(folder / "index", chance)
        wrong += _migration(f"sqlite:///{folder}/records.db", chance)
        with postgres(folder / "postgres") as server:
            wrong += _migration(server.url, chance)
    return int(bool(wrong))


def _index(folder: Path, chance: random.Random) -> int:
    """Build in a process that is killed, let another one finish: how often its index is not that of an unkilled one."""
    documents = folder.with_name("documents")
    (documents / "small-2020").mkdir(parents=True)
    (documents / "small-2020" / "document.yaml").write_text(DESCRIBED, encoding="utf-8")
    (documents / "small-2020" / "text.txt").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-c", BUILD, str(folder), str(documents), str(settings().lexicon_dir)]
    took, whole = _after_begun(command, None)
    ends: Counter[str] = Counter()
    for _ in range(TIMES):
        shutil.rmtree(folder)
        ends["done before" if _after_begun(command, chance.uniform(0.0, 1.0) * took)[1] else "killed"] += 1
        ends["used again, the same" if _after_begun(command, None)[1] == whole else "unusable"] += 1
    print(f"index of {whole.split()[0]} rows, built in {took:.1f} s: {dict(ends)}", flush=True)
    return ends["unusable"]


def _migration(url: str, chance: random.Random) -> int:
    """Migrate ROWS rows from an old schema in a process that is killed: how often rows or schema were not whole."""
    with closing(Database(url, "unusable")) as database:
        _fill(database)
        _bring(database, OLD)
        command = [sys.executable, "-c", MIGRATE, url]
        took, _ = _after_begun(command, None)
        ends: Counter[str] = Counter()
        for _ in range(TIMES):
            _bring(database, OLD)
            _after_begun(command, chance.uniform(0.0, 1.0) * took)
            with database.as_it_is() as connection:
                schema, rows = revision(connection), copies.counted(connection)["turns"]
            ends[f"at {schema}"] += 1
            ends["unusable"] += rows != ROWS or schema not in (OLD, newest())
            with database.begin() as connection:
                ends["used again"] += copies.counted(connection)["turns"] == ROWS
    print(f"{ROWS} turns in {url.split(':', 1)[0]}, migrated in {took:.2f} s: {dict(ends)}", flush=True)
    return ends["unusable"] + TIMES - ends["used again"]


def _fill(database: Database) -> None:
    """Turns that nobody asked: only their number matters."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for start in range(0, ROWS, BATCH):
        numbers = range(start, start + BATCH)
        made = [
            Kept(f"{n:032x}", at, "", "api", "问", "answered", "excerpt", "", "答", [], [], None, {}, 0.01)
            for n in numbers
        ]
        turns.write(database, made)


def _bring(database: Database, schema: str) -> None:
    with database.reshaped() as connection:
        migrate(connection, schema)


def _after_begun(command: list[str], seconds: float | None) -> tuple[float, str]:
    """Kill a process some seconds after it has begun to work, or let it end: the seconds it worked, what it said."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    process.stdout.readline()
    begun = time.perf_counter()
    if seconds is not None:
        time.sleep(seconds)
        process.kill()
    said = process.stdout.read()
    process.wait()
    process.stdout.close()
    return time.perf_counter() - begun, said


if __name__ == "__main__":
    sys.exit(main())
