import pytest

from bot.errors import Conflict
from bot.records.database import Database
from bot.records.feedback import Feedback, all_feedback, keep_feedback

ID = "a" * 32


def test_first_opinion_counts_and_a_later_one_replaces_it(database: Database) -> None:
    assert keep_feedback(database, Feedback(ID, True)) is True
    assert keep_feedback(database, Feedback(ID, False, "hard")) is False
    assert all_feedback(database) == [Feedback(ID, False, "hard", "")]


def test_comment_is_kept_without_personal_data(database: Database) -> None:
    keep_feedback(database, Feedback(ID, False, "", "我的电话13805951234"))
    assert "13805951234" not in all_feedback(database)[0].comment


def test_letter_that_no_text_may_hold_is_left_out(database: Database) -> None:
    keep_feedback(database, Feedback(ID, False, "", "看不\0懂"))
    assert all_feedback(database)[0].comment == "看不懂"


def test_request_with_a_key_is_kept_once(database: Database) -> None:
    assert [keep_feedback(database, Feedback(ID, True), "k") for _ in range(2)] == [True, True]
    with pytest.raises(Conflict):
        keep_feedback(database, Feedback(ID, False), "k")
    assert all_feedback(database) == [Feedback(ID, True)]
