from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.errors import NotKept
from bot.records.store import Feedback, Records

FAILED = "暂时记不下"


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records.open(f"sqlite:///{tmp_path / 'records.db'}", FAILED)
    yield opened
    opened.close()


def test_first_opinion_counts_and_a_later_one_replaces_it(records: Records) -> None:
    assert records.keep_feedback(Feedback("a" * 32, True)) is True
    assert records.keep_feedback(Feedback("a" * 32, False, "hard")) is False
    assert records.all_feedback() == [Feedback("a" * 32, False, "hard", "")]


def test_comment_is_kept_without_personal_data(records: Records) -> None:
    records.keep_feedback(Feedback("a" * 32, False, "", "我的电话13805951234"))
    assert "13805951234" not in records.all_feedback()[0].comment


def test_what_was_kept_is_there_after_reopening(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.db'}"
    first = Records.open(url, FAILED)
    first.keep_feedback(Feedback("a" * 32, True))
    first.close()
    again = Records.open(url, FAILED)
    assert len(again.all_feedback()) == 1
    again.close()


def test_database_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    records = Records.open(f"sqlite:///{tmp_path / 'no folder' / 'records.db'}", FAILED)
    with pytest.raises(NotKept, match=FAILED):
        records.keep_feedback(Feedback("a" * 32, True))
    records.close()
