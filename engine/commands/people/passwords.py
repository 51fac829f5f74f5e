"""Passwords: which are accepted, hashing, and checking in a time that tells nothing. Accounts don't belong here."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from engine.domain.errors import Invalid

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2 hash of an acceptable password. Slow on purpose: never inside a transaction.

    Raises `Invalid` for the field `password`.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        text = f"A password has {SHORTEST} to {LONGEST} characters."
        raise Invalid(text, {"password": [text]})
    return _hasher.hash(_bytes(password))


def is_right(password: str, hashed: str | None) -> bool:
    """Whether the password fits; takes as long where there is no hash to compare with."""
    try:
        return _hasher.verify(hashed or _nobodys(), _bytes(password[: LONGEST + 1])) and hashed is not None
    except (Argon2Error, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
