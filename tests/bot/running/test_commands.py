import io
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.running.commands import main
from bot.running.keys import digest
from bot.settings import Settings, settings
from tests.conftest import ROOT, Indexed


class Done(NamedTuple):
    """A command that ran."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture(scope="module")
def data(indexed: Indexed) -> Path:
    return indexed("terminal")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command over a data folder, with what is piped in; its exit code and what it printed."""

    def made(data: Path, *arguments: str, typed: str = "", **chosen: str) -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = main(arguments, Settings(data_dir=data, _env_file=None, **chosen))
        return Done(code, *capsys.readouterr())

    return made


def test_answer_is_printed_with_its_paragraph(run: Run, data: Path) -> None:
    done = run(data, "老人食堂今年建几个")
    assert done.returncode == 0
    assert "新建“长者食堂”5个" in done.stdout
    assert "健全完善社会保障" in done.stdout


def test_json_is_that_of_the_interface(run: Run, data: Path) -> None:
    assert json.loads(run(data, "--json", "老人食堂今年建几个").stdout)["status"] == "answered"


def test_unusable_question_is_told_and_fails(run: Run, data: Path) -> None:
    done = run(data, "路" * 301)
    assert done.returncode == 1
    assert "300" in done.stderr


def test_key_is_printed_once_with_the_line_that_lets_it_in(run: Run, data: Path) -> None:
    done = run(data, "key", "portal")
    key = next(line.strip() for line in done.stdout.splitlines() if line.strip().startswith("wz-"))
    assert f"portal:{digest(key)}" in done.stdout
    assert run(data, "key", "a b").returncode == 2


def test_records_are_looked_after_from_the_terminal(run: Run, data: Path) -> None:
    assert run(data, "records", "verify").stdout.strip() == "操作记录完整"
    assert "turns 0 行" in run(data, "records", "purge").stdout
    assert json.loads(run(data, "records", "export", "s" * 32).stdout) == []
    assert "已删除 0 条" in run(data, "records", "delete", "s" * 32).stdout
    assert run(data, "records").returncode == 2
    assert run(data, "records", "export").returncode == 2


def test_entries_of_the_audit_that_are_gone_are_told(run: Run, tmp_path: Path) -> None:
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


def test_account_is_unlocked_from_the_terminal(run: Run, tmp_path: Path) -> None:
    assert run(tmp_path, "users", "unlock", "chief").returncode == 1
    run(tmp_path, "users", "add", "chief", "administrator", typed="correct horse battery\n")
    unlocked = run(tmp_path, "users", "unlock", "chief")
    assert (unlocked.returncode, unlocked.stdout.split()) == (0, ["chief", "administrator"])
    assert "unlock" in run(tmp_path, "users", "open", "chief").stderr


@pytest.mark.parametrize("command", [["老人食堂今年建几个"], ["users"]])
def test_wrong_setting_is_told_by_name_and_not_as_a_traceback(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOT_RATE_EXEMPT", "intranet")
    settings.cache_clear()
    assert main(command) == 1
    settings.cache_clear()
    assert capsys.readouterr().err.startswith("设置有误：BOT_RATE_EXEMPT：“intranet”不是网段")


def test_demonstration_prints_its_accounts_and_leaves_real_records_alone(run: Run, indexed: Indexed) -> None:
    data = indexed("demonstration")
    done = run(data, "demo")
    assert done.returncode == 0
    assert re.search(r"demo-agent  \S{12}", done.stdout)
    url = f"sqlite:///{data / 'real.db'}"
    run(data, "users", "add", "somebody", "agent", typed="correct horse battery", database_url=url)
    refused = run(data, "demo", database_url=url)
    assert refused.returncode == 1
    assert "真实的账号或记录" in refused.stderr


def test_every_command_has_help_in_chinese(run: Run, data: Path) -> None:
    listed = run(data, "--help").stdout
    for name in ("ask", "doctor", "key", "demo", "records", "users"):
        assert re.search(rf"{name} +\S*[\u4e00-\u9fff]", listed)


@pytest.mark.parametrize("wrong", [["records", "burn"], ["users", "add", "anna"], ["ask"], ["key"]])
def test_wrong_use_is_told_with_the_right_one(run: Run, data: Path, wrong: list[str]) -> None:
    done = run(data, *wrong)
    assert done.returncode == 2
    assert "命令写得不对" in done.stderr
    assert "Usage: python -m bot" in done.stderr


def test_module_is_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "bot", "--help"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0
    assert "账号" in done.stdout.decode()
