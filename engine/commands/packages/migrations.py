"""Migrations of all open tickets of a package: started by its owner, worked off by the worker, ticket by ticket.

Each ticket has its own transaction, in which it is noted too: after a kill a migration goes on where it was. Whether a
ticket may be moved is found out at that moment.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import OperationalError

from engine.commands.access import find_package, require
from engine.commands.engine import Engine
from engine.commands.stepping import working
from engine.commands.tickets.moving import move
from engine.commands.tickets.targets import check_mapping, find_target
from engine.domain.actors import SYSTEM, Actor
from engine.domain.errors import Conflict, NotFound, StepFailed
from engine.domain.said import said, to_json
from engine.spiff.migrating import Finding, Mapped
from engine.storage import packages, tickets
from engine.storage.operations import migrations

log = logging.getLogger(__name__)

#: tickets of one look
BATCH = 50
#: seconds after which no further ticket is moved in one look: timers and messages wait meanwhile
LONGEST = 0.2

Row = Mapping[str, Any]


def start(
    engine: Engine, actor: Actor, package_id: str, version: int, mapping: Mapped, source: int | None = None
) -> int:
    """Have all tickets that run on other versions of a package (or on one, `source`) moved to a version; its id.

    The worker moves them, one transaction each; those that aren't safe at that moment stay, and are noted.
    For who may deploy the package. Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict` where one is running.
    """
    with working(engine, actor, "migrations.start") as work:
        require(actor, "deploy", find_package(work, package_id)[1])
        packages.lock(work.tx, package_id, work.now)
        target = find_target(work, package_id, version)
        check_mapping(work, target.id, mapping)
        if migrations.running(work.tx, package_id):
            raise Conflict(said("Tickets of this package are being migrated already."))
        sources = migrations.sources(work.tx, package_id, target.id)
        if source is not None:
            sources = [one for one in sources if one == find_target(work, package_id, source).id]
        tickets, newest = migrations.count(work.tx, package_id, sources)
        values = {
            "package_id": package_id, "deployment_id": target.id, "sources": sources,
            "mapping": [[*place, element] for place, element in sorted(mapping.items())],
            "last_ticket": newest, "tickets": tickets, "state": "running", "problem": "", "started_at": work.now,
            "started_by": actor.id, "finished_at": None,
        }  # fmt: skip
        migration_id = migrations.add(work.tx, values)
        told = {"migration": migration_id, "from_deployments": sources, "to_deployment": target.id}
        work.journal({**told, "mapping": values["mapping"], "tickets": tickets}, package_id=package_id)
        work.wakes = True
        return migration_id


def stop(engine: Engine, actor: Actor, package_id: str, migration_id: int) -> None:
    """Have a migration that runs move no further ticket. Those that it has moved stay moved.

    For who may deploy the package. Raises `NotFound`, `Forbidden`, and `Conflict` where it has ended already.
    """
    with working(engine, actor, "migrations.stop") as work:
        require(actor, "deploy", find_package(work, package_id)[1])
        migration = migrations.get(work.tx, migration_id)
        if migration is None or migration["package_id"] != package_id:
            raise NotFound(said("There is no such migration."))
        if not migrations.finish(work.tx, migration_id, "stopped", work.now):
            again = (migrations.get(work.tx, migration_id) or migration)["state"] == "stopped"
            told = said("The migration was stopped already.") if again else said("The migration has ended already.")
            raise Conflict(told)
        counted = {**migrations.outcomes(work.tx, migration_id), "left": migrations.count_left(work.tx, migration)}
        work.journal({"migration": migration_id, "state": "stopped", **counted}, package_id=package_id)


def due(engine: Engine, limit: int = 100) -> list[str]:
    """Ids of the migrations that run; where none does, that costs one look at an empty index."""
    with engine.database.look() as tx:
        return [str(migration_id) for migration_id in migrations.running(tx)[:limit]]


def go_on(engine: Engine, migration_id: str) -> int:
    """Move some further tickets, one transaction each; how many were looked at. The last look ends the migration."""
    with engine.database.read() as tx:
        migration = migrations.get(tx, int(migration_id))
        if migration is None or migration["state"] != "running":
            return 0
        left = migrations.left(tx, migration, BATCH)
    if not left:
        _finish(engine, migration, "done")
    end = time.monotonic() + LONGEST
    for number, ticket_id in enumerate(left, start=1):
        _move(engine, migration, ticket_id)
        if time.monotonic() > end:
            return number
    return len(left)


def fail(engine: Engine, migration_id: str, error: Exception) -> None:
    """It can't be gone on with, for a reason that is none of a single ticket's."""
    with engine.database.read() as tx:
        migration = migrations.get(tx, int(migration_id))
    if migration is not None:
        _finish(engine, migration, "failed", f"{type(error).__name__}: {error}"[:1000])


def _move(engine: Engine, migration: Row, ticket_id: int) -> None:
    """One ticket's transaction. Where Iter itself makes a mistake, the others are moved all the same."""
    try:
        with working(engine, replace(SYSTEM, id=migration["started_by"]), "tickets.migrate") as work:
            found = tickets.lock(work.tx, ticket_id)
            if found is None or not migrations.wants(work.tx, migration["id"], ticket_id):
                return
            mapping = {(process, element): target for process, element, target in migration["mapping"]}
            verdict = move(work, *found, migration["deployment_id"], mapping)
            noted = [_plain(finding) for finding in verdict.findings]
            migrations.note(work.tx, migration["id"], ticket_id, verdict.kind, noted, work.now)
    except OperationalError:
        raise
    except Exception as error:
        if not isinstance(error, StepFailed):
            log.exception("migration %s: ticket %s stays where it was", migration["id"], ticket_id)
        _keep(engine, migration, ticket_id, error)


def _keep(engine: Engine, migration: Row, ticket_id: int, error: Exception) -> None:
    problem = error.problem if isinstance(error, StepFailed) else said("Iter made a mistake: {error}", error=str(error))
    noted = [_plain(Finding("impossible", problem))]
    with engine.database.begin() as tx:
        migrations.note(tx, migration["id"], ticket_id, "impossible", noted, engine.clock())


def _finish(engine: Engine, migration: Row, state: str, problem: str = "") -> None:
    with working(engine, replace(SYSTEM, id=migration["started_by"]), "migrations.finish") as work:
        if migrations.finish(work.tx, migration["id"], state, work.now, problem):
            told = {"migration": migration["id"], "state": state, "problem": problem}
            work.journal(told | migrations.outcomes(work.tx, migration["id"]), package_id=migration["package_id"])


def _plain(finding: Finding) -> dict[str, Any]:
    """A finding as its row keeps it, to be told in the reader's language."""
    return {
        "kind": finding.kind, "process": finding.process, "element": finding.element, "label": finding.label,
        "problem": str(finding.problem), "said": to_json(finding.problem),
        "options": [[option.element, option.label] for option in finding.options],
    }  # fmt: skip
