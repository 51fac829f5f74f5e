"""Finds an incident for somebody who operates its package, with all that it is about locked. Changes nothing."""

from __future__ import annotations

from typing import Any

from engine.commands.access import require_operator
from engine.commands.stepping import Work, load_instance
from engine.domain.errors import Conflict, NotFound
from engine.domain.said import said
from engine.domain.storable import can_be_id
from engine.storage.instances import Loaded
from engine.storage.operations import incidents


def open_incident(work: Work, incident_id: int) -> tuple[dict[str, Any], Loaded | None]:
    """An open incident and its instance, if it has one; both locked.

    Raises `NotFound` (the same for foreign and missing), `Forbidden`, `Conflict` where it is resolved.
    """
    found = incidents.get(work.tx, incident_id) if can_be_id(incident_id) else None
    if found is None:
        raise _none()
    require_operator(work, found["package_id"], found["ticket_id"], _none())
    # the ticket before the incident, as in every step: so two of them can't wait for each other
    loaded = load_instance(work, found["instance_id"]) if found["instance_id"] else None
    incident = incidents.lock(work.tx, incident_id)
    if incident is None:
        raise _none()
    if incident["state"] != "open":
        raise Conflict(said("The incident is resolved already."))
    return incident, loaded


def where(incident: dict[str, Any]) -> dict[str, Any]:
    """The columns of a journal entry about an incident."""
    return {name: incident[name] for name in ("ticket_id", "instance_id", "package_id", "element")}


def _none() -> NotFound:
    return NotFound(said("There is no such incident."))
