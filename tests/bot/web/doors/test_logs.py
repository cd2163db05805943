import json
import logging
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.web.doors import access
from bot.web.doors.access import request_id
from bot.web.doors.logs import AccessFile, Discreet
from tests.conftest import ROOT

SECRET = "我叫王小明"
PROGRAM = """
import asyncio, logging, sys
from pathlib import Path
from bot.settings import Settings
from bot.web.doors import access
from bot.web.doors.logs import logging_as
settings = Settings(_env_file=None, data_dir=Path(sys.argv[1]), log_level="info", access_log_days=int(sys.argv[2]))
async def fails():
    raise ValueError({secret!r})
async def forgotten():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
with logging_as(settings):
    access.request_id.set("0123456789abcdef")
    access.refused(("203.0.113.77", 1), 431)
    logging.getLogger("bot.x").info("ours at info")
    logging.getLogger("openai").info("theirs at info")
    logging.getLogger("bm25s").setLevel(logging.DEBUG)
    logging.getLogger("bm25s").debug("theirs at info")
    logging.getLogger("openai").warning("theirs at warning")
    asyncio.run(forgotten())
    print(sum(isinstance(handler, logging.StreamHandler) for handler in logging.getLogger().handlers))
"""


def run(folder: Path, days: int = 365) -> subprocess.CompletedProcess[str]:
    program = PROGRAM.replace("{secret!r}", repr(SECRET))
    command = [sys.executable, "-c", program, str(folder), str(days)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)


def test_console_tells_ours_at_our_level_and_others_warnings_with_the_request(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert "INFO bot.x [0123456789abcdef] ours at info" in done.stderr
    assert "WARNING openai [0123456789abcdef] theirs at warning" in done.stderr
    assert "theirs at info" not in done.stderr
    assert done.stdout.strip() == "1"


def test_task_that_failed_unseen_is_told_without_what_it_says(tmp_path: Path) -> None:
    said = run(tmp_path).stderr
    assert "Task exception was never retrieved" in said
    assert "builtins.ValueError" in said
    assert SECRET not in said


def test_lines_are_in_the_file_when_the_service_ends(tmp_path: Path) -> None:
    run(tmp_path)
    line = (tmp_path / "logs" / "access.log").read_text(encoding="utf-8")
    assert line.endswith(" 203.0.113.0 - - 431 0.0 - -\n")
    assert line.startswith(f"{date.today().year}-")


def test_no_days_mean_no_file(tmp_path: Path) -> None:
    run(tmp_path, days=0)
    assert not (tmp_path / "logs").exists()


@pytest.mark.parametrize("blocked", ["full", "folder is a file"])
def test_disk_that_takes_nothing_stops_nothing(tmp_path: Path, blocked: str) -> None:
    if blocked == "full":
        (tmp_path / "logs").mkdir()
        (tmp_path / "logs" / "access.log").symlink_to("/dev/full")
    else:
        (tmp_path / "logs").touch()
    done = run(tmp_path)
    assert done.stderr.count("the access log cannot be written") == 1
    assert "Traceback" not in done.stderr.split("Task exception")[0]


def record(message: str = "line") -> logging.LogRecord:
    return logging.LogRecord("bot.web.doors.access", logging.INFO, "", 0, message, (), None)


def test_file_that_could_not_be_written_is_opened_anew_and_nothing_piles_up(tmp_path: Path) -> None:
    file = AccessFile(tmp_path / "access.log", 3)
    (tmp_path / "access.log").symlink_to("/dev/full")
    for number in range(100):
        file.handle(record(f"lost {number}"))
    (tmp_path / "access.log").unlink()
    file.handle(record("kept"))
    file.close()
    assert (tmp_path / "access.log").read_text(encoding="utf-8").endswith(" kept\n")
    assert "lost" not in (tmp_path / "access.log").read_text(encoding="utf-8")


def test_each_day_has_its_file_and_old_ones_go(tmp_path: Path) -> None:
    for age in (3, 4, 400):
        (tmp_path / f"access.log.{date.today() - timedelta(days=age)}").touch()
    (tmp_path / "access.log.other").touch()
    file = AccessFile(tmp_path / "access.log", 3)
    file.handle(record("today"))
    file.rolloverAt = int(time.time()) - 1
    file.handle(record("tomorrow"))
    file.close()
    kept = {found.name for found in tmp_path.iterdir()}
    assert f"access.log.{date.today() - timedelta(days=3)}" in kept
    assert f"access.log.{date.today() - timedelta(days=4)}" not in kept
    assert f"access.log.{date.today() - timedelta(days=400)}" not in kept
    assert "access.log.other" in kept
    assert "tomorrow" in (tmp_path / "access.log").read_text(encoding="utf-8")
    assert len(kept) == 4


def test_traceback_says_where_and_what_kind_but_not_what_was_typed() -> None:
    def ask(question: str) -> None:
        try:
            int(question)
        except ValueError as problem:
            raise ExceptionGroup(f"about {question}", [RuntimeError(question), KeyError(question)]) from problem

    try:
        ask(SECRET)
    except ExceptionGroup as problem:
        failed = problem
    made = record()
    made.exc_info = (type(failed), failed, failed.__traceback__)
    said = Discreet("%(message)s").format(made)
    assert SECRET not in said
    for kind in ("builtins.ValueError", "builtins.ExceptionGroup", "builtins.RuntimeError", "builtins.KeyError"):
        assert kind in said
    assert "in ask" in said


def test_outside_a_request_there_is_no_number() -> None:
    assert request_id.get() == "-" or len(request_id.get()) == 16


def test_lines_for_a_platform_are_json_with_the_fields_by_name(tmp_path: Path) -> None:
    code = (
        "import logging; from bot.settings import Settings; from bot.web.doors import access, logs\n"
        f"with logs.logging_as(Settings(data_dir={str(tmp_path)!r}, log_format='json', _env_file=None)):\n"
        "    access.refused(('192.0.2.77', 1), 429)\n"
        "    try: 1 / 0\n"
        "    except ZeroDivisionError: logging.getLogger('bot.x').exception('broken “%s”', 'here')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stderr)
    assert (told["level"], told["logger"], told["message"]) == ("error", "bot.x", "broken “here”")
    assert told["trace"].endswith("ZeroDivisionError")
    line = json.loads((tmp_path / "logs" / "access.log").read_text())
    assert (line["client"], line["status"], line["method"]) == ("192.0.2.0", 429, "-")
    assert set(line) == {"time", "level", *access.FIELDS}
