"""Sign-in attempts, counted before the password is checked, by account and by origin.

Wrong passwords delay only the origin they come from, longer each time. An account under attack from many origins
answers all of them slowly, except browsers that signed in to it before (OWASP, device cookies). Names and addresses
are kept as keyed digests, of an address 24 bits, and only for a while.
"""

import hashlib
import hmac
import math
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.engine import Connection

from bot.errors import SignInDelayed
from bot.records.database import Database, Lock, aware, lock_for_transaction
from bot.records.schema import keys, sign_in_tries

FIRST_WAIT = timedelta(minutes=1)
# An attempt is remembered for this multiple of the longest wait, so that waiting does not clear an origin.
REMEMBERED = 4
# An account is under attack from this multiple of the failures one origin is allowed; from then on an origin may
# fail once, and each answer is delayed: by PAUSE for every further failure, at most LONGEST_PAUSE (seconds).
SPREAD, FREE_WHILE_GUESSED = 4, 1
PAUSE, LONGEST_PAUSE = 0.25, 4.0
ADDRESS_CHARS, MARK_CHARS = 6, 15


@dataclass(frozen=True, slots=True)
class Limits:
    """How many failures an origin may have without waiting, and the longest wait after more."""

    failures: int
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """The origin of an attempt: an address, and the mark a browser got when it signed in before."""

    address: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Try:
    """A counted attempt that may proceed after `pause` seconds. `known`: from a browser that signed in before."""

    id: str
    account: str
    place: str
    known: bool
    pause: float


def count(connection: Connection, name: str, place: Place, limits: Limits, now: datetime) -> Try:
    """Count an attempt for an account, whether or not it exists. Raises SignInDelayed.

    Attempts are counted one at a time: of many at once no more proceed than allowed.
    """
    lock_for_transaction(connection, Lock.TRIES)
    key = _key(connection)
    account, known = _digest(key, "account", name), _is_mark(key, name, place.mark)
    whence = _place(key, place, known)
    _forget_past(connection, now)
    total = connection.execute(select(func.count()).where(sign_in_tries.c.account == account)).scalar() or 0
    more = 0 if known else total - SPREAD * limits.failures + 1
    made = Try(uuid.uuid4().hex, account, whence, known, min(max(more, 0) * PAUSE, LONGEST_PAUSE))
    seconds = wait(connection, made, limits, now)
    if seconds:
        raise SignInDelayed("试得太多了", seconds)
    ends = now + max(limits.longest, FIRST_WAIT) * REMEMBERED
    row = {"id": made.id, "account": account, "place": whence, "at": now, "ends": ends}
    connection.execute(sign_in_tries.insert().values(**row))
    return made


def wait(connection: Connection, made: Try, limits: Limits, now: datetime) -> int:
    """Seconds until the next attempt from the same origin is allowed; 0 when it is now."""
    mine = (sign_in_tries.c.account == made.account) & (sign_in_tries.c.place == made.place)
    failures, last = connection.execute(select(func.count(), func.max(sign_in_tries.c.at)).where(mine)).one()
    over = failures - (FREE_WHILE_GUESSED if made.pause else limits.failures)
    if over < 0 or last is None:
        return 0
    until = aware(last) + min(FIRST_WAIT * 2 ** min(over, 20), limits.longest)
    left: timedelta = until - now
    return max(0, math.ceil(left.total_seconds()))


def forgive(connection: Connection, made: Try) -> None:
    """Forget the attempts from an origin that knew the password."""
    mine = (sign_in_tries.c.account == made.account) & (sign_in_tries.c.place == made.place)
    connection.execute(delete(sign_in_tries).where(mine))


def uncount(connection: Connection, made: Try) -> None:
    """Forget one attempt: its password was never checked."""
    connection.execute(delete(sign_in_tries).where(sign_in_tries.c.id == made.id))


def forget_account(connection: Connection, name: str) -> None:
    """Forget every attempt for an account."""
    account = _digest(_key(connection), "account", name)
    connection.execute(delete(sign_in_tries).where(sign_in_tries.c.account == account))


def forget_past(database: Database) -> int:
    """Delete expired attempts; how many. Raises NotKept."""
    with database.begin() as connection:
        return _forget_past(connection, datetime.now(UTC))


def _forget_past(connection: Connection, now: datetime) -> int:
    return connection.execute(delete(sign_in_tries).where(sign_in_tries.c.ends < now)).rowcount


def new_mark(connection: Connection, name: str) -> str:
    """The mark by which a browser that signed in to the account is recognised later."""
    nonce = secrets.token_hex(12)
    return f"{nonce}.{_digest(_key(connection), 'mark', nonce, name)}"


def _is_mark(key: bytes, name: str, mark: str) -> bool:
    nonce, _, proof = mark.partition(".")
    return hmac.compare_digest(_digest(key, "mark", nonce, name).encode(), proof.encode())


def _place(key: bytes, place: Place, known: bool) -> str:
    if known:
        return "m" + _digest(key, "browser", place.mark)[:MARK_CHARS]
    return "a" + _digest(key, "address", place.address)[:ADDRESS_CHARS]


def _digest(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\0".join(parts).encode(errors="replace"), hashlib.sha256).hexdigest()


def _key(connection: Connection) -> bytes:
    return bytes.fromhex(connection.execute(select(keys.c.value).where(keys.c.name == "sign-in")).scalar_one())
