"""`python -m evals.faults [NAME …]`: the real service while something it stands on breaks, and after it is mended.

Each fault: what residents get, what the operator is told, and whether every turn that was answered and every opinion
that was acknowledged is in the records in the end. Traffic goes to this machine's loopback only. Needs root for the
disks (small file systems in memory are mounted), PostgreSQL and Redis; what is missing is said and left out.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.records import turns
from bot.records.database import Database
from bot.records.feedback import all_feedback
from evals.bench import ROOT, free_port
from evals.servers import postgres, redis

QUESTION = "老人食堂今年建几个"
ASKED, PATIENCE_SECONDS, DISK = 20, 300.0, "64m"
PREPARED = "prepared"  # beside the folder of each fault: a data folder whose index is built


class Missing(Exception):
    """Something of the machine that a fault needs is not there; the message names it."""


@dataclass
class Service:
    """The service in a process of its own, with what it was asked and what it acknowledged."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    answered: list[str] = field(default_factory=list)
    rated: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start, and wait until it is ready. Raises TimeoutError with the last lines of its log."""
        if not (self.folder / "chroma").exists():
            shutil.copytree(self.folder.parent / PREPARED, self.folder, dirs_exist_ok=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = self.folder.parent / "service.log"
        environment = {**os.environ, "PORT": str(port), "BOT_DATA_DIR": str(self.folder), **self.more}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=out, stderr=out
            )
        try:
            self.wait("status", "ready")
        except TimeoutError:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop as systemd does."""
        self.process.terminate()
        self.process.wait(timeout=60)

    def state(self) -> dict[str, Any]:
        """What `/readyz` tells."""
        told: dict[str, Any] = httpx.get(f"{self.url}/readyz", timeout=30).json()
        return told

    def wait(self, name: str, value: object) -> None:
        """Wait until `/readyz` tells a value. Raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                if self.state().get(name) == value:
                    return
            time.sleep(0.1)
        raise TimeoutError(f"{name} is not {value}: {self.log.read_text(errors='replace')[-800:]}")

    def ask(self, times: int = ASKED) -> str:
        """Ask, and rate each answer: how many were answered, how many opinions were acknowledged."""
        answered, rated = len(self.answered), len(self.rated)
        with httpx.Client(base_url=self.url, timeout=60) as client:
            for _ in range(times):
                reply = client.post("/api/ask", json={"question": QUESTION, "session": self.session})
                if reply.status_code == 200 and reply.json()["status"] == "answered":
                    self.answered.append(reply.json()["id"])
                    opinion = client.post("/api/feedback", json={"answer_id": self.answered[-1], "useful": True})
                    self.rated += [self.answered[-1]] if opinion.status_code < 300 else []
        return f"{len(self.answered) - answered}/{times} 答上，{len(self.rated) - rated} 个评价记下"

    def told(self) -> str:
        """What the operator is told: what is degraded, and the last warning of the log."""
        lines = [line for line in self.log.read_text(errors="replace").splitlines() if "WARNING" in line]
        last = lines[-1].split("] ", 1)[-1][:110] if lines else "（日志没有警告）"
        return f"degraded {self.state()['degraded']}；{last}"

    def lost(self) -> str:
        """What of what was acknowledged is not in the records, after the service has stopped."""
        url = self.more.get("BOT_DATABASE_URL", f"sqlite:///{self.folder}/records.db")
        with contextlib.closing(Database(url, "unusable")) as database:
            kept = {row["answer_id"] for row in turns.of_session(database, self.session)}
            rated = {opinion.answer_id for opinion in all_feedback(database)}
        turns_lost, opinions_lost = len(set(self.answered) - kept), len(set(self.rated) - rated)
        return f"提问 {turns_lost}/{len(self.answered)}，评价 {opinions_lost}/{len(self.rated)}"


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
            with filler.open("wb") as file, contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))
                    file.flush()

        return during(service, fill, filler.unlink, ("records", "ok"))


def read_only(folder: Path) -> Told:
    """The data folder becomes read-only under the service."""
    with small_disk(folder / "data") as disk:
        inner = Service(disk)
        remount = ["mount", "-o"]
        return during(
            inner,
            lambda: subprocess.run([*remount, "remount,ro", disk], check=False),
            lambda: subprocess.run([*remount, "remount,rw", disk], check=False),
            ("records", "ok"),
        )


def broken_records(folder: Path) -> Told:
    """The SQLite file is overwritten while it is in use, and brought back from a backup as the runbook says."""
    service = Service(folder / "data")
    service.start()
    service.ask()
    environment = {**os.environ, "BOT_DATA_DIR": str(service.folder)}
    backup = [sys.executable, "-m", "bot", "backup", str(folder / "backup.zip")]
    service.wait("records", "ok")
    time.sleep(2)  # what was asked last is written within half a second
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


def no_model(folder: Path) -> Told:
    """The model's address answers no more."""
    dead = f"http://127.0.0.1:{free_port()}/v1"
    more = {"BOT_MODEL_BASE_URL": dead, "BOT_MODEL_API_KEY": "key", "BOT_MODEL_NAME": "dead"}
    return during(Service(folder / "data", more), lambda: None, lambda: None, ("records", "ok"))


FAULTS: dict[str, tuple[str, Fault]] = {
    "full-disk": ("磁盘写满", full_disk),
    "read-only": ("数据目录变成只读", read_only),
    "records": ("SQLite 文件被改写", broken_records),
    "chroma": ("Chroma 文件被改写", broken_file("chroma/chroma.sqlite3")),
    "keywords": ("关键词文件被改写", broken_file("keywords/vocab.index.json")),
    "document": ("一份文件没有了正文", missing_document),
    "postgres": ("PostgreSQL 被杀，再起来", no_postgres),
    "redis": ("Redis 被杀，再起来", no_redis),
    "model": ("模型接口不通", no_model),
}


def main(wanted: Sequence[str]) -> int:
    """Print a row for each fault; 1 when something acknowledged is lost."""
    with tempfile.TemporaryDirectory() as outer:
        prepared = Path(outer) / PREPARED
        build = [sys.executable, "-m", "corpus", "build", "--data", str(prepared)]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        print("| 故障 | 居民 | 告诉运维的 | 没有记下的 |\n|---|---|---|---|", flush=True)
        return int(not all([_is_well(name, prepared) for name in wanted or FAULTS]))


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
    return lost == "—" or lost.count(" 0/") == 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
