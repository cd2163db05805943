"""Complaints of residents, on both databases."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.errors import ComplaintUnusable, NotFound
from bot.records import turns
from bot.records.database import Database
from bot.records.office import complaints
from bot.records.office.complaints import Complaint
from bot.records.schema import complaints as table
from tests.bot.chain import broken_at

TEXT, SHANGHAI = "回答把停车位的数字写错了", ZoneInfo("Asia/Shanghai")


def test_complaint_waits_until_it_is_answered_once(database: Database) -> None:
    receipt = complaints.lodge(database, TEXT, "13805951234")
    assert (len(receipt), receipt.isdigit()) == (12, True)
    (waiting,) = complaints.listed(database, "小陈")
    assert (waiting.text, waiting.contact, waiting.handled) == (TEXT, "13805951234", None)
    complaints.handle(database, receipt, " 已经改正 ", "小陈")
    found = complaints.find(database, f"{receipt[:4]} {receipt[4:8]}-{receipt[8:]}")
    assert (found.reply, found.handler, found.handled is not None) == ("已经改正", "小陈", True)
    with pytest.raises(NotFound):
        complaints.handle(database, receipt, "又一次", "小陈")
    assert broken_at(database) is None


def test_personal_data_is_kept_only_where_it_was_given_to_be_kept(database: Database) -> None:
    receipt = complaints.lodge(database, f"{TEXT}，我的电话13805951234", "")
    assert "13805951234" not in str(complaints.find(database, receipt))


def test_those_that_wait_come_first_and_the_oldest_of_them(database: Database) -> None:
    first, second, third = (complaints.lodge(database, f"{TEXT}{n}") for n in range(3))
    complaints.handle(database, first, "好", "小陈")
    assert [one.receipt for one in complaints.listed(database, "小陈")] == [second, third, first]


def test_answered_ones_are_deleted_when_their_time_is_over_and_no_others(database: Database) -> None:
    waiting, answered, lately = (complaints.lodge(database, TEXT) for _ in range(3))
    for receipt in (answered, lately):
        complaints.handle(database, receipt, "好", "小陈")
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    with database.begin() as connection:
        connection.execute(update(table).where(table.c.receipt == answered).values(handled=long_ago))
        connection.execute(update(table).where(table.c.receipt == waiting).values(at=long_ago))
    assert turns.purge(database, 30, 365, "test")["complaints"] == 1
    assert {one.receipt for one in complaints.listed(database, "小陈")} == {waiting, lately}
    with pytest.raises(NotFound, match="已经删除"):
        complaints.find(database, answered)


@pytest.mark.parametrize(
    ("text", "contact", "said"), [("短", "", "5到1000"), ("长" * 1001, "", "1000"), (TEXT, "1" * 101, "100")]
)
def test_too_little_or_too_much_is_refused(database: Database, text: str, contact: str, said: str) -> None:
    with pytest.raises(ComplaintUnusable, match=said):
        complaints.lodge(database, text, contact)
    assert complaints.listed(database, "小陈") == []


def test_reply_must_say_something(database: Database) -> None:
    receipt = complaints.lodge(database, TEXT)
    with pytest.raises(ComplaintUnusable):
        complaints.handle(database, receipt, "  ", "小陈")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2025, 6, 2), date(2025, 6, 23)),  # a Monday
        (date(2025, 6, 6), date(2025, 6, 27)),  # a Friday
        (date(2025, 6, 7), date(2025, 6, 27)),  # a Saturday counts as the Friday before
    ],
)
def test_time_limit_leaves_weekends_out(received: date, due: date) -> None:
    at = datetime(received.year, received.month, received.day, 12, tzinfo=SHANGHAI)
    assert Complaint("1", at, TEXT).due(15, SHANGHAI) == due


def test_day_of_a_complaint_is_that_of_the_place() -> None:
    at = datetime(2025, 6, 2, 16, 30, tzinfo=UTC)  # a Monday; in Shanghai half past midnight on Tuesday
    assert Complaint("1", at, TEXT).due(1, SHANGHAI) == date(2025, 6, 4)
    assert Complaint("1", at, TEXT).due(1, UTC) == date(2025, 6, 3)
