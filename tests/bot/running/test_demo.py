"""Demonstration data: really answered, marked, and never put among real records."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import Conflict
from bot.office.weekly.report import make
from bot.office.weekly.weeks import Period, week_of
from bot.pipeline import Bot
from bot.records import lookups, turns
from bot.records.accounts import users
from bot.records.accounts.users import Policy
from bot.records.database import Database
from bot.records.office import approved, switches
from bot.running.demo import ACCOUNTS, AGENT, Demo
from tests.bot.chain import broken_at
from tests.bot.office.weekly.test_report import TURN
from tests.bot.signing_in import sign_in

HOUR = timedelta(hours=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'records.db'}", "暂时记不下")
    yield opened
    opened.close()


def test_desk_and_office_are_filled_and_everything_is_marked(bot: Bot, database: Database) -> None:
    Demo(bot, database).fill()
    report = make(database, Period(date.today(), 5, week_of(date.today())))
    assert report.demonstration
    assert report.asked > 100
    assert 0.3 < (report.answered_share or 0) < 1
    assert report.useless
    assert sum(report.outcomes.values()) == 40
    assert all(session.startswith("demo-") for session in turns.sessions(database))
    assert len(lookups.recent(database, AGENT)) == 20
    assert {one.state for one in approved.every(database)} == {"approved", "draft"}
    assert "演示数据" in switches.pending(database, datetime.now(UTC))[0].text
    assert broken_at(database) is None


def test_second_time_only_gives_new_passwords(bot: Bot, database: Database) -> None:
    first = Demo(bot, database).fill()
    turns.write(database, [replace(TURN, session="a visitor")])
    before = turns.sessions(database)
    second = Demo(bot, database).fill()
    assert turns.sessions(database) == before
    assert set(first) == set(second) == set(ACCOUNTS)
    assert not set(first.values()) & set(second.values())
    assert sign_in(database, AGENT, second[AGENT], Policy(HOUR, HOUR, 5, HOUR))


def test_real_records_are_left_alone(bot: Bot, database: Database) -> None:
    turns.write(database, [TURN])
    with pytest.raises(Conflict, match="演示数据"):
        Demo(bot, database).fill()
    assert users.every(database) == []


def test_real_accounts_are_left_alone(bot: Bot, database: Database) -> None:
    users.add(database, "somebody", "agent", "correct horse battery", "test")
    with pytest.raises(Conflict):
        Demo(bot, database).fill()
    assert turns.sessions(database) == set()
