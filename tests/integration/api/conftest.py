"""Callers of the API with their tokens, and a deployed package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.commands.packages.folders import read_folder
from engine.commands.people import accounts, companies, tokens
from engine.domain.actors import SYSTEM
from tests.support.clients import client_of
from tests.support.workshop import write_workshop

API = "/api/v1"
PASSWORD = "correct horse battery"


@dataclass
class Caller:
    """Somebody with a token."""

    client: FlaskClient
    token: str
    account: int

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        return self.client.open(API + path, method=method, headers=headers, **options)


@dataclass
class World:
    """A deployed package with its people."""

    engine: Engine
    client: FlaskClient
    admin: Caller
    mechanic: Caller
    rider: Caller
    #: a customer of another company
    stranger: Caller
    files: dict[str, bytes]


@pytest.fixture
def world(database, clock, sandbox, tmp_path: Path) -> World:
    engine = Engine(database=database, clock=clock, sandbox=sandbox)
    files = read_folder(write_workshop(tmp_path))
    deployments.deploy(engine, files, SYSTEM, "folder")
    client = client_of(engine)
    person = _people(engine, client)
    return World(
        engine, client, person("admin", ""), person("mechanic", "mechanic"), person("rider", "rider", "Riders"),
        person("stranger", "rider", "Strangers"), files,
    )  # fmt: skip


def _people(engine: Engine, client: FlaskClient) -> Callable[..., Caller]:
    def person(name: str, role: str, company: str = "") -> Caller:
        account = accounts.create(
            engine, SYSTEM, email=f"{name}@example.com", name=name, kind="customer" if company else "staff",
            company=companies.create(engine, SYSTEM, name=company) if company else None, administrator=not role,
        )  # fmt: skip
        if role:
            accounts.set_memberships(engine, SYSTEM, account, "workshop", {role: []})
        return Caller(client, tokens.create(engine, SYSTEM, account_id=account).secret, account)

    return person
