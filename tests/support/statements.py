"""Counts the statements that a database gets: a batch counts once; BEGIN, COMMIT and ROLLBACK don't count.

Commits are those of transactions that may write.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from engine.storage.database import Database


class Counted:
    """The statements of a stretch of a test, and its commits."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.commits = 0

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def counting(database: Database) -> Iterator[Counted]:
    """Counts what all threads do meanwhile."""
    counted = Counted()

    def executed(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith("BEGIN"):
            counted.statements.append(statement)

    def committed(connection: Any) -> None:
        options = connection.get_execution_options()
        counted.commits += not (options.get("iter_begin") == "BEGIN" or options.get("postgresql_readonly"))

    event.listen(database.sql, "before_cursor_execute", executed)
    event.listen(database.sql, "commit", committed)
    try:
        yield counted
    finally:
        event.remove(database.sql, "before_cursor_execute", executed)
        event.remove(database.sql, "commit", committed)
