"""Passwords: which are accepted, hashing, checking in a time that tells nothing; and what is kept of random secrets.

Accounts don't belong here.
"""

from __future__ import annotations

import hashlib
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from engine.domain.errors import Invalid
from engine.domain.said import said

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2 hash of an acceptable password. Slow on purpose: never inside a transaction.

    Raises `Invalid` for the field `password`.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        text = said("A password has {shortest} to {longest} characters.", shortest=SHORTEST, longest=LONGEST)
        raise Invalid(text, {"password": [text]})
    return _hasher.hash(_bytes(password))


def is_right(password: str, hashed: str | None) -> bool:
    """Whether the password fits; takes as long where there is no hash to compare with."""
    try:
        return _hasher.verify(hashed or _nobodys(), _bytes(password[: LONGEST + 1])) and hashed is not None
    except (Argon2Error, InvalidHashError):
        return False


def hash_of(secret: str) -> str:
    """What is kept of a secret that chance made (a token, a link): no salt needed, nor any slowness."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
