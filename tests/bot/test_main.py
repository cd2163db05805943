import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.keys import digest
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("terminal")


def run(data: Path, *arguments: str, typed: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    environment = {**os.environ, "BOT_DATA_DIR": str(data), **settings}
    return subprocess.run(command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, check=False)


def test_answer_is_printed_with_its_paragraph(data: Path) -> None:
    done = run(data, "老人食堂今年建几个")
    assert done.returncode == 0
    assert "新建“长者食堂”5个" in done.stdout
    assert "健全完善社会保障" in done.stdout


def test_json_is_that_of_the_interface(data: Path) -> None:
    assert json.loads(run(data, "--json", "老人食堂今年建几个").stdout)["status"] == "answered"


def test_unusable_question_is_told_and_fails(data: Path) -> None:
    done = run(data, "路" * 301)
    assert done.returncode == 1
    assert "300" in done.stderr


def test_key_is_printed_once_with_the_line_that_lets_it_in(data: Path) -> None:
    done = run(data, "key", "portal")
    key = next(line.strip() for line in done.stdout.splitlines() if line.strip().startswith("wz-"))
    assert f"portal:{digest(key)}" in done.stdout
    assert run(data, "key").returncode == 2
    assert run(data, "key", "a b").returncode == 2


def test_records_are_looked_after_from_the_terminal(data: Path) -> None:
    assert run(data, "records", "verify").stdout.strip() == "操作记录完整"
    assert "turns 0 行" in run(data, "records", "purge").stdout
    assert json.loads(run(data, "records", "export", "s" * 32).stdout) == []
    assert "已删除 0 条" in run(data, "records", "delete", "s" * 32).stdout
    assert run(data, "records").returncode == 2
    assert run(data, "records", "export").returncode == 2


def test_entries_of_the_audit_that_are_gone_are_told(tmp_path: Path) -> None:
    for name in ("first", "second", "third"):
        assert run(tmp_path, "users", "add", name, "agent", typed="correct horse battery\n").returncode == 0
    assert run(tmp_path, "records", "verify").stdout.strip() == "操作记录完整"
    with sqlite3.connect(tmp_path / "records.db") as records:
        records.execute("delete from audit where number in (1, 3)")
    told = run(tmp_path, "records", "verify")
    assert told.returncode == 1
    assert told.stdout.splitlines() == [
        "操作记录缺少第 1 到第 1 条，共 1 条，没有清理它们的记录",
        "操作记录缺少第 3 到第 3 条，共 1 条，没有清理它们的记录",
    ]
    (tmp_path / "records.db.audit.json").unlink()
    assert "records.db.audit.json" in run(tmp_path, "records", "verify").stdout


def test_account_is_unlocked_from_the_terminal(tmp_path: Path) -> None:
    assert run(tmp_path, "users", "unlock", "chief").returncode == 1
    run(tmp_path, "users", "add", "chief", "administrator", typed="correct horse battery\n")
    unlocked = run(tmp_path, "users", "unlock", "chief")
    assert (unlocked.returncode, unlocked.stdout.split()) == (0, ["chief", "administrator"])
    assert "unlock" in run(tmp_path, "users", "open", "chief").stderr


@pytest.mark.parametrize("command", [["老人食堂今年建几个"], ["users"]])
def test_wrong_setting_is_told_by_name_and_not_as_a_traceback(tmp_path: Path, command: list[str]) -> None:
    done = run(tmp_path, *command, BOT_RATE_EXEMPT="intranet")
    assert done.returncode == 1
    assert done.stderr.startswith("设置有误：BOT_RATE_EXEMPT：“intranet”不是网段")
    assert "Traceback" not in done.stderr


def test_demonstration_prints_its_accounts_and_leaves_real_records_alone(tmp_path: Path) -> None:
    done = run(tmp_path, "demo")
    assert done.returncode == 0
    assert re.search(r"demo-agent  \S{12}", done.stdout)
    url = f"sqlite:///{tmp_path / 'real.db'}"
    subprocess.run(
        [sys.executable, "-m", "bot", "users", "add", "somebody", "agent"],
        cwd=ROOT,
        env={**os.environ, "BOT_DATABASE_URL": url},
        input="correct horse battery",
        text=True,
        check=True,
        capture_output=True,
    )
    refused = subprocess.run(
        [sys.executable, "-m", "bot", "demo"],
        cwd=ROOT,
        env={**os.environ, "BOT_DATABASE_URL": url, "BOT_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "真实的账号或记录" in refused.stderr
