"""A clock that jumps: no record is lost or in disorder, nobody stays signed in for ever, nobody is let in earlier."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

import pytest

from bot.records import audit, turns
from bot.records.accounts import users
from bot.records.accounts.users import Policy
from bot.records.database import Database
from tests.bot.chain import broken_at
from tests.bot.signing_in import sign_in

HOUR = timedelta(hours=1)
POLICY = Policy(HOUR, 12 * HOUR, 2, HOUR)
PASSWORD = "correct horse battery"
Jump = Callable[[timedelta], None]


@pytest.fixture
def jump(monkeypatch: pytest.MonkeyPatch) -> Jump:
    """Sets the clock of the records forward or back."""

    def by(distance: timedelta) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz) + distance

        for module in (audit, users, turns):
            monkeypatch.setattr(module, "datetime", Clock)

    return by


@pytest.mark.parametrize("distance", [-30 * 24 * HOUR, 30 * 24 * HOUR], ids=["back", "forward"])
def test_audit_stays_whole_and_in_order(database: Database, jump: Jump, distance: timedelta) -> None:
    users.add(database, "chief", "administrator", PASSWORD, "command")
    jump(distance)
    users.add(database, "later", "agent", PASSWORD, "command")
    turns.purge(database, 1, 10, "service")
    assert broken_at(database) is None
    jump(timedelta())
    users.add(database, "last", "agent", PASSWORD, "command")
    assert broken_at(database) is None


def test_who_is_signed_in_stays_so_when_the_clock_goes_back_and_must_sign_in_again_when_it_goes_on(
    database: Database, jump: Jump
) -> None:
    users.add(database, "chief", "administrator", PASSWORD, "command")
    token = sign_in(database, "chief", PASSWORD, POLICY)
    jump(-5 * HOUR)
    assert users.of_token(database, token, POLICY)
    jump(13 * HOUR)
    assert users.of_token(database, token, POLICY) is None
    assert users.of_token(database, sign_in(database, "chief", PASSWORD, POLICY), POLICY)
