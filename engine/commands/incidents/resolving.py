"""Resolve an incident without another try, where nothing stands still by it."""

from __future__ import annotations

from engine.commands.engine import Engine
from engine.commands.incidents.finding import open_incident, where
from engine.commands.stepping import working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict
from engine.domain.remedies import RESUMED
from engine.domain.said import said
from engine.domain.storable import LINE, check_texts
from engine.storage import instances
from engine.storage.operations import incidents


def resolve(engine: Engine, incident_id: int, actor: Actor, reason: str) -> None:
    """Resolve it without trying again: what failed stays undone. For who operates the package; kept with the reason.

    Raises `Invalid`, `NotFound`, `Forbidden`, `Conflict` where it is resolved, and where the process would stand still
    for ever: that one is tried again, or the process cancelled.
    """
    check_texts({"reason": (reason, LINE, True)})
    with working(engine, actor, "incidents.resolve") as work:
        incident, _ = open_incident(work, incident_id)
        if incident["event"] is not None and incident["event"]["kind"] not in RESUMED:
            raise Conflict(
                said("Nothing else would take the process on from here: try it again, or cancel the process.")
            )
        incidents.resolve(work.tx, incident_id, work.now, actor.id, reason)
        if incident["instance_id"]:
            instances.mend(work.tx, incident["instance_id"])
        work.journal({"incident": incident_id, "reason": reason, "problem": incident["problem"]}, **where(incident))
