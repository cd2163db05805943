"""PostgreSQL and Redis of this machine, started for a measurement, killed and started again."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evals.bench import free_port

PATIENCE_SECONDS = 60.0


@dataclass
class Server:
    """A server that can be killed with SIGKILL, and started again on the same port with the same files."""

    url: str
    port: int
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it listens. Raises TimeoutError."""
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, stdout=quiet, stderr=quiet, start_new_session=True)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError(self.command[0])

    def kill(self) -> None:
        """SIGKILL to it and its children."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, 9)
            self.process.wait()


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """A server while it is needed."""
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def postgres(folder: Path) -> Iterator[Server]:
    """An empty PostgreSQL that writes durably. Raises FileNotFoundError where its programs are missing."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if programs is None:
        raise FileNotFoundError("postgresql")
    folder.mkdir(mode=0o777)
    for parent in (folder, folder.parent):
        parent.chmod(0o777)
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    data, port = str(folder / "data"), free_port()
    made = [*user, str(programs / "initdb"), "-D", data, "-U", "bot", "--auth=trust"]
    subprocess.run(made, check=True, capture_output=True)
    options = ["-D", data, "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    url = f"postgresql://bot@127.0.0.1:{port}/postgres"
    command = [*user, str(programs / "postgres"), *options]
    with running(Server(url, port, command)) as server:
        yield server


@contextmanager
def redis(folder: Path) -> Iterator[Server]:
    """A Redis that keeps nothing. Raises FileNotFoundError where its program is missing."""
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("redis-server")
    folder.mkdir()
    port = free_port()
    with running(
        Server(f"redis://127.0.0.1:{port}", port, [program, "--port", str(port), "--dir", str(folder)])
    ) as server:
        yield server
