"""Wrong passwords make the place they come from wait, and nobody else; on both databases."""

import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import func, select, text

from bot.errors import SignInDelayed, SignInRefused
from bot.records.accounts import tries, users
from bot.records.accounts.tries import Place
from bot.records.accounts.users import Policy
from bot.records.database import MIGRATIONS, Database
from bot.records.schema import sign_in_tries
from tests.bot.records.conftest import FAILED
from tests.bot.signing_in import sign_in

PASSWORD = "correct horse battery"
FAILURES = 5
POLICY = Policy(timedelta(minutes=30), timedelta(hours=12), FAILURES, timedelta(minutes=15))
HERE, ELSEWHERE = Place("203.0.113.1"), Place("203.0.113.2")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def chief(database: Database) -> str:
    users.add(database, "chief", "administrator", PASSWORD, "test")
    return "chief"


def fail(database: Database, name: str, times: int, place: Place = HERE) -> None:
    """Count tries that never come to anything, without the time that looking at a password takes."""
    for _ in range(times):
        users.begin(database, name, place, POLICY)


def pause(database: Database, name: str, place: Place, now: datetime = NOW) -> float:
    """Count a try at a moment: after how many seconds it goes on. Raises SignInDelayed."""
    with database.begin() as connection:
        return tries.count(connection, name, place, POLICY.limits, now).pause


def waiting(database: Database, name: str, now: datetime) -> int:
    """Count a try from HERE at a moment: 0 when it may go on, or for how many seconds it may not."""
    try:
        pause(database, name, HERE, now)
    except SignInDelayed as delayed:
        return delayed.seconds
    return 0


def test_stranger_makes_himself_wait_and_not_the_administrator(database: Database, chief: str) -> None:
    fail(database, chief, FAILURES)
    with pytest.raises(SignInDelayed) as delayed:
        sign_in(database, chief, PASSWORD, POLICY, HERE)
    assert 0 < delayed.value.seconds <= 60
    assert sign_in(database, chief, PASSWORD, POLICY, ELSEWHERE)
    with pytest.raises(SignInDelayed):
        sign_in(database, chief, PASSWORD, POLICY, HERE)


def test_refusal_tells_how_long_to_wait_as_soon_as_one_must(database: Database, chief: str) -> None:
    fail(database, chief, FAILURES - 2)
    waits = []
    for _ in range(2):
        with pytest.raises(SignInRefused) as refused:
            sign_in(database, chief, "certainly wrong", POLICY, HERE)
        waits.append(refused.value.seconds)
    assert waits[0] == 0
    assert 0 < waits[1] <= 60


@pytest.mark.parametrize("name", ["chief", "nobody"])
def test_wait_grows_to_the_longest_and_ends_by_itself(database: Database, chief: str, name: str) -> None:
    moment, waits = NOW, []
    for _ in range(FAILURES + 6):
        waits.append(waiting(database, name, moment))
        moment += waits[-1] * SECOND
        assert not waits[-1] or waiting(database, name, moment) == 0
    assert waits == [0] * FAILURES + [60, 120, 240, 480, 900, 900]
    assert waiting(database, name, moment + timedelta(hours=1)) == 0


def test_many_at_once_are_no_more_than_may_be_tried(database: Database, chief: str) -> None:
    outcomes: list[str] = []
    together = threading.Barrier(20)

    def one() -> None:
        together.wait()
        try:
            sign_in(database, chief, "certainly wrong", POLICY, HERE)
        except SignInRefused as refused:
            outcomes.append(refused.code)

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("sign_in_refused") == FAILURES
    assert outcomes.count("sign_in_delayed") == 20 - FAILURES


def _fail_elsewhere(url: str, name: str) -> None:
    other = Database(url, FAILED)
    fail(other, name, FAILURES)
    other.close()


def test_another_process_counts_with_this_one(url: str, database: Database, chief: str) -> None:
    other = multiprocessing.get_context("spawn").Process(target=_fail_elsewhere, args=(url, chief))
    other.start()
    other.join()
    assert other.exitcode == 0
    with pytest.raises(SignInDelayed):
        sign_in(database, chief, PASSWORD, POLICY, HERE)


