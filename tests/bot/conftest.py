"""Addresses of both databases: SQLite in a folder, and a PostgreSQL started from the machine's own binaries."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest


def binaries() -> Path | None:
    """The folder of PostgreSQL's server programs, newest first; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    named = shutil.which("initdb")
    return found[0] if found else Path(named).parent if named else None


def as_postgres(*command: object) -> list[str]:
    """PostgreSQL refuses to run as root: the user its package made runs it then."""
    words = [str(word) for word in command]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *words] if os.getuid() == 0 else words


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty PostgreSQL."""
    programs = binaries()
    if programs is None:
        pytest.skip("没有 PostgreSQL 的程序")
    folder = Path("/tmp") / f"postgres-{os.getpid()}"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = as_postgres(programs / "initdb", "-D", folder / "data", "-U", "bot", "--auth=trust", "--no-sync")
    subprocess.run(made, check=True, capture_output=True)
    options = ["-D", folder / "data", "-p", port, "-k", folder, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    server = subprocess.Popen(as_postgres(programs / "postgres", *options), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
    while time.monotonic() < deadline and subprocess.run(ready, capture_output=True, check=False).returncode:
        time.sleep(0.1)
    yield f"postgresql://bot@127.0.0.1:{port}/postgres"
    server.terminate()
    server.wait(timeout=20)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    server = request.getfixturevalue("postgres")
    name = f"t{time.time_ns()}"
    port = server.rsplit(":", 1)[1].split("/")[0]
    programs = binaries()
    assert programs
    create = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", port, "-U", "bot", name]
    subprocess.run(create, check=True, capture_output=True)
    return f"{server.rsplit('/', 1)[0]}/{name}"
