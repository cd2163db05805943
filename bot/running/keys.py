"""API keys of other programs. The settings hold only their SHA-256: a key is 256 random bits, so no salt helps."""

import hashlib
import secrets
from collections.abc import Mapping

PREFIX = "wz-"


def new_key() -> str:
    """A new key, shown once."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """What the settings hold of a key, in hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def owner(key: str, known: Mapping[str, str]) -> str | None:
    """Whose key it is. `known` maps digests to names."""
    return known.get(digest(key))
