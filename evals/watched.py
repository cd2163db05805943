"""The service in a process of its own, asked and watched: what it answered, acknowledged, told, and what it lost."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.records import turns
from bot.records.database import Database
from bot.records.feedback import all_feedback
from evals.bench import ROOT, free_port

QUESTION = "老人食堂今年建几个"
ASKED, PATIENCE_SECONDS = 20, 300.0
PREPARED = "prepared"  # beside the folder of each service: a data folder whose index is built


@dataclass
class Service:
    """The service in a process of its own, with what it was asked and what it acknowledged."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)
    session: str = field(default_factory=lambda: uuid.uuid4().hex)
    answered: list[str] = field(default_factory=list)
    rated: list[str] = field(default_factory=list)
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        """Start, and wait until it is ready. Raises TimeoutError with the last lines of its log."""
        if not (self.folder / "indexes").exists():
            shutil.copytree(self.folder.parent / PREPARED, self.folder, dirs_exist_ok=True)
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = self.folder.parent / "service.log"
        environment = {**os.environ, "PORT": str(self.port), "BOT_DATA_DIR": str(self.folder), **self.more}
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

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

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

    def settle(self) -> None:
        """Wait until everything that was answered is in the records: turns are written behind the answer's back."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.is_whole(self.lost()) and time.monotonic() < deadline:
            time.sleep(0.1)

    @staticmethod
    def is_whole(lost: str) -> bool:
        """Whether `lost` tells of nothing."""
        return lost.count(" 0/") == 2

    def lost(self) -> str:
        """What of what was acknowledged is not in the records."""
        url = self.more.get("BOT_DATABASE_URL", f"sqlite:///{self.folder}/records.db")
        with contextlib.closing(Database(url, "unusable")) as database:
            kept = {row["answer_id"] for row in turns.of_session(database, self.session)}
            rated = {opinion.answer_id for opinion in all_feedback(database)}
        turns_lost, opinions_lost = len(set(self.answered) - kept), len(set(self.rated) - rated)
        return f"提问 {turns_lost}/{len(self.answered)}，评价 {opinions_lost}/{len(self.rated)}"
