"""A database of each kind, without tables."""

from collections.abc import Iterator

import pytest

from bot.records.database import Database

FAILED = "暂时记不下"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url, FAILED)
    yield opened
    opened.close()
