"""A desk whose owner deploys other versions of its repair, and moves tickets to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.commands import tickets
from engine.commands.packages import deployments, migrations
from engine.domain.actors import SYSTEM
from engine.storage.tables import Instance
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, desk_files

DIAGRAM = "repair.bpmn"
#: a user task with a form, between looking and mending
CHECK = """
    <bpmn:userTask id="check" name="Check it" camunda:formKey="check" camunda:candidateGroups="clerk"/>
    <bpmn:sequenceFlow id="f3b" sourceRef="check" targetRef="mend"/>"""
FORM = {
    "type": "default", "id": "check", "schemaVersion": 16,
    "components": [{"type": "textfield", "id": "f1", "key": "found", "label": "Found"}],
}  # fmt: skip


class Owner:
    """Somebody who owns the desk's process."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.engine = desk, desk.engine

    def deploy(self, *changes: tuple[str, str], files: dict[str, bytes] | None = None) -> int:
        """Deploy the repair with some texts changed in its diagram; the number of the version."""
        given = {**desk_files(), **(files or {})}
        drawn = given[DIAGRAM].decode()
        for before, after in changes:
            assert before in drawn
            drawn = drawn.replace(before, after)
        done = deployments.deploy(self.engine, {**given, DIAGRAM: drawn.encode()}, SYSTEM, "browser")
        assert done.created
        return done.version

    def add_task(self) -> int:
        """Deploy the repair with a user task between two others."""
        added = (
            ('sourceRef="reckon" targetRef="mend"/>', f'sourceRef="reckon" targetRef="check"/>{CHECK}'),
        )  # fmt: skip
        return self.deploy(*added, files={"forms/check.form": json.dumps(FORM).encode()})

    def migrate(self, ticket_id: int, version: int, mapping: dict[tuple[str, str], str] | None = None) -> int:
        """Move one ticket."""
        return tickets.migrate(self.engine, CLERK, ticket_id, version, mapping or {})

    def start(self, version: int, **more: Any) -> int:
        """Start a migration of all."""
        return migrations.start(self.engine, CLERK, "desk", version, more.pop("mapping", {}), **more)

    def version_of(self, ticket_id: int) -> set[int]:
        """The deployments that a ticket's instances run on."""
        return {row.deployment_id for row in self.desk.rows(Instance, Instance.ticket_id == ticket_id)}


@pytest.fixture
def owner(make_desk: Callable[..., Desk]) -> Owner:
    """The desk's owner."""
    return Owner(make_desk())
