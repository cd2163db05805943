"""Copies every row of a database into another, as JSON values, also between SQLite and PostgreSQL.

Tables are reflected from the database, not taken from this program's schema: a copy may be older.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Date, DateTime, MetaData, Table, delete, func, select
from sqlalchemy.engine import Connection

from bot.records import audit
from bot.records.anchor import Head
from bot.records.database import aware, migrate, newest, revision

# Sign-ins, attempts and the key that hides names in them are of no use elsewhere.
LEFT_OUT = frozenset({"alembic_version", "sign_ins", "sign_in_tries", "keys"})
VERSION, BATCH = "alembic_version", 1_000
Row = Mapping[str, Any]


def tables(connection: Connection) -> dict[str, Table]:
    """The tables that are copied, by name; none of a database that has no schema yet."""
    return {name: table for name, table in _all(connection).items() if name not in LEFT_OUT}


def rows(connection: Connection, table: Table) -> Iterator[Row]:
    """The rows of a table in key order, moments in UTC; only a few are in memory at a time."""
    columns = [column.name for column in table.columns]
    wanted = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=BATCH).execute(wanted):
        yield {name: _json_value(value) for name, value in zip(columns, row, strict=True)}


def refill(connection: Connection, schema: str, found: Iterable[tuple[str, Iterable[Row]]]) -> dict[str, int]:
    """Replace all rows by those given, of some schema revision, then migrate to this program's schema.

    How many were written, by table. Nobody stays signed in. Raises KeyError for a table that the schema lacks.
    """
    _empty(connection)
    migrate(connection, schema)
    held = tables(connection)
    counts = {name: _fill(connection, held[name], given) for name, given in found}
    migrate(connection, newest())
    return counts


def is_empty(connection: Connection) -> bool:
    """Whether no copied table has a row."""
    return not any(counted(connection).values())


def counted(connection: Connection) -> dict[str, int]:
    """How many rows there are, by table."""
    held = tables(connection).items()
    return {name: connection.execute(select(func.count()).select_from(table)).scalar() or 0 for name, table in held}


def chain(connection: Connection, noted: Head | None) -> tuple[Head | None, list[audit.Fault]]:
    """The newest audit entry, and the faults of the chain; `noted` is known to have been in it."""
    if "audit" not in tables(connection):
        return None, []
    return audit.newest(connection), audit.faults(connection, noted)


def destroy(connection: Connection) -> dict[str, int]:
    """Drop every table: how many rows went, by table."""
    gone = counted(connection)
    if revision(connection):
        migrate(connection, "")
    for table in _all(connection).values():
        table.drop(connection)
    return gone


def _all(connection: Connection) -> dict[str, Table]:
    found = MetaData()
    found.reflect(connection, resolve_fks=False)
    return {table.name: table for table in sorted(found.tables.values(), key=lambda table: table.name)}


def _empty(connection: Connection) -> None:
    for name, table in _all(connection).items():
        if name not in (VERSION, "keys"):
            connection.execute(delete(table))


def _fill(connection: Connection, table: Table, given: Iterable[Row]) -> int:
    made = {column.name: read for column in table.columns if (read := _reader(column.type))}
    count, waiting = 0, iter(given)
    while batch := [_read(row, made) for row in islice(waiting, BATCH)]:
        connection.execute(table.insert(), batch)
        count += len(batch)
    return count


def _json_value(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, datetime):
        return aware(value).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _reader(kind: object) -> Callable[[str], object] | None:
    """The conversion from JSON for a column's values; None where none is needed."""
    if isinstance(kind, DateTime):
        return datetime.fromisoformat
    return date.fromisoformat if isinstance(kind, Date) else None


def _read(row: Row, made: Mapping[str, Callable[[str], object]]) -> dict[str, Any]:
    return {name: made[name](value) if name in made and value is not None else value for name, value in row.items()}
