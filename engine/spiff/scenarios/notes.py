"""A note in a scenario: what it does by the rules of notes, as on the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.actors import Actor
from engine.domain.notes import Note, opens_again, reopening_process
from engine.spiff.scenarios.waiting import Sent
from engine.spiff.scenarios.world import World


def add_note(world: World, actor: Actor, step: Mapping[str, Any]) -> None:
    """Add the note of a step. Raises `Invalid`, `Forbidden` or `Conflict` where the server would refuse it."""
    package, ticket = world.case.package, world.case.ticket
    note = Note(step["note"], step.get("public", True), step.get("expects", "nobody"))
    note.check(actor, package)
    if opens_again(package, ticket["status"], str(ticket["number"])):
        world.start(reopening_process(package), note.variables(actor))
    elif message := note.message(actor, package):
        world.tell(message, note.variables(actor))
    if template := package.mail.note:
        world.happened.mails.append(Sent(template, "involved" if note.public else "staff", world.now))
