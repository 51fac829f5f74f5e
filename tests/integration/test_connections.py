"""Connections to the database: what is kept open between requests, and what happens when it was cut."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from engine.storage import database as module
from engine.storage.database import Database
from engine.storage.tables import Company


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    opened = Database(postgresql_url)
    yield opened
    opened.close()


NOW = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)


def count(database: Database) -> int:
    with database.look() as connection:
        return connection.execute(select(func.count()).select_from(Company)).scalar_one()


def cut_all(database: Database) -> None:
    """As a server does that is started anew."""
    other = Database(database.url.render_as_string(hide_password=False))
    with other.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                                " AND datname = current_database()"))  # fmt: skip
    other.close()


def test_connections_that_were_cut_while_idle_are_made_anew(
    postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert count(postgresql) == 0
    cut_all(postgresql)
    monkeypatch.setattr(module, "IDLE", 0.0)
    assert count(postgresql) == 0
    with postgresql.begin() as connection:
        connection.execute(select(1))


def test_one_that_was_cut_just_now_fails_once(postgresql: Database) -> None:
    assert count(postgresql) == 0
    cut_all(postgresql)
    with pytest.raises(OperationalError):
        count(postgresql)
    assert count(postgresql) == 0


def test_a_look_takes_one_round_trip_and_leaves_transactions_as_they_are(postgresql: Database) -> None:
    begun: list[object] = []
    assert count(postgresql) == 0
    event.listen(postgresql.sql, "do_execute", lambda *_: begun.append(1))
    with postgresql.look() as connection:
        assert connection.execute(text("SELECT count(*) FROM companies")).scalar() == 0
        assert connection.connection.driver_connection.info.transaction_status.name == "IDLE"  # type: ignore[union-attr]
    assert len(begun) == 1
    with postgresql.begin() as connection:
        connection.execute(select(1))
        assert connection.connection.driver_connection.info.transaction_status.name == "INTRANS"  # type: ignore[union-attr]


def test_a_look_inside_a_transaction_sees_what_that_has_written(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(Company.__table__.insert().values(name="Gamma", created_at=NOW))
        assert count(database) == 1
    assert count(database) == 1
