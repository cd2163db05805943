import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.errors import NotKept
from bot.records import audit, lookups, turns
from bot.records.accounts import users
from bot.records.accounts.users import Policy
from bot.records.database import Database, Lock, revision
from bot.records.feedback import all_feedback
from bot.records.office import approved, switches
from bot.records.schema import feedback, metadata
from tests.bot.records.conftest import FAILED

POLICY = Policy(idle=timedelta(minutes=30), longest=timedelta(hours=12), failures=3, lockout=timedelta(minutes=15))
READS: list[Callable[[Database], object]] = [
    turns.sessions,
    lambda database: turns.of_session(database, "s"),
    lambda database: turns.of_answer(database, "a"),
    all_feedback,
    lambda database: lookups.recent(database, "小林"),
    lambda database: approved.in_force(database, date(2026, 3, 4)),
    approved.suspended,
    approved.every,
    lambda database: switches.pending(database, datetime.now(UTC)),
    switches.history,
    users.every,
    users.has_administrator,
    lambda database: users.of_token(database, "token", POLICY),
]


def is_another(*told: Any) -> bool:
    """Whether the default of a column as a database writes it ('[]'::json) is not the one of the schema ([])."""
    found, _, stated = told[3:]
    return (found and found.partition("::")[0].strip("()'")) != stated


def test_migrations_make_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": is_another})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("looked_at", READS)
def test_who_only_reads_does_not_wait_for_who_writes(looked_at: Callable[[Database], object], tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'records.db'}", FAILED)
    with database.begin():
        assert not looked_at(database)
    database.close()


def test_one_after_the_other_is_in_what_one_alone_may_do(url: str) -> None:
    inside: list[int] = []
    most = []

    def enter() -> None:
        database = Database(url, FAILED)
        with database.one_at_a_time(Lock.INDEX):
            inside.append(1)
            most.append(len(inside))
            inside.pop()
        database.close()

    first = Database(url, FAILED)
    others = [threading.Thread(target=enter) for _ in range(3)]
    with first.one_at_a_time(Lock.INDEX):
        for one in others:
            one.start()
        others[0].join(0.2)
        assert most == []
    for one in others:
        one.join()
    first.close()
    assert most == [1, 1, 1]


def test_an_index_in_the_making_holds_up_no_record(url: str) -> None:
    building, recording = Database(url, FAILED), Database(url, FAILED)

    def record() -> None:
        with recording.begin() as connection:
            audit.append(connection, "小林", "looked")

    record()
    again = threading.Thread(target=record)
    with building.one_at_a_time(Lock.INDEX):
        again.start()
        again.join(5)
        is_held_up = again.is_alive()
    again.join()
    building.close()
    recording.close()
    assert not is_held_up


def test_lock_goes_with_a_connection_that_the_server_ended(postgres: str) -> None:
    first, second = Database(postgres, FAILED), Database(postgres, FAILED)
    with first.one_at_a_time(Lock.INDEX), second.as_it_is() as connection:
        ended = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()"
        assert connection.execute(text(ended)).scalars().all() == [True]
    with second.one_at_a_time(Lock.INDEX):
        pass
    first.close()
    second.close()


def test_nobody_is_alone_where_the_database_cannot_be_asked() -> None:
    database = Database("postgresql://bot@127.0.0.1:1/none", FAILED)
    with pytest.raises(NotKept), database.one_at_a_time(Lock.INDEX):
        pytest.fail("was let in")


def test_several_begin_at_once_and_none_fails(url: str) -> None:
    failures: list[Exception] = []

    def use() -> None:
        opened = Database(url, FAILED)
        try:
            with opened.begin() as connection:
                connection.execute(text("select 1"))
        except NotKept as problem:
            failures.append(problem)
        opened.close()

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


@pytest.mark.parametrize("url", ["sqlite:////dev/null/records.db", "postgresql://bot@127.0.0.1:1/none"])
def test_database_that_cannot_be_used_is_told_in_chinese(url: str) -> None:
    database = Database(url, FAILED)
    with pytest.raises(NotKept, match=FAILED), database.begin():
        pass


def test_database_that_comes_back_is_used_again(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'later' / 'records.db'}", FAILED)
    with pytest.raises(NotKept), database.begin():
        pass
    (tmp_path / "later").mkdir()
    with database.begin() as connection:
        connection.execute(text("select count(*) from turns"))
    database.close()


@pytest.mark.parametrize("comment", ["secret\0", "secret" * 100])
def test_log_tells_of_a_refusal_without_what_was_to_be_kept(
    database: Database, comment: str, caplog: pytest.LogCaptureFixture
) -> None:
    opinion = {"answer_id": "secret", "useful": True, "reason": "secret", "comment": comment, "at": datetime.now(UTC)}
    with pytest.raises(NotKept), database.begin() as connection:
        connection.execute(feedback.insert(), [opinion, {**opinion, "comment": ""}])
    assert "records: " in caplog.text
    assert "secret" not in caplog.text


def test_log_tells_why_a_database_is_out_of_reach(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NotKept), Database("postgresql://bot:secret@127.0.0.1:1/none", FAILED).begin():
        pass
    assert "OperationalError" in caplog.text
    assert "127.0.0.1" in caplog.text
    assert "secret" not in caplog.text


def test_database_of_a_newer_program_is_told_and_left_as_it_is(database: Database, url: str) -> None:
    with database.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    older = Database(url, FAILED)
    with pytest.raises(NotKept, match=FAILED), older.begin():
        pass
    with older.as_it_is() as connection:
        assert revision(connection) == "9999"
    older.close()
