"""`python -m evals.topology [--only PART]`: the large set of docs/deploy, asked steadily while each part is killed.

Two services, PostgreSQL, Chroma, Redis and nginx with the configuration of docs/deploy/nginx.large.conf, on this
machine's loopback. For each part: how many requests failed, over how long a span at most, what the operator is told,
and whether every turn that was acknowledged is in the records in the end.
"""

import argparse
import contextlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import httpx

from bot.records import turns
from bot.records.database import Database
from corpus.shelving import Given, put_up
from evals.bench import ROOT, free_port
from evals.servers import Server, chroma, nginx, postgres, redis
from evals.watched import PATIENCE_SECONDS, QUESTION, Service

CLIENTS, BETWEEN_SECONDS, CALM_SECONDS, AWAY_SECONDS, TIMEOUT_SECONDS = 4, 0.25, 8.0, 10.0, 30.0
RESTARTED_SECONDS = 1.0
CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=wenzheng"]
NEW = "某市青山区2020年政府工作报告\n一、2020年工作安排\n今年改造公厕21座。"  # the report that is held stays the latest


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: when it began and ended (monotonic seconds), and the id of the answer that came; empty when none."""

    begun: float
    ended: float
    answer: str


@dataclass
class Residents:
    """Clients that ask through the proxy until they are stopped."""

    url: str
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    asked: list[Asked] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """They ask meanwhile, and before and after for a while."""
        self.asked.clear()
        self.stopping.clear()
        threads = [threading.Thread(target=self._ask) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            time.sleep(CALM_SECONDS)
            yield
            time.sleep(CALM_SECONDS)
        finally:
            self.stopping.set()
            for thread in threads:
                thread.join()

    def _ask(self) -> None:
        with httpx.Client(base_url=self.url, timeout=TIMEOUT_SECONDS, verify=False) as client:
            while not self.stopping.wait(BETWEEN_SECONDS):
                begun, answer = time.monotonic(), ""
                with contextlib.suppress(httpx.HTTPError):
                    reply = client.post("/api/ask", json={"question": QUESTION, "session": self.session})
                    if reply.status_code == 200 and reply.json()["status"] == "answered":
                        answer = reply.json()["id"]
                self.asked.append(Asked(begun, time.monotonic(), answer))

    @property
    def failed(self) -> int:
        """How many got no answer."""
        return sum(not one.answer for one in self.asked)

    @property
    def longest(self) -> float:
        """Over how many seconds at most one failed after the other."""
        in_order = sorted(self.asked, key=lambda one: one.ended)
        spans = [list(run) for failed, run in groupby(in_order, key=lambda one: not one.answer) if failed]
        return max((run[-1].ended - min(one.begun for one in run) for run in spans), default=0.0)

    def lost(self, url: str) -> int:
        """How many of the turns that were acknowledged do not come to be in the records."""
        answered = {one.answer for one in self.asked if one.answer}
        deadline = time.monotonic() + PATIENCE_SECONDS / 10
        with contextlib.closing(Database(url, "unusable")) as database:
            while True:
                left = answered - {row["answer_id"] for row in turns.of_session(database, self.session)}
                if not left or time.monotonic() > deadline:
                    return len(left)
                time.sleep(0.5)


@dataclass(frozen=True)
class Large:
    """The running set."""

    services: tuple[Service, Service]
    postgres: Server
    chroma: Server
    redis: Server
    nginx: Server
    documents: Path

    def killed(self, server: Server) -> str:
        """A server is killed, is away for a while, and is started again: what the first service told of it."""
        server.kill()
        time.sleep(AWAY_SECONDS)
        told = self.services[0].told()
        server.start()
        for service in self.services:
            service.wait("degraded", [])
        return told

    def service_killed(self) -> str:
        """A service is killed and started again."""
        self.services[0].kill()
        time.sleep(AWAY_SECONDS)
        begun = time.monotonic()
        self.services[0].start()
        return f"再启动，{time.monotonic() - begun:.1f} 秒后就绪"

    def proxy_killed(self) -> str:
        """The proxy is killed and started again soon, as a container engine does."""
        self.nginx.kill()
        time.sleep(RESTARTED_SECONDS)
        self.nginx.start()
        return "—"

    def restarted(self) -> str:
        """One service after the other is stopped as systemd does, and started again."""
        for service in self.services:
            service.stop()
            service.start()
            time.sleep(CALM_SECONDS)
        return "—"

    def document_put_up(self) -> str:
        """A document is put up: after how many seconds each service has it."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "report.txt"
            file.write_text(NEW, encoding="utf-8")
            put_up(file, self.documents, Given("qingshan-2020"))
        begun, taken = time.monotonic(), []
        for service in self.services:
            service.wait("documents", 2)
            taken.append(f"{time.monotonic() - begun:.1f}")
        return f"{'、'.join(taken)} 秒后用上"


