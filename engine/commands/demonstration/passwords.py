"""The password of demonstration accounts where only this machine reaches Iter. All know it: nobody far may use it."""

from __future__ import annotations

from functools import lru_cache

from engine.commands.engine import Engine
from engine.commands.people.passwords import is_right
from engine.storage import demonstration as store

#: `web.http.this_machine` takes it from nowhere else, whoever's account it is
KNOWN_PASSWORD = "demonstration"  # noqa: S105 - documented, and worth nothing


def is_taken(engine: Engine) -> bool:
    """Whether the demonstration's accounts take it: they were made where only that machine reached Iter."""
    with engine.database.read() as tx:
        hashed = store.password_hash(tx)
    return hashed is not None and _is_its_hash(hashed)


@lru_cache(maxsize=8)
def _is_its_hash(hashed: str) -> bool:
    return is_right(KNOWN_PASSWORD, hashed)
