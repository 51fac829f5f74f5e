"""The version that tickets are to go to, and what is said of where their tokens go there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from engine.commands.stepping import Work
from engine.domain.errors import Invalid, NotFound
from engine.domain.said import said
from engine.spiff.migrating import Mapped
from engine.storage.operations import migrations

#: elements that a mapping may name
MOST = 500


def find_target(work: Work, package_id: str, version: int) -> Row[Any]:
    """A deployment by its number. Raises `NotFound`."""
    row = migrations.target(work.tx, package_id, version)
    if row is None:
        raise NotFound(said("There is no such version."))
    return row


def check_mapping(work: Work, deployment_id: int, mapping: Mapped) -> None:
    """Raises `Invalid` for elements that tokens are sent to and that the version doesn't have."""
    processes = work.engine.version(deployment_id, work.tx).definitions.processes
    lacking = sorted(
        f"{process}/{target}"
        for (process, _), target in mapping.items()
        if process not in processes or target not in processes[process].nodes
    )
    if len(mapping) > MOST or lacking:
        told = said("The version has no such elements: {names}.", names=lacking[:20])
        if not lacking:
            told = said("At most {most} elements at a time.", most=MOST)
        raise Invalid(told, {"mapping": [told]})
