import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.errors import NotKept
from bot.records.database import Database
from bot.records.schema import metadata
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
