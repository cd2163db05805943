"""Who may use the desk and the office: accounts, their passwords (argon2id), and who is signed in."""

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
from bot.records.database import Database, aware
from bot.records.schema import sign_ins, users

ROLES = ("agent", "editor", "administrator")
NAME = re.compile(r"[\w.-]{2,64}")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Policy:
    """When a sign-in ends by itself, and when an account is locked."""

    idle: timedelta
    longest: timedelta
    failures: int
    lockout: timedelta


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is signed in; `csrf` proves that a form came from a page of ours."""

    name: str
    role: str
    csrf: str = ""

    def may(self, role: str) -> bool:
        """Whether this user's role is at least `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)


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
        row = {"name": name, "role": role, "password": hashed, "disabled": False, "failures": 0}
        connection.execute(users.insert().values(**row, at=datetime.now(UTC)))
        audit.append(connection, actor, "user added", user=name, role=role)


def disable(database: Database, name: str, actor: str) -> None:
    """Let an account in no more, and end its sign-ins. Raises NotFound and NotKept."""
    with database.begin() as connection:
        _change(connection, name, disabled=True)
        audit.append(connection, actor, "user disabled", user=name)


def reset(database: Database, name: str, password: str, actor: str) -> None:
    """Give an account a new password, let it in again, and end its sign-ins. Raises as `add`, and NotFound."""
    hashed = _hashed(password)
    with database.begin() as connection:
        _change(connection, name, password=hashed, disabled=False, failures=0, locked_until=None)
        audit.append(connection, actor, "user reset", user=name)


def every(database: Database) -> list[dict[str, Any]]:
    """The accounts by name, without their passwords."""
    columns = (users.c.name, users.c.role, users.c.disabled, users.c.locked_until)
    with database.begin() as connection:
        return [dict(row) for row in connection.execute(select(*columns).order_by(users.c.name)).mappings()]


def has_administrator(database: Database) -> bool:
    """Whether anybody can manage the service."""
    wanted = select(func.count()).where(users.c.role == "administrator", users.c.disabled.is_(False))
    with database.begin() as connection:
        return bool(connection.execute(wanted).scalar())


def sign_in(database: Database, name: str, password: str, policy: Policy) -> str:
    """The token of a new sign-in. Raises SignInRefused, in the same words for every cause, and NotKept.

    An unknown name costs as much time as a wrong password. After `policy.failures` an account is locked for a while.
    """
    with database.begin() as connection:
        row = connection.execute(select(users).where(users.c.name == name)).first()
    right = _verified(row.password if row else _nobody(), password[:LONGEST_PASSWORD])
    now = datetime.now(UTC)
    usable = row is not None and not row.disabled and not (row.locked_until and aware(row.locked_until) > now)
    token = secrets.token_urlsafe(32) if right and usable else ""
    with database.begin() as connection:
        if token:
            _begin(connection, name, token, now)
        elif usable:
            _count_failure(connection, name, policy, now)
    if not token:
        raise SignInRefused(f"名字或密码不对，或者账号已锁定、停用。连续错{policy.failures}次会锁定一段时间")
    return token


def of_token(database: Database, token: str, policy: Policy) -> User | None:
    """Who holds a token, when its sign-in has not ended; using it keeps it from ending. Raises NotKept."""
    now = datetime.now(UTC)
    wanted = select(users.c.name, users.c.role, sign_ins.c.begun, sign_ins.c.seen)
    joined = wanted.join(sign_ins, sign_ins.c.user == users.c.name)
    mine = sign_ins.c.digest == _digest(token)
    with database.begin() as connection:
        row = connection.execute(joined.where(mine, users.c.disabled.is_(False))).first()
        if row is None:
            return None
        if now - aware(row.seen) > policy.idle or now - aware(row.begun) > policy.longest:
            connection.execute(delete(sign_ins).where(mine))
            return None
        if now - aware(row.seen) > SEEN_EVERY:
            connection.execute(update(sign_ins).where(mine).values(seen=now))
    return User(row.name, row.role, _digest(f"csrf:{token}"))


def sign_out(database: Database, token: str) -> None:
    """End a sign-in; nothing happens when it has ended. Raises NotKept."""
    with database.begin() as connection:
        connection.execute(delete(sign_ins).where(sign_ins.c.digest == _digest(token)))


def _begin(connection: Connection, name: str, token: str, now: datetime) -> None:
    connection.execute(update(users).where(users.c.name == name).values(failures=0, locked_until=None))
    connection.execute(sign_ins.insert().values(digest=_digest(token), user=name, begun=now, seen=now))
    audit.append(connection, name, "signed in")


def _count_failure(connection: Connection, name: str, policy: Policy, now: datetime) -> None:
    """Counted in the database, so that two tries at once are two."""
    connection.execute(update(users).where(users.c.name == name).values(failures=users.c.failures + 1))
    failures = connection.execute(select(users.c.failures).where(users.c.name == name)).scalar() or 0
    audit.append(connection, name, "sign-in failed", failures=failures)
    if failures >= policy.failures:
        until = now + policy.lockout
        connection.execute(update(users).where(users.c.name == name).values(failures=0, locked_until=until))
        audit.append(connection, name, "user locked", until=until.isoformat())


def _change(connection: Connection, name: str, **values: object) -> None:
    if not connection.execute(update(users).where(users.c.name == name).values(**values)).rowcount:
        raise NotFound(f"没有名为“{name}”的账号")
    connection.execute(delete(sign_ins).where(sign_ins.c.user == name))


def _hashed(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountUnusable(f"密码应有{SHORTEST_PASSWORD}到{LONGEST_PASSWORD}个字符")
    return PasswordHasher().hash(password)


def _verified(hashed: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    """What the password of an unknown name is compared with."""
    return PasswordHasher().hash(secrets.token_urlsafe(16))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
