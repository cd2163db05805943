"""Accounts: their passwords, roles and sign-ins, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import select, text, update

from bot.errors import AccountUnusable, NotFound, SignInDelayed, SignInRefused
from bot.records.accounts import users
from bot.records.accounts.users import Policy
from bot.records.database import Database
from bot.records.schema import users as table
from tests.bot.chain import broken_at
from tests.bot.signing_in import NOWHERE, sign_in

PASSWORD = "correct horse battery"
POLICY = Policy(idle=timedelta(minutes=30), longest=timedelta(hours=12), failures=3, lockout=timedelta(minutes=15))


@pytest.fixture
def agent(database: Database) -> str:
    users.add(database, "小林", "agent", PASSWORD, "test")
    return "小林"


def test_who_signs_in_is_known_by_the_token_until_signing_out(database: Database, agent: str) -> None:
    token = sign_in(database, agent, PASSWORD, POLICY)
    user = users.of_token(database, token, POLICY)
    assert user is not None
    assert (user.name, user.role) == (agent, "agent")
    assert user.csrf not in ("", token)
    assert users.of_token(database, token + "x", POLICY) is None
    users.sign_out(database, token)
    assert users.of_token(database, token, POLICY) is None


def test_no_password_and_no_token_stands_in_the_database(database: Database, agent: str) -> None:
    token = sign_in(database, agent, PASSWORD, POLICY)
    with database.begin() as connection:
        held = " ".join(
            str(tuple(row))
            for table in ("users", "sign_ins", "audit")
            for row in connection.execute(text(f"select * from {table}"))
        )
    assert "$argon2id$" in held
    assert PASSWORD not in held
    assert token not in held


def test_guessing_a_password_costs_what_is_advised(costly: Callable[[], PasswordHasher]) -> None:
    """At least what the OWASP Password Storage Cheat Sheet asks: two passes over 19 MiB."""
    kept = extract_parameters(costly().hash(PASSWORD))
    assert kept.type is Type.ID
    assert kept.time_cost >= 2
    assert kept.memory_cost >= 19 * 1024


@pytest.mark.parametrize(("name", "password"), [("小林", "wrong password"), ("nobody", PASSWORD), ("小林", "")])
def test_wrong_name_and_wrong_password_are_refused_in_the_same_words(
    database: Database, agent: str, name: str, password: str
) -> None:
    with pytest.raises(SignInRefused) as known:
        sign_in(database, agent, "certainly wrong", POLICY)
    with pytest.raises(SignInRefused) as refused:
        sign_in(database, name, password, POLICY)
    assert refused.value.message == known.value.message


def test_reset_lets_in_who_failed_too_often(database: Database, agent: str) -> None:
    for _ in range(POLICY.failures):
        with pytest.raises(SignInRefused):
            sign_in(database, agent, "certainly wrong", POLICY)
    with pytest.raises(SignInDelayed):
        sign_in(database, agent, PASSWORD, POLICY)
    users.reset(database, agent, PASSWORD, "test")
    assert sign_in(database, agent, PASSWORD, POLICY)
    assert broken_at(database) is None


def test_failures_are_forgotten_by_a_right_password(database: Database, agent: str) -> None:
    for _ in range(2):
        for _ in range(POLICY.failures - 1):
            with pytest.raises(SignInRefused):
                sign_in(database, agent, "certainly wrong", POLICY)
        assert sign_in(database, agent, PASSWORD, POLICY)


def test_password_kept_in_an_older_way_is_renewed_by_signing_in(database: Database, agent: str) -> None:
    older = PasswordHasher(parallelism=4).hash(PASSWORD)
    with database.begin() as connection:
        connection.execute(update(table).values(password=older))
    assert sign_in(database, agent, PASSWORD, POLICY)
    with database.begin() as connection:
        renewed = connection.execute(select(table.c.password)).scalar_one()
    assert "p=1" in renewed
    assert sign_in(database, agent, PASSWORD, POLICY)


@pytest.mark.parametrize("act", [users.disable, users.reset])
def test_who_is_disabled_or_reset_while_the_password_is_looked_at_stays_out(
    database: Database, agent: str, act: Callable[..., None]
) -> None:
    begun = users.begin(database, agent, NOWHERE, POLICY)
    examined = users.examine(begun, PASSWORD)
    act(database, agent, *(["another password"] if act is users.reset else []), "test")
    with pytest.raises(SignInRefused):
        users.end(database, begun, examined, POLICY)


@pytest.mark.parametrize("ended", ["idle", "longest"])
def test_sign_in_ends_by_itself(database: Database, agent: str, ended: str) -> None:
    token = sign_in(database, agent, PASSWORD, POLICY)
    assert users.of_token(database, token, replace(POLICY, **{ended: timedelta(seconds=-1)})) is None
    assert users.of_token(database, token, POLICY) is None


def test_disabled_account_is_out_at_once_and_a_reset_lets_it_in(database: Database, agent: str) -> None:
    token = sign_in(database, agent, PASSWORD, POLICY)
    users.disable(database, agent, "test")
    assert users.of_token(database, token, POLICY) is None
    with pytest.raises(SignInRefused):
        sign_in(database, agent, PASSWORD, POLICY)
    users.reset(database, agent, "another password", "test")
    assert sign_in(database, agent, "another password", POLICY)


@pytest.mark.parametrize(
    ("name", "role", "password"),
    [("a b", "agent", PASSWORD), ("x", "agent", PASSWORD), ("anna", "boss", PASSWORD), ("anna", "agent", "short")],
)
def test_unusable_account_is_refused_with_a_reason(database: Database, name: str, role: str, password: str) -> None:
    with pytest.raises(AccountUnusable):
        users.add(database, name, role, password, "test")
    assert users.every(database) == []


def test_same_name_twice_and_a_name_nobody_has(database: Database, agent: str) -> None:
    with pytest.raises(AccountUnusable, match="小林"):
        users.add(database, agent, "editor", PASSWORD, "test")
    for act in (users.disable, users.unlock):
        with pytest.raises(NotFound):
            act(database, "nobody", "test")


def test_administrator_counts_only_while_enabled(database: Database) -> None:
    assert not users.has_administrator(database)
    users.add(database, "root", "administrator", PASSWORD, "test")
    assert users.has_administrator(database)
    users.disable(database, "root", "test")
    assert not users.has_administrator(database)
