"""An engine for the length of one verb."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from web.database import migrate, open_engine
from web.settings import Settings

if TYPE_CHECKING:
    from engine.commands.engine import Engine


@contextmanager
def engine_of(settings: Settings) -> Iterator[Engine]:
    """What commands are handed, on a database whose schema is up to date; closed at the end."""
    migrate(settings)
    engine = open_engine(settings)
    try:
        yield engine
    finally:
        engine.sandbox.close()
        engine.database.close()
