"""The shop and its people, for how they sign in. Passwords are hashed at little cost, so that tests are quick."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from argon2 import PasswordHasher

from engine.commands.people import passwords
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from tests.support.clock import VirtualClock
from tests.support.people import People


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 with next to no work; `slow_passwords` takes that back."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def slow_passwords(quick_passwords: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 as the product has it."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    passwords._nobodys.cache_clear()


@pytest.fixture
def people(database: Database, clock: VirtualClock, sandbox: Sandbox) -> People:
    """The shop without a mail server."""
    return cast(People, People.opened(database, clock, sandbox))
