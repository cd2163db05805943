"""The audit's chain: what was changed or taken out shows, at both ends too, and a purge is no loss."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from bot.records import audit, turns
from bot.records.audit import Fault
from bot.records.database import Database
from bot.records.schema import audit as table
from tests.bot.chain import broken_at
from tests.bot.records.conftest import FAILED

YEAR = 365


@pytest.fixture
def database(url: str, tmp_path: Path) -> Iterator[Database]:
    opened = Database(url, FAILED, tmp_path)
    yield opened
    opened.close()


def fill(database: Database, count: int) -> None:
    for number in range(count):
        with database.begin() as connection:
            audit.append(connection, "editor", "approve", answer=number)


def take_out(database: Database, first: int, last: int) -> None:
    with database.begin() as connection:
        connection.execute(delete(table).where(table.c.number.between(first, last)))


def age(database: Database, last: int, years: int = 2) -> None:
    """Make entries old, with hashes that are right: as if they had been written then."""
    at = (datetime.now(UTC) - timedelta(days=YEAR * years)).isoformat()
    with database.begin() as connection:
        before = audit.START
        for row in connection.execute(select(table).order_by(table.c.number)).all():
            moment = at if row.number <= last else row.at
            entry = audit.Entry(row.number, moment, row.actor, row.action, row.detail, before)
            before = entry.hash
            connection.execute(
                update(table)
                .where(table.c.number == row.number)
                .values(at=entry.at, before=entry.before, hash=entry.hash)
            )
    assert database.anchor
    database.anchor.path.write_text(json.dumps({"number": row.number, "hash": before}))


def test_chain_of_entries_is_whole(database: Database) -> None:
    assert audit.examine(database) == []
    fill(database, 3)
    assert audit.examine(database) == []


def test_changed_entry_shows(database: Database) -> None:
    fill(database, 3)
    with database.begin() as connection:
        connection.execute(update(table).where(table.c.number == 2).values(actor="someone else"))
    assert audit.examine(database) == [Fault("changed", 2, 2)]
    assert broken_at(database) == 2


@pytest.mark.parametrize(("first", "last"), [(1, 1), (1, 7), (2, 2), (5, 8), (8, 12), (12, 12), (1, 12)])
def test_entries_taken_out_show_wherever_they_stood(database: Database, first: int, last: int) -> None:
    fill(database, 12)
    take_out(database, first, last)
    assert audit.examine(database) == [Fault("missing", first, last)]
    assert broken_at(database) == first


def test_entries_taken_out_at_the_end_show_also_after_others_took_their_numbers(database: Database) -> None:
    fill(database, 9)
    take_out(database, 5, 9)
    fill(database, 7)
    assert audit.examine(database) == [Fault("changed", 9, 9)]


def test_chain_written_anew_shows(database: Database) -> None:
    fill(database, 3)
    take_out(database, 1, 3)
    fill(database, 3)
    assert audit.examine(database) == [Fault("changed", 3, 3)]


def test_purged_entries_are_no_loss_and_others_still_are(database: Database) -> None:
    fill(database, 12)
    age(database, 7)
    assert turns.purge(database, YEAR, YEAR, "test")["audit"] == 7
    fill(database, 1)
    assert audit.examine(database) == []
    take_out(database, 8, 9)
    assert audit.examine(database) == [Fault("missing", 8, 9)]


def test_second_purge_takes_the_record_of_the_first_and_the_chain_stays_whole(database: Database) -> None:
    fill(database, 5)
    age(database, 5)
    turns.purge(database, YEAR, YEAR, "test")
    fill(database, 2)
    age(database, 6)
    turns.purge(database, YEAR, YEAR, "test")
    assert audit.examine(database) == []


def test_purge_of_everything_leaves_the_newest_and_goes_on_counting(database: Database) -> None:
    fill(database, 4)
    age(database, 4)
    turns.purge(database, YEAR, YEAR, "test")
    with database.read() as connection:
        assert connection.execute(select(table.c.number).order_by(table.c.number)).scalars().all() == [4, 5]
    assert audit.examine(database) == []


def test_purge_takes_only_the_beginning_whatever_the_clocks_said(database: Database) -> None:
    fill(database, 4)
    age(database, 3)
    age(database, 1, years=0)
    turns.purge(database, YEAR, YEAR, "test")
    assert audit.examine(database) == []


def test_note_that_is_gone_or_damaged_is_told(database: Database) -> None:
    fill(database, 2)
    assert database.anchor
    database.anchor.path.write_text("{")
    assert audit.examine(database) == [Fault("unreadable")]
    fill(database, 1)
    assert database.anchor.path.read_text() == "{"
    database.anchor.path.unlink()
    assert audit.examine(database) == [Fault("unnoted")]
    fill(database, 1)
    assert audit.examine(database) == []


def _fail_after_appending(database: Database) -> None:
    with database.begin() as connection:
        audit.append(connection, "editor", "approve")
        raise ZeroDivisionError


def test_act_that_failed_is_not_noted(database: Database) -> None:
    fill(database, 2)
    with pytest.raises(ZeroDivisionError):
        _fail_after_appending(database)
    assert audit.examine(database) == []


def test_folder_that_cannot_be_written_stops_no_act(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    opened = Database(url, FAILED, folder)
    assert opened.anchor
    opened.anchor.path = Path("/proc/none/audit.json")
    fill(opened, 2)
    assert audit.examine(opened) == [Fault("unnoted")]
    opened.close()


def test_several_write_at_once_and_the_chain_stays_whole(database: Database) -> None:
    fill(database, 1)
    threads = [threading.Thread(target=fill, args=(database, 5)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.examine(database) == []
