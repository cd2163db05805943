"""The commands that keep, bring back, renew and end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.records.accounts import users
from bot.records.database import Database, migrate, newest, revision, revisions
from bot.records.office import approved
from bot.running.commands import main
from bot.running.keeping import database_of
from bot.settings import Settings
from bot.site import Site
from corpus.folder import take
from tests.bot.running.conftest import fill
from tests.conftest import Indexed
from tests.corpus.test_folder import told

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def data(indexed: Indexed) -> Path:
    return indexed("keeping")


@pytest.fixture
def chosen(data: Path, tmp_path: Path) -> Settings:
    """Settings over an index that is built, with records of their own."""
    return Settings(data_dir=data, database_url=f"sqlite:///{tmp_path / 'records.db'}", _env_file=None)


@pytest.fixture
def database(chosen: Settings) -> Iterator[Database]:
    opened = database_of(chosen)
    users.add(opened, "chief", "administrator", PASSWORD, "command")
    yield opened
    opened.close()


def schema_of(database: Database) -> str:
    with database.as_it_is() as connection:
        return revision(connection)


def test_backup_is_restored_with_what_was_there_saved_first(
    chosen: Settings, database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "backup.zip")
    assert main(["backup", file], chosen) == 0
    assert "已备份到" in capsys.readouterr().out
    users.add(database, "later", "agent", PASSWORD, "command")
    assert main(["restore", file], chosen) == 1
    assert "--replace" in capsys.readouterr().err
    assert main(["restore", file, "--replace"], chosen) == 0
    (saved,) = chosen.data_dir.glob("before-restore-*.zip")
    assert str(saved) in capsys.readouterr().out
    assert [one["name"] for one in users.every(database)] == ["chief"]
    assert main(["restore", str(saved), "--replace"], chosen) == 0
    assert [one["name"] for one in users.every(database)] == ["chief", "later"]
    for left in chosen.data_dir.glob("before-restore-*.zip"):
        left.unlink()


@pytest.mark.parametrize(
    "command", [["restore", "x.zip"], ["upgrade"], ["decommission", "x.zip", "--confirm", "问政有据"]]
)
def test_nothing_is_changed_under_a_running_service(
    chosen: Settings, database: Database, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    serving = take(chosen.data_dir)
    try:
        assert main(command, chosen) == 1
    finally:
        serving.release()
    assert "正被另一个进程使用" in capsys.readouterr().err
    assert [one["name"] for one in users.every(database)] == ["chief"]


def test_older_database_is_saved_and_brought_up_and_can_go_back(
    chosen: Settings, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["upgrade", "--to", "0002"], chosen) == 0
    assert "换回用这一版数据库的程序" in capsys.readouterr().out
    assert schema_of(database) == "0002"
    assert len(list(chosen.data_dir.glob("before-upgrade-*.zip"))) == 1
    assert main(["upgrade"], chosen) == 0
    assert f"从 0002 改到 {newest()}" in capsys.readouterr().out
    assert schema_of(database) == newest()
    assert [one["name"] for one in users.every(database)] == ["chief"]
    assert main(["upgrade", "--to", "9999"], chosen) == 1
    assert "没有“9999”这一版" in capsys.readouterr().err


def test_every_migration_goes_down_and_up_again_with_rows_in_the_tables(url: str) -> None:
    opened = Database(url, "unusable")
    fill(opened)
    _, *with_users = revisions()
    for step in [*reversed(with_users), *with_users]:
        with opened.reshaped() as connection:
            migrate(connection, step)
        assert schema_of(opened) == step
    assert [one["name"] for one in users.every(opened)] == ["chief"]
    (left,) = approved.every(opened)
    assert left.citations, "what rested on a named source went with its column"
    opened.close()


def test_end_exports_the_audit_destroys_the_rest_and_reports(
    indexed: Indexed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = Settings(data_dir=indexed("ending"), _env_file=None)
    opened = database_of(chosen)
    users.add(opened, "chief", "administrator", PASSWORD, "command")
    opened.close()
    (chosen.data_dir / "somebody's own.txt").write_text("x")
    export, name = tmp_path / "end.zip", Site.load(chosen.site_file).name
    assert main(["decommission", str(export)], chosen) == 1
    assert f"--confirm {name}" in capsys.readouterr().err
    assert main(["decommission", str(export), "--confirm", name], chosen) == 0
    assert [path.name for path in chosen.data_dir.iterdir()] == ["somebody's own.txt"]
    report = (tmp_path / "end-report.txt").read_text(encoding="utf-8")
    for told_of in ("users\t1", str(export), "records.db", "somebody's own.txt", "操作记录核对完整"):
        assert told_of in report
    assert main(["restore", str(export)], chosen) == 1
    assert "不是备份" in capsys.readouterr().err


def test_full_disk_leaves_no_half_of_a_backup(tmp_path: Path) -> None:
    opened = database_of(Settings(data_dir=tmp_path, _env_file=None))
    users.add(opened, "chief", "administrator", PASSWORD, "command")
    opened.close()
    done = told(tmp_path, "bot", "backup", str(tmp_path / "backup.zip"), file_bytes=64 * 1024)
    assert done.returncode == 1
    assert "没有写成" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("backup.zip*"))
