import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.errors import NotKept
from bot.records.database import Database, revision
from bot.records.schema import feedback, metadata
from tests.bot.records.conftest import FAILED


def test_migrations_make_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


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
