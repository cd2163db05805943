import threading

from sqlalchemy import delete, update

from bot.records import audit
from bot.records.database import Database
from bot.records.schema import audit as table


def fill(database: Database, count: int) -> None:
    for number in range(count):
        with database.begin() as connection:
            audit.append(connection, "editor", "approve", answer=number)


def test_chain_of_entries_is_whole(database: Database) -> None:
    fill(database, 3)
    assert audit.broken_at(database) is None


def test_changed_entry_shows(database: Database) -> None:
    fill(database, 3)
    with database.begin() as connection:
        connection.execute(update(table).where(table.c.number == 2).values(actor="someone else"))
    assert audit.broken_at(database) == 2


def test_entry_taken_out_shows(database: Database) -> None:
    fill(database, 3)
    with database.begin() as connection:
        connection.execute(delete(table).where(table.c.number == 2))
    assert audit.broken_at(database) == 3


def test_oldest_entries_may_be_purged(database: Database) -> None:
    fill(database, 3)
    with database.begin() as connection:
        connection.execute(delete(table).where(table.c.number == 1))
    assert audit.broken_at(database) is None


def test_several_write_at_once_and_the_chain_stays_whole(database: Database) -> None:
    fill(database, 1)
    threads = [threading.Thread(target=fill, args=(database, 5)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert audit.broken_at(database) is None
