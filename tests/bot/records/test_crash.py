"""What was acknowledged outlives kill -9; the audit's chain stays whole."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from bot.records.database import Database
from bot.records.feedback import all_feedback
from tests.bot.chain import broken_at
from tests.bot.records.conftest import FAILED
from tests.conftest import ROOT

# Each number of acknowledged records, from none to four more, twice.
TIMES = 10
WRITER = """
import sys, uuid
from bot.records import audit
from bot.records.database import Database
from bot.records.feedback import Feedback, keep_feedback
database = Database(sys.argv[1], "x")
while True:
    answer_id = uuid.uuid4().hex
    keep_feedback(database, Feedback(answer_id, True))
    with database.begin() as connection:
        audit.append(connection, "writer", "wrote", answer=answer_id)
    print(answer_id, flush=True)
"""


def test_no_acknowledged_record_is_lost(url: str, tmp_path: Path) -> None:
    acknowledged: set[str] = set()
    for number in range(TIMES):
        told = tmp_path / f"told-{number}"
        with told.open("wb") as out:
            writer = subprocess.Popen([sys.executable, "-c", WRITER, url], cwd=ROOT, stdout=out)
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and told.stat().st_size < 33 * (1 + number % 5):
                time.sleep(0.005)
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
        lines = told.read_text().split("\n")[:-1]
        assert lines
        acknowledged |= set(lines)
    database = Database(url, FAILED)
    assert acknowledged <= {opinion.answer_id for opinion in all_feedback(database)}
    assert broken_at(database) is None
    database.close()
