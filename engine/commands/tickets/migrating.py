"""Move one ticket to another version of its package."""

from __future__ import annotations

from engine.commands.access import find_package, hold_ticket, require
from engine.commands.engine import Engine
from engine.commands.stepping import working
from engine.commands.tickets.moving import move
from engine.commands.tickets.targets import check_mapping, find_target
from engine.domain.actors import Actor
from engine.domain.errors import Conflict
from engine.domain.said import said
from engine.spiff.migrating import Finding, Mapped


class NotMoved(Conflict):
    """A ticket can't go on by the other version as it is; `findings` say why."""

    code = "not-moved"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        told = findings[0].problem
        super().__init__(said("The ticket stays on its version: {problem}", problem=told))
        self.findings = findings


def migrate(engine: Engine, actor: Actor, ticket_id: int, version: int, mapping: Mapped) -> int:
    """Move a ticket with all that runs on it to a version of its package, by its number; how many instances that were.

    `mapping` says where tokens go whose elements are gone. For who may deploy the package.
    Raises `NotFound`, `Forbidden`, `Invalid`, and `NotMoved` where it isn't safe: then nothing is changed.
    """
    with working(engine, actor, "tickets.migrate") as work:
        held = hold_ticket(work, ticket_id)
        require(actor, "deploy", find_package(work, held.package.id)[1])
        target = find_target(work, held.package.id, version)
        check_mapping(work, target.id, mapping)
        verdict = move(work, held.row, held.policy_id, target.id, mapping)
        if verdict.kind != "safe":
            raise NotMoved(verdict.findings)
        return len(verdict.moved)
