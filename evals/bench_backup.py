"""`python -m evals.bench_backup [--database postgresql://…]`: RECORDS conversations, backed up and restored.

Without an address SQLite in a temporary folder. With one, the restored database is that one again, with `replace`.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.records.database import Database
from bot.running.backup import back_up, restore
from bot.settings import settings
from evals.bench_office import RECORDS, database_address, fill

AIM_SECONDS, DIFFERENT = 60.0, 50
T = TypeVar("T")


def main() -> int:
    """Print both times; 1 when one is over the aim or a row is missing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chosen = settings().model_copy(update={"data_dir": folder})
        address = database_address("python -m evals.bench_backup", "备份和恢复要多久")
        source = Database(address or f"sqlite:///{folder}/records.db", "unusable", folder)
        fill(chosen, source, DIFFERENT)
        file = folder / "backup.zip"
        copied, backing = timed(lambda: back_up(chosen, source, file))
        target = source if address else Database(f"sqlite:///{folder}/other.db", "unusable", folder)
        restored, restoring = timed(lambda: restore(chosen, target, file, replace=bool(address)))
        kind = (address or "sqlite").split(":", 1)[0]
        print(f"{RECORDS} conversations in {kind}, {os.cpu_count()} cores: {copied.rows}")
        print(f"backed up in {backing:.1f} s, {file.stat().st_size / 1e6:.1f} MB; restored in {restoring:.1f} s")
    return int(max(backing, restoring) > AIM_SECONDS or copied.rows != restored.rows)


def timed(act: Callable[[], T]) -> tuple[T, float]:
    """What it gave, and its seconds."""
    begun = time.perf_counter()
    return act(), time.perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main())