PARTS: dict[str, tuple[str, Callable[[Large], str]]] = {
    "service": ("一个问答服务被杀", Large.service_killed),
    "chroma": ("Chroma 被杀", lambda large: large.killed(large.chroma)),
    "postgres": ("PostgreSQL 被杀", lambda large: large.killed(large.postgres)),
    "redis": ("Redis 被杀", lambda large: large.killed(large.redis)),
    "nginx": (f"nginx 被杀，{RESTARTED_SECONDS:g} 秒后再起来", Large.proxy_killed),
    "restart": ("逐个重新启动", Large.restarted),
    "document": ("放上一份文件", Large.document_put_up),
}


@contextlib.contextmanager
def large(folder: Path) -> Iterator[Large]:
    """The set, running. Raises FileNotFoundError where a program is missing."""
    documents = shutil.copytree(ROOT / "corpus" / "documents", folder / "documents")
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(postgres(folder / "postgres"))
        vectors = stack.enter_context(chroma(folder / "chroma"))
        counts = stack.enter_context(redis(folder / "redis"))
        more = {
            "BOT_DATABASE_URL": database.url,
            "BOT_CHROMA_URL": vectors.url,
            "BOT_RATE_STORAGE": counts.url,
            "BOT_RATE_EXEMPT": "",
            "BOT_DOCUMENTS_DIR": str(documents),
        }
        services = tuple(_service(folder / name, more, stack) for name in ("app1", "app2"))
        port = free_port()
        proxy = stack.enter_context(nginx(folder / "nginx", _configured(folder, services, port), port))
        yield Large((services[0], services[1]), database, vectors, counts, proxy, documents)


def _service(folder: Path, more: dict[str, str], stack: contextlib.ExitStack) -> Service:
    """A service with a data folder of its own, started."""
    (folder / "data" / "indexes").mkdir(parents=True)
    service = Service(folder / "data", more)
    service.start()
    stack.callback(service.stop)
    return service


def _configured(folder: Path, services: Sequence[Service], port: int) -> str:
    """docs/deploy/nginx.large.conf with the ports of this run and a certificate made now."""
    made = [*CERTIFICATE, "-keyout", str(folder / "server.key"), "-out", str(folder / "server.crt")]
    subprocess.run(made, check=True, capture_output=True)
    text = (ROOT / "docs" / "deploy" / "nginx.large.conf").read_text(encoding="utf-8")
    for stated, used in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("listen [::]:443", f"listen [::1]:{port}"),
        ("/etc/nginx/tls", str(folder)),
        *((f"app{number}:7860", f"127.0.0.1:{one.port}") for number, one in enumerate(services, 1)),
    ):
        text = text.replace(stated, used)
    return text


def main() -> int:
    """Print a row for each part; 1 when a turn that was acknowledged is lost."""
    parser = argparse.ArgumentParser(prog="python -m evals.topology", description="几个服务一起时，每一样被杀会怎样")
    parser.add_argument("--only", action="append", choices=PARTS, help="只杀这一样；可以写几次")
    wanted = parser.parse_args().only or PARTS
    whole = True
    with tempfile.TemporaryDirectory() as folder, large(Path(folder)) as running:
        residents = Residents(running.nginx.url)
        print("| | 请求 | 失败 | 最长一段失败 | 告诉运维的 | 没有记下的 |\n|---|---|---|---|---|---|", flush=True)
        for name in wanted:
            title, act = PARTS[name]
            with residents.asking():
                told = act(running)
            lost, asked, failed = residents.lost(running.postgres.url), len(residents.asked), residents.failed
            share = f"{failed}（{failed / asked:.1%}）"
            print(f"| {title} | {asked} | {share} | {residents.longest:.1f} 秒 | {told} | {lost} |", flush=True)
            whole = whole and not lost
    return int(not whole)


if __name__ == "__main__":
    sys.exit(main())
