"""PostgreSQL, Redis, Chroma and nginx of this machine, started for a measurement, killed and started again."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evals.bench import free_port

PATIENCE_SECONDS = 60.0
LISTENS = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 1)"
ANSWERS = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=1)"


@dataclass
class Server:
    """A server that can be killed with SIGKILL, and started again on the same port with the same files."""

    url: str
    command: Sequence[str]
    ready: Sequence[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until `ready` says that it answers. Raises TimeoutError."""
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, stdout=quiet, stderr=quiet, start_new_session=True)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if subprocess.run(self.ready, capture_output=True, check=False).returncode == 0:
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


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's server programs, newest first; None where there is none."""
    named = shutil.which("initdb")
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path(named).parent if named else None)


@contextmanager
def postgres(folder: Path, durable: bool = True) -> Iterator[Server]:
    """An empty PostgreSQL; `durable`: what it says is written is on the disk.

    Raises FileNotFoundError where its programs are missing.
    """
    programs = postgres_programs()
    if programs is None:
        raise FileNotFoundError("postgresql")
    folder.mkdir(mode=0o777)
    for parent in (folder, folder.parent):
        parent.chmod(0o777)
    # It refuses to run as root: the user that its package made runs it then.
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    data, port = str(folder / "data"), free_port()
    made = [*user, str(programs / "initdb"), "-D", data, "-U", "bot", "--auth=trust"]
    subprocess.run(made, check=True, capture_output=True)
    options = ["-D", data, "-p", str(port), "-k", str(folder), "-c", "listen_addresses=127.0.0.1"]
    options += [] if durable else ["-c", "fsync=off"]
    url = f"postgresql://bot@127.0.0.1:{port}/postgres"
    command = [*user, str(programs / "postgres"), *options]
    ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
    with running(Server(url, command, ready)) as server:
        yield server


@contextmanager
def redis(folder: Path) -> Iterator[Server]:
    """A Redis that keeps nothing. Raises FileNotFoundError where its program is missing."""
    program = shutil.which("redis-server")
    if program is None:
        raise FileNotFoundError("redis-server")
    folder.mkdir()
    port = str(free_port())
    command, ready = [program, "--port", port, "--dir", str(folder)], ["redis-cli", "-p", port, "ping"]
    with running(Server(f"redis://127.0.0.1:{port}", command, ready)) as server:
        yield server


@contextmanager
def chroma(folder: Path) -> Iterator[Server]:
    """An empty Chroma server. Raises FileNotFoundError where its program is missing."""
    program = Path(sys.executable).parent / "chroma"
    if not program.exists():
        raise FileNotFoundError("chroma")
    url = f"http://127.0.0.1:{free_port()}"
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", url.rpartition(":")[2]]
    with running(Server(url, command, [sys.executable, "-c", ANSWERS, f"{url}/api/v2/heartbeat"])) as server:
        yield server


@contextmanager
def nginx(folder: Path, server: str, port: int) -> Iterator[Server]:
    """An nginx over a server that listens on a port. Raises FileNotFoundError where its program is missing."""
    program = shutil.which("nginx")
    if program is None:
        raise FileNotFoundError("nginx")
    folder.mkdir()
    file, url = folder / "nginx.conf", f"https://127.0.0.1:{port}"
    around = f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{ access_log off;\n"
    file.write_text(f"{around}{server}\n}}\n", encoding="utf-8")
    ready = [sys.executable, "-c", LISTENS, str(port)]
    with running(Server(url, [program, "-p", str(folder), "-c", str(file)], ready)) as started:
        yield started
