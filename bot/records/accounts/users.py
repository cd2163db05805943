"""Accounts for the desk and the office, their passwords (argon2id), and sign-ins."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select, update
from sqlalchemy.engine import Connection

from bot.errors import AccountUnusable, NotFound, SignInRefused
from bot.records import audit
from bot.records.accounts import tries
from bot.records.accounts.tries import Limits, Place, Try
from bot.records.database import Database, aware
from bot.records.schema import sign_ins, users

ROLES = ("agent", "editor", "administrator")
NAME = re.compile(r"[\w.-]{2,64}")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
SEEN_EVERY = timedelta(minutes=1)
NOBODY = "没有名为“{name}”的账号"


@dataclass(frozen=True, slots=True)
class Policy:
    """When a sign-in expires, how many wrong passwords are free, and the longest wait after more."""

    idle: timedelta
    longest: timedelta
    failures: int
    lockout: timedelta

    @property
    def limits(self) -> Limits:
        """The limits on attempts."""
        return Limits(self.failures, self.lockout)


@dataclass(frozen=True, slots=True)
class User:
    """A signed-in user; `csrf` proves that a form came from our own page."""

    name: str
    role: str
    csrf: str = ""

    def may(self, role: str) -> bool:
        """Whether this user's role is at least `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True, slots=True)
class Begun:
    """A counted attempt: `hashed` is the digest to compare the password with; None for an unknown name."""

    name: str
    counted: Try
    hashed: str | None


