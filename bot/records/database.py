"""The records' database: SQLite (WAL) in the data folder, or PostgreSQL by its address; migrated on first use."""

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from enum import IntEnum, unique
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from bot.errors import NotKept
from bot.records.anchor import APPENDED, Anchor

log = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# TCP keepalive, by which the server notices that a lock holder's machine is gone (seconds; seconds; times).
KEEPALIVE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
SECONDS = 5
MIGRATING = threading.Lock()  # Alembic keeps its state in a module
POSTGRESQL = ("postgresql", "postgresql+psycopg")


@unique
class Lock(IntEnum):
    """The numbers of the advisory locks of PostgreSQL, which all share one space."""

    MIGRATION = 7_120_345
    AUDIT = 7_120_346
    TRIES = 7_120_347
    INDEX = 7_120_348


class Database:
    """A lazily opened database. Its methods block: call them in a thread."""

    def __init__(self, url: str, failed: str, folder: Path | None = None) -> None:
        """`failed` is the message for people when nothing can be kept.

        The newest audit entry is noted beside the SQLite file, or, for PostgreSQL, in `folder` where one is given.
        """
        self._failed = failed
        self._engine = _engine(url)
        self.anchor = _anchor(self._engine.url, folder)
        self._migrated = False

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction, committed at the end. Raises NotKept when the database cannot be used."""
        with self._usable():
            self._migrate()
            with self._engine.begin() as connection:
                connection.info.pop(APPENDED, None)
                yield connection
                head = self.anchor.next(connection) if self.anchor else None
        if self.anchor and head:
            self.anchor.note(head)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only transaction, which blocks no writer. Raises NotKept."""
        with self._usable():
            self._migrate()
            with self._engine.connect().execution_options(reading=True) as connection:
                yield connection

    @contextmanager
    def as_it_is(self) -> Iterator[Connection]:
        """A transaction that reads a single snapshot, whatever its schema. Raises NotKept."""
        still = {} if self._engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self._usable():
            self._refuse_missing()
            with self._engine.connect().execution_options(reading=True, **still) as connection:
                yield connection

    @contextmanager
    def reshaped(self) -> Iterator[Connection]:
        """A transaction that may change the schema; no other process does so meanwhile. Raises NotKept."""
        with self._usable(), MIGRATING, self._alone(), self._engine.begin() as connection:
            lock_for_transaction(connection, Lock.MIGRATION)
            connection.info.pop(APPENDED, None)
            yield connection

    @contextmanager
    def one_at_a_time(self, lock: Lock) -> Iterator[None]:
        """Hold a lock across transactions; others wait until its holder is done or gone. Raises NotKept."""
        with ExitStack() as held:
            with self._usable():
                held.enter_context(self._locked(lock))
            yield

    @contextmanager
    def _locked(self, lock: Lock) -> Iterator[None]:
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.file}.{lock.value}.lock"):
                yield
            return
        with self._engine.connect() as pooled, ExitStack() as end:
            connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
            end.callback(connection.invalidate)  # the lock goes with the connection, whether or not it still answers
            for name, value in KEEPALIVE.items():
                connection.execute(text("select set_config(:name, :value, false)"), {"name": name, "value": value})
            connection.execute(text("select pg_advisory_lock(:n)"), {"n": lock.value})
            yield

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Turn errors of an unusable database into NotKept, and log the cause."""
        try:
            yield
        except (SQLAlchemyError, OSError, CommandError) as problem:
            log.warning("records: %s", _loggable(problem))
            raise NotKept(self._failed) from problem

    def _migrate(self) -> None:
        """Migrate to the newest schema, once per process."""
        if not self._migrated:
            with self.reshaped() as connection:
                migrate(connection, newest())
            self._migrated = True

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database."""
        path = self._engine.url.database
        return Path(path) if self._engine.dialect.name == "sqlite" and path else None

    def _refuse_missing(self) -> None:
        """SQLite would create a file that was only to be read."""
        if self.file and not self.file.exists():
            raise FileNotFoundError(str(self.file))

    def _alone(self) -> Any:
        """SQLite has no lock that lasts for a whole migration; a file beside the database serves as one."""
        if self.file is None:
            return nullcontext()
        if not self.file.parent.is_dir():
            raise FileNotFoundError(str(self.file))  # the lock would make the folder
        return FileLock(f"{self.file}.lock", timeout=SECONDS * 6)


def lock_for_transaction(connection: Connection, lock: Lock) -> None:
    """Wait for a lock that is released with the transaction. SQLite needs none: it has one writer at a time."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:n)"), {"n": lock.value})


def revisions() -> list[str]:
    """Every schema revision that this program knows, the oldest first."""
    return [one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def newest() -> str:
    """The schema revision of this program."""
    return revisions()[-1]


def revision(connection: Connection) -> str:
    """The schema revision of a database; empty where it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def migrate(connection: Connection, wanted: str) -> None:
    """Migrate to a revision, up or down; drop the tables when it is empty. Raises CommandError for an unknown one."""
    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(MIGRATIONS))
    has = revision(connection)
    if has and has not in revisions():
        raise CommandError(f"the schema {has} is newer than this program")
    if wanted and has <= wanted:
        command.upgrade(settings, wanted)
    else:
        command.downgrade(settings, wanted or "base")


def aware(moment: datetime) -> datetime:
    """A moment in UTC: SQLite gives them back without their zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def is_address(url: str) -> bool:
    """Whether a text is the URL of a supported database: a SQLite file or PostgreSQL."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return False
    path = address.database or ""
    if address.drivername == "sqlite":
        return path not in ("", ":memory:") and not address.host and not Path(path).is_dir()
    return address.drivername in POSTGRESQL and bool(path)


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    options = {"connect_timeout": SECONDS} if address.drivername.startswith("postgresql") else {}
    engine = create_engine(address, pool_pre_ping=True, connect_args=options, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _begin)
    return engine


def _anchor(address: URL, folder: Path | None) -> Anchor | None:
    """Where the newest audit entry of a database is noted."""
    if address.drivername == "sqlite":
        return Anchor(Path(f"{address.database}.audit.json")) if address.database else None
    if folder is None:
        return None
    name = hashlib.sha256(f"{address.host}:{address.port}/{address.database}".encode()).hexdigest()[:12]
    return Anchor(folder / f"audit-{name}.json")


def _loggable(problem: Exception) -> str:
    """An error without its parameters, rows and values, which may hold what people wrote."""
    if isinstance(problem, OperationalError | InterfaceError):
        return f"{type(problem).__name__}: {str(problem.orig).splitlines()[0]}"
    if isinstance(problem, DBAPIError):
        return f"{type(problem).__name__} ({type(problem.orig).__name__})"
    return type(problem).__name__ if isinstance(problem, SQLAlchemyError) else " ".join(str(problem).split())


def _begin(connection: Connection) -> None:
    """Begin as a writer where writing is possible: a transaction that began as a reader could have read stale rows."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _durable(connection: Any, _: object) -> None:
    """WAL, so that readers never wait for the writer; FULL, so that commits survive a crash.

    Transactions are begun in `_begin`.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", f"busy_timeout={SECONDS * 1000}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
