"""Connections and transactions, alike on SQLite and PostgreSQL. No tables and no statements of their own here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, FromClause, create_engine, event, make_url
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import URL
from sqlalchemy.exc import InvalidatePoolError, OperationalError

from engine.storage.tables.base import canonical

#: seconds that a command waits for another one's lock on SQLite
BUSY_TIMEOUT = 15.0
#: how often a statement comes on a connection before PostgreSQL keeps it
PREPARED_AFTER = 3
#: seconds without use after which a connection to a server is tried before it is used: it may have been cut
IDLE = 1.0


@dataclass
class _Running:
    """The writing transaction that this thread is in, and what is to be done once it has committed."""

    connection: Connection
    after_commit: list[Callable[[], None]] = field(default_factory=list)


class Database:
    """A database by its URL: `sqlite:///file` or `postgresql://…` (through psycopg)."""

    def __init__(self, url: str) -> None:
        self.url: URL = _with_driver(make_url(url))
        self.dialect: str = self.url.get_backend_name()
        #: SQLAlchemy's engine, for migrations, Flask-SQLAlchemy and listeners
        self.sql: Engine = create_engine(self.url, json_serializer=canonical, **self._options())
        if self.dialect == "sqlite":
            self.sql.dialect.statement_compiler = _SqliteCompiler
        self._running: ContextVar[_Running | None] = ContextVar("running", default=None)
        if self.dialect == "sqlite":
            event.listen(self.sql, "connect", _prepare_sqlite)
            event.listen(self.sql, "begin", _begin_sqlite)
        else:
            event.listen(self.sql, "checkin", _left)
            event.listen(self.sql, "checkout", self._try_idle)

    def _options(self) -> dict[str, Any]:
        if self.dialect == "sqlite":
            return {"connect_args": {"timeout": BUSY_TIMEOUT}}
        return {"connect_args": {"options": "-c timezone=UTC"}}

    @contextmanager
    def begin(self, patience: float | None = None) -> Iterator[Connection]:
        """A transaction that writes; commits at the end, rolls back on an exception.

        On SQLite it takes the write lock at once: a reading transaction can't be turned into a writing one later.
        Inside another `begin` of the same thread it is a savepoint of that one.
        `patience`: seconds to wait for others' locks; then `OperationalError`, for which `gave_up_waiting` is true.
        """
        outer = self._running.get()
        if outer is not None:
            with outer.connection.begin_nested():
                yield outer.connection
            return
        with self.sql.connect() as connection:
            self._prepare_statements(connection, after=PREPARED_AFTER)
            running = _Running(connection)
            token = self._running.set(running)
            try:
                with self._patience(connection, patience), connection.begin():
                    if patience is not None and self.dialect == "postgresql":
                        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(patience * 1000)}")
                    yield connection
            finally:
                self._running.reset(token)
        for action in running.after_commit:
            action()

    @contextmanager
    def _patience(self, connection: Connection, seconds: float | None) -> Iterator[None]:
        """SQLite waits for the one lock that it has by a setting of the connection, set before it begins."""
        if seconds is None or self.dialect != "sqlite":
            yield
            return
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        try:
            yield
        finally:
            raw.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT * 1000)}")

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once the running transaction, the outermost one, has committed; never if it doesn't."""
        running = self._running.get()
        if running is None:
            raise RuntimeError("Expected a running transaction, but there is none")
        running.after_commit.append(action)

    @contextmanager
    def read(self, *, by_values: bool = False) -> Iterator[Connection]:
        """A transaction that only reads, and blocks nobody; all of it sees the same state of the database.

        `by_values`: PostgreSQL plans each statement for the values that it is given, not once for all. For lists: one
        closed ticket in two and one cancelled in a hundred want different plans.
        Inside `begin` of the same thread it reads there, and sees what that transaction has written.
        """
        outer = self._running.get()
        if outer is not None:
            yield outer.connection
            return
        with self.sql.connect() as connection:
            connection = connection.execution_options(**self._read_options())
            self._prepare_statements(connection, after=None if by_values else PREPARED_AFTER)
            with connection.begin():
                yield connection  # committed, not rolled back: after a rollback psycopg forgets what it has prepared

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """For a single statement that reads: without a transaction around it, which spares two round trips."""
        if self._running.get() is not None or self.dialect == "sqlite":
            with self.read() as connection:
                yield connection
            return
        with self.sql.connect() as connection:
            self._prepare_statements(connection, after=PREPARED_AFTER)
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def _try_idle(self, connection: Any, record: Any, _proxy: Any) -> None:
        """A connection that has been idle may have been cut: then all of them are made anew."""
        left = record.info.get("left")
        if left is not None and time.monotonic() - left > IDLE and not self._answers(connection):
            raise InvalidatePoolError

    def _answers(self, connection: Any) -> bool:
        try:
            return bool(self.sql.dialect.do_ping(connection))
        except self.sql.dialect.loaded_dbapi.Error:
            return False

    def _prepare_statements(self, connection: Connection, after: int | None) -> None:
        """PostgreSQL parses and plans a statement once for all when it has come so often; None: each time anew."""
        if self.dialect == "postgresql":
            raw: Any = connection.connection.driver_connection
            raw.prepare_threshold = after

    def _read_options(self) -> dict[str, Any]:
        if self.dialect == "sqlite":
            return {"iter_begin": "BEGIN"}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def close(self) -> None:
        """Close all connections."""
        self.sql.dispose()


class _SqliteCompiler(SQLiteCompiler):
    """Writes hints (`with_hint(table, "INDEXED BY …", "sqlite")`): SQLite plans without knowing how many rows fit."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:
        """What stands after a table's name."""
        return text


def gave_up_waiting(error: OperationalError) -> bool:
    """Whether a statement failed because another transaction held a lock for too long."""
    return getattr(error.orig, "sqlstate", "") == "55P03" or "database is locked" in str(error.orig)


def _with_driver(url: URL) -> URL:
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(f"Expected a sqlite or postgresql URL, but got {url.drivername}")
    return url


def _left(_connection: Any, record: Any) -> None:
    record.info["left"] = time.monotonic()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # BEGIN is ours: see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("iter_begin", "BEGIN IMMEDIATE"))
