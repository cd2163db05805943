"""`python -m evals.faults [--only NAME]`: the real service while something it stands on breaks, and after it is mended.

Each fault: what residents get, what the operator is told, and whether every turn that was answered and every opinion
that was acknowledged is in the records in the end. Traffic goes to this machine's loopback only. Needs root for the
disks (small file systems in memory are mounted), PostgreSQL and Redis; what is missing is said and left out.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from evals.bench import ROOT
from evals.servers import postgres, redis
from evals.watched import PREPARED, Service

DISK = "64m"


class Missing(Exception):
    """Something of the machine that a fault needs is not there; the message names it."""


Told = tuple[str, str, str]
Fault = Callable[[Path], Told]


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A small file system in memory. Raises Missing where it cannot be mounted."""
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", folder], check=False).returncode:
        raise Missing("不能挂载内存文件系统")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def during(service: Service, harm: Callable[[], object], mend: Callable[[], object], until: tuple[str, object]) -> Told:
    """Ask before, while it is broken and after it is mended."""
    service.start()
    try:
        service.ask()
        harm()
        residents = service.ask()
        told = service.told()
        mend()
        service.wait(*until)
        service.ask()
    finally:
        service.stop()
    return residents, told, service.lost()


def full_disk(folder: Path) -> Told:
    """The disk of the data folder is filled to the last byte."""
    with small_disk(folder / "data") as disk:
        service = Service(disk)
        filler = disk / "filler"

        def fill() -> None:
            with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))

        return during(service, fill, filler.unlink, ("records", "ok"))


def broken_records(folder: Path) -> Told:
    """The SQLite file is overwritten while it is in use, and brought back from a backup as the runbook says."""
    service = Service(folder / "data")
    service.start()
    service.ask()
    environment = {**os.environ, "BOT_DATA_DIR": str(service.folder)}
    backup = [sys.executable, "-m", "bot", "backup", str(folder / "backup.zip")]
    service.settle()
    subprocess.run(backup, cwd=ROOT, env=environment, check=True, capture_output=True)
    saved = list(service.answered), list(service.rated)
    for path in service.folder.glob("records.db*"):
        if path.suffix in (".db", ".db-wal", ".db-shm"):
            path.write_bytes(os.urandom(path.stat().st_size or 1))
    residents = service.ask()
    told = service.told()
    service.stop()
    for path in list(service.folder.glob("records.db*")):
        path.rename(folder / path.name)
    restore = [sys.executable, "-m", "bot", "restore", str(folder / "backup.zip")]
    subprocess.run(restore, cwd=ROOT, env=environment, check=True, capture_output=True)
    service.answered, service.rated = saved
    service.start()
    service.ask()
    service.stop()
    return residents, told, f"恢复到备份时：{service.lost()}"


def broken_file(name: str) -> Fault:
    """A file of the index is overwritten while the service is down."""

    def fault(folder: Path) -> Told:
        service = Service(folder / "data")
        service.start()
        service.ask()
        service.stop()
        (path,) = service.folder.glob(name)
        path.write_bytes(os.urandom(path.stat().st_size))
        service.start()
        try:
            residents, told = service.ask(), service.told()
            if not list(service.folder.glob("damaged-*")):
                told += "；没有移开损坏的一份"
        finally:
            service.stop()
        return residents, told, service.lost()

    return fault


def missing_document(folder: Path) -> Told:
    """One of two documents loses its text."""
    documents = shutil.copytree(ROOT / "corpus" / "documents", folder / "documents")
    other = documents / "rules-2020"
    other.mkdir()
    described = {
        "title": "某某管理办法",
        "year": 2020,
        "kind": "regulation",
        "publisher": "某区人民政府",
        "file": "text.txt",
    }
    (other / "document.yaml").write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
    service = Service(folder / "data", {"BOT_DOCUMENTS_DIR": str(documents)})
    service.start()
    try:
        return service.ask(), service.told(), "—"
    finally:
        service.stop()


def no_postgres(folder: Path) -> Told:
    """PostgreSQL is killed with SIGKILL and started again."""
    with postgres(folder / "postgres") as server:
        more = {"BOT_DATABASE_URL": server.url}
        return during(Service(folder / "data", more), server.kill, server.start, ("records", "ok"))


def no_redis(folder: Path) -> Told:
    """Redis is killed and started again."""
    with redis(folder / "redis") as server:
        more = {"BOT_RATE_STORAGE": server.url, "BOT_RATE_EXEMPT": ""}
        return during(Service(folder / "data", more), server.kill, server.start, ("records", "ok"))


FAULTS: dict[str, tuple[str, Fault]] = {
    "full-disk": ("磁盘写满", full_disk),
    "records": ("SQLite 文件被改写", broken_records),
    "chroma": ("Chroma 文件被改写", broken_file("indexes/*/chroma/chroma.sqlite3")),
    "keywords": ("关键词文件被改写", broken_file("indexes/*/keywords/vocab.index.json")),
    "document": ("一份文件没有了正文", missing_document),
    "postgres": ("PostgreSQL 被杀，再起来", no_postgres),
    "redis": ("Redis 被杀，再起来", no_redis),
}


def main() -> int:
    """Print a row for each fault; 1 when something acknowledged is lost."""
    parser = argparse.ArgumentParser(prog="python -m evals.faults", description="坏了一样东西的时候，各方看到什么")
    parser.add_argument("--only", action="append", choices=FAULTS, help="只试这一种；可以写几次")
    wanted = parser.parse_args().only or FAULTS
    with tempfile.TemporaryDirectory() as outer:
        prepared = Path(outer) / PREPARED
        build = [sys.executable, "-m", "corpus", "build", "--data", str(prepared)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        print("| 故障 | 居民 | 告诉运维的 | 没有记下的 |\n|---|---|---|---|", flush=True)
        return int(not all([_is_well(name, prepared) for name in wanted]))


def _is_well(name: str, prepared: Path) -> bool:
    """Try one fault and print its row: whether nothing was lost."""
    title, fault = FAULTS[name]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / PREPARED).symlink_to(prepared)
        try:
            residents, told, lost = fault(Path(folder))
        except (Missing, FileNotFoundError) as missing:
            residents, told, lost = "没有试", str(missing), "—"
    print(f"| {title} | {residents} | {told} | {lost} |", flush=True)
    return lost == "—" or Service.is_whole(lost)


if __name__ == "__main__":
    sys.exit(main())
