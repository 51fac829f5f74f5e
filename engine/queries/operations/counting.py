"""Counts that cost the same however much there is: beyond a limit it is "more than so many"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select

#: up to which lists are counted
MOST = 1_000


class Count(int):
    """A number of things; `more` says that there are more than it says."""

    @property
    def more(self) -> bool:
        """Whether counting was stopped here."""
        return self >= MOST


def count(tx: Connection, wanted: Mapping[str, Select[Any]]) -> dict[str, Count]:
    """How many rows each statement gives, up to the limit; all by one statement."""
    counted = [
        select(func.count()).select_from(statement.limit(MOST).subquery()).scalar_subquery().label(name)
        for name, statement in wanted.items()
    ]
    row = tx.execute(select(*counted)).one()
    return {name: Count(getattr(row, name)) for name in wanted}
