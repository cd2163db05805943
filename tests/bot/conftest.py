"""Addresses of both databases, SQLite in a folder and a PostgreSQL started from the machine's own binaries; and
passwords that are quick to look at."""

import subprocess
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from argon2 import PasswordHasher

from bot.records.accounts import users
from evals import servers


@pytest.fixture(scope="session", autouse=True)
def costly() -> Iterator[Callable[[], PasswordHasher]]:
    """Every test but that of their cost takes the least costly passwords there are: how they are really kept."""
    really = users._hasher
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(users, "_hasher", cache(lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)))
        yield really


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of an empty PostgreSQL."""
    if servers.postgres_programs() is None:
        pytest.skip("没有 PostgreSQL 的程序")
    # Not pytest's folder: the address of a socket is short.
    with TemporaryDirectory() as folder, servers.postgres(Path(folder) / "postgres", durable=False) as server:
        yield server.url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'records.db'}"
    server = request.getfixturevalue("postgres")
    name = f"t{time.time_ns()}"
    port = server.rsplit(":", 1)[1].split("/")[0]
    programs = servers.postgres_programs()
    assert programs
    create = [str(programs / "createdb"), "-h", "127.0.0.1", "-p", port, "-U", "bot", name]
    subprocess.run(create, check=True, capture_output=True)
    return f"{server.rsplit('/', 1)[0]}/{name}"