def test_account_guessed_at_from_everywhere_answers_slowly_and_still_lets_in(database: Database, chief: str) -> None:
    pauses = [pause(database, chief, Place(f"198.51.100.{n}")) for n in range(60)]
    assert pauses[: 4 * FAILURES + 1] == [0] * (4 * FAILURES) + [tries.PAUSE]
    assert sorted(pauses) == pauses
    assert pauses[-1] == tries.LONGEST_PAUSE
    with pytest.raises(SignInDelayed):  # a place may fail once by now
        pause(database, chief, Place("198.51.100.0"))
    assert pause(database, "somebody else", HERE) == 0
    assert sign_in(database, chief, PASSWORD, POLICY, HERE)


def test_browser_that_signed_in_before_is_held_up_by_nobody(database: Database, chief: str) -> None:
    begun = users.begin(database, chief, HERE, POLICY)
    mark = users.end(database, begun, users.examine(begun, PASSWORD), POLICY).mark
    for n in range(60):
        fail(database, chief, 1, Place(f"198.51.100.{n}"))
    fail(database, chief, 1)
    assert users.begin(database, chief, replace(HERE, mark=mark), POLICY).counted.pause == 0
    fail(database, chief, FAILURES - 1, replace(HERE, mark=mark))
    with pytest.raises(SignInDelayed):
        fail(database, chief, 1, replace(HERE, mark=mark))


@pytest.mark.parametrize("change", [lambda mark: mark + "0", lambda mark: "x" + mark, lambda _: "", lambda _: "."])
def test_mark_that_was_not_given_counts_for_nothing(
    database: Database, chief: str, change: Callable[[str], str]
) -> None:
    with database.begin() as connection:
        mark, another = tries.new_mark(connection, chief), tries.new_mark(connection, "somebody else")
    for wrong in (change(mark), another):
        assert not users.begin(database, chief, Place("203.0.113.9", wrong), POLICY).counted.known
    assert users.begin(database, chief, Place("203.0.113.9", mark), POLICY).counted.known


def test_unlocked_account_makes_nobody_wait(database: Database, chief: str) -> None:
    fail(database, chief, FAILURES)
    fail(database, "nobody", 1)
    users.unlock(database, chief, "test")
    assert sign_in(database, chief, PASSWORD, POLICY, HERE)
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(sign_in_tries)).scalar() == 1


def test_unknown_name_is_counted_and_looked_at_like_a_known_one(
    database: Database, chief: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    verify = users.PasswordHasher.verify

    def counted(hasher: users.PasswordHasher, hashed: str, password: str) -> bool:
        looked_at.append(hashed.rsplit("$", 2)[0])
        return bool(verify(hasher, hashed, password))

    monkeypatch.setattr(users.PasswordHasher, "verify", counted)
    told = []
    for name in (chief, "nobody"):
        for _ in range(FAILURES + 1):
            with pytest.raises(SignInRefused) as refused:
                sign_in(database, name, "certainly wrong", POLICY, HERE)
            told.append((refused.value.message, bool(refused.value.seconds), refused.value.http_status))
    assert told[: FAILURES + 1] == told[FAILURES + 1 :]
    assert len(looked_at) == 2 * FAILURES
    assert len(set(looked_at)) == 1  # the same way of making digests, so the same time


def test_try_that_nobody_looked_at_does_not_count(database: Database, chief: str) -> None:
    for _ in range(3 * FAILURES):
        users.give_up(database, users.begin(database, chief, HERE, POLICY))
    assert sign_in(database, chief, PASSWORD, POLICY, HERE)


def test_neither_names_nor_addresses_are_kept_and_nothing_for_long(database: Database, chief: str) -> None:
    fail(database, "my password in the wrong field", 1)
    with database.read() as connection:
        kept = " ".join(str(tuple(row)) for row in connection.execute(select(sign_in_tries)))
    assert "203.0" not in kept
    assert "field" not in kept
    with database.begin() as connection:
        connection.execute(sign_in_tries.update().values(ends=NOW))
    assert tries.forget_past(database) == 1
    assert tries.forget_past(database) == 0


def test_migration_goes_down_and_up_again(url: str, database: Database, chief: str) -> None:
    fail(database, chief, 2)
    with database.begin() as connection:
        settings = Config(attributes={"connection": connection})
        settings.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(settings, "0003")
        held = connection.execute(text("select name, failures, locked_until from users")).all()
        assert held == [(chief, 0, None)]
        command.upgrade(settings, "head")
    assert sign_in(database, chief, PASSWORD, POLICY, HERE)
