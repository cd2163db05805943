"""Records that the office keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.records.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'records.db'}", "暂时记不下")
    yield opened
    opened.close()
