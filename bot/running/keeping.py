"""The lifecycle commands: `python -m bot backup|restore|upgrade|decommission`."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

from bot.errors import BackupUnusable
from bot.pipeline import Bot
from bot.records import copies
from bot.records.database import Database, migrate, newest, revision, revisions
from bot.running import backup as backups
from bot.running.ending import decommission as end
from bot.running.ending import report
from bot.settings import Settings
from bot.site import Site
from bot.wording import read_yaml
from corpus.folder import IndexUnavailable, refuse_unwritable, take

UNUSABLE = "记录的数据库用不了，请检查 BOT_DATABASE_URL 和磁盘"
FILE = click.Path(path_type=Path, dir_okay=False)


def database_of(chosen: Settings) -> Database:
    """The records database of the settings, not opened yet."""
    return Database(chosen.records_url, UNUSABLE, chosen.data_dir)


@click.command(help="备份记录、文件、词表和设置；服务不用停")
@click.argument("file", metavar="备份文件", type=FILE)
@click.pass_obj
def backup(chosen: Settings, file: Path) -> None:
    """Raises BackupUnusable and NotKept."""
    with closing(database_of(chosen)) as database:
        _backed_up(chosen, database, file, "backed_up")
    print(_words(chosen)["hold"])


@click.command(help="把备份恢复到空的数据库；服务要先停")
@click.argument("file", metavar="备份文件", type=FILE)
@click.option("--replace", is_flag=True, help="代替现有的记录和文件；现有的先备份")
@click.pass_obj
def restore(chosen: Settings, file: Path, replace: bool) -> None:
    """Raises BackupUnusable and NotKept."""
    words, begun = _words(chosen), time.monotonic()
    with _alone(chosen), closing(database_of(chosen)) as database:

        def save() -> None:
            if replace and _holds(database):
                _backed_up(chosen, database, backups.before(chosen, "restore"), "saved")

        done = backups.restore(chosen, database, file, replace, save)
    print(words["restored"].format(rows=sum(done.rows.values()), files=done.files, seconds=time.monotonic() - begun))
    if done.faults:
        print(words["faults"].format(count=len(done.faults)))
    print(words["settings"], done.settings, sep="\n", end="")


@click.command(help="更新程序以后改好数据库和索引；服务要先停")
@click.option("--to", "wanted", metavar="版本", default="", help="退回到数据库的哪一版，例如 0003")
@click.pass_obj
def upgrade(chosen: Settings, wanted: str) -> None:
    """Raises BackupUnusable and NotKept."""
    if wanted and wanted not in revisions():
        raise BackupUnusable(f"没有“{wanted}”这一版数据库")
    words, target = _words(chosen), wanted or newest()
    with _alone(chosen), closing(database_of(chosen)) as database:
        _reshape(chosen, database, target)
    if target != newest():
        print(words["older"].format(new=target))
        return
    with closing(Bot.open(chosen)) as bot:
        print(words["index"].format(documents=len(bot.index.corpus.documents)), words["ready"], sep="\n")


@click.command(help="停用：导出操作记录，销毁其余的，写一份报告；服务要先停")
@click.argument("file", metavar="导出文件", type=FILE)
@click.option("--confirm", metavar="服务名称", default="", help="服务的名称，表示确定")
@click.pass_obj
def decommission(chosen: Settings, file: Path, confirm: str) -> None:
    """Raises BackupUnusable and NotKept."""
    words, site = _words(chosen), Site.load(chosen.site_file).name
    if confirm != site:
        raise BackupUnusable(words["name"].format(name=site))
    with _alone(chosen), closing(database_of(chosen)) as database:
        ended = end(chosen, database, file)
    told = file.with_name(f"{file.stem}-report.txt")
    told.write_text(report(chosen, ended, site), encoding="utf-8")
    print(words["ended"].format(file=told))


COMMANDS = (backup, restore, upgrade, decommission)


def _reshape(chosen: Settings, database: Database, target: str) -> None:
    words = _words(chosen)
    with database.reshaped() as connection:
        old = revision(connection)
    if old == target:
        print(words["schema_same"].format(new=target))
        return
    if old and _holds(database):
        _backed_up(chosen, database, backups.before(chosen, "upgrade"), "saved")
    with database.reshaped() as connection:
        migrate(connection, target)
    print(words["schema"].format(old=old or words["schema_none"], new=target))


def _holds(database: Database) -> bool:
    """Whether a database holds anything that would be lost."""
    with database.reshaped() as connection:
        return not copies.is_empty(connection)


def _backed_up(chosen: Settings, database: Database, file: Path, said: str) -> None:
    begun = time.monotonic()
    done = backups.back_up(chosen, database, file)
    rows, size, seconds = sum(done.rows.values()), file.stat().st_size, time.monotonic() - begun
    words = _words(chosen)
    print(words[said].format(file=file, rows=rows, files=done.files, bytes=size, seconds=seconds))
    if done.faults:
        print(words["faults"].format(count=len(done.faults)))


@contextmanager
def _alone(chosen: Settings) -> Iterator[None]:
    """Hold the data folder, so that no service uses it meanwhile. Raises BackupUnusable when one does."""
    try:
        refuse_unwritable(chosen.data_dir)
        lock = take(chosen.data_dir)
    except IndexUnavailable as problem:
        raise BackupUnusable(str(problem)) from problem
    try:
        yield
    finally:
        lock.release()


def _words(chosen: Settings) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(chosen.prompts_dir / "running.yaml")["keeping"]
    return found
