"""What is there of demonstrations: which packages still lack theirs, and whether real tickets stand beside it."""

from __future__ import annotations

from engine.commands.engine import Engine
from engine.spiff.demonstration import FOLDER
from engine.storage import demonstration as store


def packages_with_one(engine: Engine, *, empty: bool = False) -> list[str]:
    """The packages whose latest version has a demonstration; `empty`: those whose people aren't there yet."""
    with engine.database.read() as tx:
        found = store.packages_with_one(tx, FOLDER)
        return [package_id for package_id in found if not (empty and store.is_filled(tx, package_id))]


def real_tickets(engine: Engine) -> int:
    """How many tickets aren't demonstration data; counted no further than a thousand."""
    with engine.database.read() as tx:
        return store.real_tickets(tx)
