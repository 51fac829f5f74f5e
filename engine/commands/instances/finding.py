"""Finds an instance for somebody who operates its package. Changes nothing."""

from __future__ import annotations

from engine.commands.access import require_visible
from engine.commands.stepping import Work, load_instance
from engine.domain.errors import Forbidden, NotFound
from engine.domain.said import said
from engine.domain.storable import can_be_key
from engine.storage.instances import Loaded


def operated_instance(work: Work, instance_id: str) -> Loaded:
    """An instance, locked with its ticket. Raises `NotFound` (the same for foreign and missing), `Forbidden`."""
    if not can_be_key(instance_id):
        raise _none()
    loaded = load_instance(work, instance_id)
    package = work.engine.version(loaded.instance["deployment_id"], work.tx).package
    if not work.actor.may("operate", package):
        try:
            require_visible(work, package, loaded.ticket)
        except NotFound:
            raise _none() from None
        raise Forbidden(said("Your roles don't allow you to operate this package."))
    return loaded


def _none() -> NotFound:
    return NotFound(said("There is no such instance."))
