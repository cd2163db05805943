"""A data folder that cannot be written is told in Chinese with the remedy, and nothing else is."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import folder
from corpus.build import INDEXES
from corpus.folder import IndexUnavailable, refuse_unwritable
from tests.conftest import ROOT, Indexed

NOBODY = 65534


def told(data: Path, module: str, *arguments: str, file_bytes: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command of ours on a data folder; no file may grow beyond `file_bytes`, as on a full disk."""

    def small() -> None:
        if file_bytes:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

    environment = {**os.environ, "BOT_DATA_DIR": str(data)}
    command = [sys.executable, *(["app.py"] if module == "app" else ["-m", module]), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, preexec_fn=small
    )


@pytest.mark.parametrize("module", ["corpus", "bot", "app"])
def test_commands_tell_and_end_with_1(module: str) -> None:
    done = told(Path("/proc/data"), module, *{"bot": ["你好"], "corpus": ["build"]}.get(module, []))
    assert done.returncode == 1
    assert "BOT_DATA_DIR" in done.stderr
    assert "/proc/data" in done.stderr
    assert "Traceback" not in done.stderr


def test_disk_that_is_full_while_the_index_is_built_is_told(indexed: Indexed, tmp_path: Path) -> None:
    """A short report is enough: its index is larger than the limit, and what else is written is there already."""
    data, folder = indexed("full"), tmp_path / "documents" / "short"
    shutil.rmtree(data / INDEXES)
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("一、目标\n修好一座桥。", encoding="utf-8")
    (folder / "document.yaml").write_text("title: 报告\nyear: 2021\npublisher: 某区\nfile: a.txt\n", encoding="utf-8")
    build = ("corpus", "build", "--documents", str(folder.parent))
    done = told(data, *build, file_bytes=100 * 1024)
    assert done.returncode == 1
    assert "请检查" in done.stderr
    assert "剩余空间" in done.stderr
    assert "Traceback" not in done.stderr
    assert told(data, *build).returncode == 0


def test_folder_is_made_and_found_usable(tmp_path: Path) -> None:
    refuse_unwritable(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_each_reason_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(IndexUnavailable, match="不是文件夹"):
        refuse_unwritable(tmp_path / "file" / "data")
    with pytest.raises(IndexUnavailable, match="同名的文件"):
        refuse_unwritable(tmp_path / "file")
    with pytest.raises(IndexUnavailable, match="没有剩余空间"):
        refuse_unwritable(tmp_path, needed=2**60)
    for code in folder.REASONS:
        assert "\u4e00" <= folder.reason(OSError(code, "x"))[0] <= "\u9fff"


def test_folder_without_permission_is_told(tmp_path: Path) -> None:
    """The superuser may write everywhere: a child that is nobody tries then."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    for parent in closed.parents[:3]:
        parent.chmod(0o755)
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setuid(NOBODY)
        try:
            refuse_unwritable(closed)
        except IndexUnavailable as problem:
            os._exit(0 if "没有权限" in str(problem) else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
