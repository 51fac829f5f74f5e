"""Writes that wait until they are written together: one statement for all rows, however many steps they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Delete
from sqlalchemy.sql.dml import UpdateBase

Rows = Sequence[Mapping[str, Any]]


@dataclass
class _Part:
    statement: UpdateBase
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    #: raised where it changes fewer rows than it was given
    otherwise: Exception | None = None


class Batch:
    """A transaction's writes, in the order in which their statements first came. Nothing of them is read back."""

    def __init__(self, tx: Connection) -> None:
        self.tx = tx
        self._parts: dict[Any, _Part] = {}

    def add(self, statement: UpdateBase, rows: Rows, otherwise: Exception | None = None) -> None:
        """Rows for a statement that is built once. `otherwise` is raised when it changes fewer rows than these."""
        for row in rows:
            part = self._parts.setdefault((statement, *row), _Part(statement, otherwise=otherwise))
            part.rows.append(row)

    def flush(self) -> None:
        """Write all. What is deleted goes first: a step takes away what tokens had before it gives them anew."""
        parts, self._parts = self._parts, {}
        for part in sorted(parts.values(), key=lambda part: not isinstance(part.statement, Delete)):
            done = self.tx.execute(part.statement, part.rows if len(part.rows) > 1 else part.rows[0])
            if part.otherwise and done.rowcount != len(part.rows):
                raise part.otherwise

    def forget(self) -> None:
        """Write nothing: what it belongs to was rolled back."""
        self._parts.clear()