@dataclass(frozen=True, slots=True)
class Examined:
    """Whether the password was right; `renewed` is its new digest where the old one has outdated parameters."""

    right: bool
    renewed: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The token of a sign-in, and the mark by which the browser is recognised next time."""

    token: str
    mark: str


def add(database: Database, name: str, role: str, password: str, actor: str) -> None:
    """Make an account. Raises AccountUnusable (its name, role or password) and NotKept."""
    if not NAME.fullmatch(name):
        raise AccountUnusable("名字只能用汉字、字母、数字、点、下划线和短横，2到64个字")
    if role not in ROLES:
        raise AccountUnusable(f"角色应是 {'、'.join(ROLES)} 之一")
    hashed = _hashed(password)
    with database.begin() as connection:
        if connection.execute(select(users.c.name).where(users.c.name == name)).first():
            raise AccountUnusable(f"已经有名为“{name}”的账号")
        row = {"name": name, "role": role, "password": hashed, "disabled": False}
        connection.execute(users.insert().values(**row, at=datetime.now(UTC)))
        audit.append(connection, actor, "user added", user=name, role=role)


def disable(database: Database, name: str, actor: str) -> None:
    """Disable an account, and end its sign-ins. Raises NotFound and NotKept."""
    with database.begin() as connection:
        _change(connection, name, disabled=True)
        audit.append(connection, actor, "user disabled", user=name)


def reset(database: Database, name: str, password: str, actor: str) -> None:
    """Set a new password, enable the account, and end its sign-ins. Raises as `add`, and NotFound."""
    hashed = _hashed(password)
    with database.begin() as connection:
        _change(connection, name, password=hashed, disabled=False)
        tries.forget_account(connection, name)
        audit.append(connection, actor, "user reset", user=name)


def unlock(database: Database, name: str, actor: str) -> None:
    """Forget the wrong passwords for an account, so that nobody waits. Raises NotFound and NotKept."""
    with database.begin() as connection:
        if not connection.execute(select(users.c.name).where(users.c.name == name)).first():
            raise NotFound(NOBODY.format(name=name))
        tries.forget_account(connection, name)
        audit.append(connection, actor, "user unlocked", user=name)


def every(database: Database) -> list[dict[str, Any]]:
    """The accounts by name, without their passwords."""
    columns = (users.c.name, users.c.role, users.c.disabled)
    with database.read() as connection:
        return [dict(row) for row in connection.execute(select(*columns).order_by(users.c.name)).mappings()]


def has_administrator(database: Database) -> bool:
    """Whether an enabled administrator exists."""
    wanted = select(func.count()).where(users.c.role == "administrator", users.c.disabled.is_(False))
    with database.read() as connection:
        return bool(connection.execute(wanted).scalar())


def begin(database: Database, name: str, place: Place, policy: Policy) -> Begun:
    """Count an attempt before its password is checked. Raises SignInDelayed and NotKept."""
    with database.begin() as connection:
        counted = tries.count(connection, name, place, policy.limits, datetime.now(UTC))
        hashed = connection.execute(select(users.c.password).where(users.c.name == name)).scalar()
    return Begun(name, counted, hashed)


def examine(begun: Begun, password: str) -> Examined:
    """Check the password of an attempt. Slow, and equally slow for an unknown name."""
    hasher, given, hashed = _hasher(), password[:LONGEST_PASSWORD], begun.hashed or _nobody()
    try:
        hasher.verify(hashed, given)
    except (VerificationError, InvalidHashError):
        return Examined(right=False)
    return Examined(right=True, renewed=hasher.hash(given) if hasher.check_needs_rehash(hashed) else "")


def end(database: Database, begun: Begun, examined: Examined, policy: Policy) -> SignedIn:
    """Finish an attempt with a sign-in. Raises SignInRefused, with the same message for every cause, and NotKept."""
    now = datetime.now(UTC)
    with database.begin() as connection:
        row = connection.execute(select(users).where(users.c.name == begun.name)).first()
        if examined.right and row and not row.disabled and row.password == begun.hashed:
            return _signed_in(connection, begun, examined, now)
        seconds = tries.wait(connection, begun.counted, policy.limits, now)
        if row:
            audit.append(connection, begun.name, "sign-in failed", wait=seconds)
    raise SignInRefused("名字或密码不对，或者账号已停用", seconds)


def give_up(database: Database, begun: Begun) -> None:
    """Uncount an attempt whose password could not be checked in time. Raises NotKept."""
    with database.begin() as connection:
        tries.uncount(connection, begun.counted)


def of_token(database: Database, token: str, policy: Policy) -> User | None:
    """The user of a token whose sign-in has not expired; each use extends it. Raises NotKept."""
    now = datetime.now(UTC)
    wanted = select(users.c.name, users.c.role, sign_ins.c.begun, sign_ins.c.seen)
    joined = wanted.join(sign_ins, sign_ins.c.user == users.c.name)
    mine = sign_ins.c.digest == _digest(token)
    with database.read() as connection:
        row = connection.execute(joined.where(mine, users.c.disabled.is_(False))).first()
    if row is None:
        return None
    unseen = now - aware(row.seen)
    ended = unseen > policy.idle or now - aware(row.begun) > policy.longest
    if ended or unseen > SEEN_EVERY:
        change = delete(sign_ins) if ended else update(sign_ins).values(seen=now)
        with database.begin() as connection:
            connection.execute(change.where(mine))
    return None if ended else User(row.name, row.role, _digest(f"csrf:{token}"))


def sign_out(database: Database, token: str) -> None:
    """End a sign-in, if it has not ended. Raises NotKept."""
    with database.begin() as connection:
        connection.execute(delete(sign_ins).where(sign_ins.c.digest == _digest(token)))


def _signed_in(connection: Connection, begun: Begun, examined: Examined, now: datetime) -> SignedIn:
    token = secrets.token_urlsafe(32)
    tries.forgive(connection, begun.counted)
    if examined.renewed:
        connection.execute(update(users).where(users.c.name == begun.name).values(password=examined.renewed))
    connection.execute(sign_ins.insert().values(digest=_digest(token), user=begun.name, begun=now, seen=now))
    audit.append(connection, begun.name, "signed in")
    return SignedIn(token, tries.new_mark(connection, begun.name))


def _change(connection: Connection, name: str, **values: object) -> None:
    if not connection.execute(update(users).where(users.c.name == name).values(**values)).rowcount:
        raise NotFound(NOBODY.format(name=name))
    connection.execute(delete(sign_ins).where(sign_ins.c.user == name))


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountUnusable(f"密码应有{SHORTEST_PASSWORD}到{LONGEST_PASSWORD}个字符")
    return _hasher().hash(password)


@cache
def _hasher() -> PasswordHasher:
    """Argon2id on one core and in 32 MiB, above OWASP's minimum (19 MiB, two passes): a flood of sign-ins leaves cores
    and memory for answering residents.
    """
    return PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)


@cache
def _nobody() -> str:
    """The digest that passwords of unknown names are compared with."""
    return _hasher().hash(secrets.token_urlsafe(16))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
