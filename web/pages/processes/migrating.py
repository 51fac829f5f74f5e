"""Open tickets moved to another version: what would become of each, where to go where one must choose, progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from engine.commands.packages import migrations
from engine.domain.errors import Conflict, Invalid
from engine.queries.migrations import progress, verdicts
from engine.queries.packages import standing
from engine.queries.reading import reading
from web.pages.processes.words import VERDICTS
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.spiff.migrating import Kind

pages = Pages("process migrations")

#: name of a field that says where tokens go: `map/process/element`
_MAP = "map/"


@pages.get("/processes/<key:package>/versions/<id:version>/migrating", to="staff")
def check(visit: Visit, package: str, version: int) -> Answer:
    """What would become of the open tickets on other versions if they went to this one."""
    return _page(visit, package, version, _mapping(visit.query))


@pages.post("/processes/<key:package>/versions/<id:version>/migrating", to="staff")
def start(visit: Visit, package: str, version: int) -> Answer:
    """Move them; the worker does it, ticket by ticket."""
    mapping = _mapping({name: visit.form.text(name) for name in visit.form.names(_MAP)})
    try:
        made = migrations.start(visit.engine, visit.actor, package, version, mapping)
    except (Invalid, Conflict) as error:
        with reading(visit.engine, visit.actor, visit.language):
            return _page(visit, package, version, mapping, error)
    return visit.see(f"/processes/{package}/migrations/{made}")


@pages.get("/processes/<key:package>/migrations/<id:migration>", to="staff")
def show(visit: Visit, package: str, migration: int) -> Answer:
    """How far it is, and the tickets that have stayed with why."""
    return _shown(visit, package, migration)


@pages.post("/processes/<key:package>/migrations/<id:migration>/stop", to="staff")
def stop(visit: Visit, package: str, migration: int) -> Answer:
    """Have it move no further ticket."""
    try:
        migrations.stop(visit.engine, visit.actor, package, migration)
    except Conflict as error:
        return _shown(visit, package, migration, error)
    return visit.see(f"/processes/{package}/migrations/{migration}")


def _shown(visit: Visit, package: str, migration: int, error: Conflict | None = None) -> Answer:
    found = progress.one(visit.engine, visit.actor, package, migration)
    stayed = progress.stayed(visit.engine, visit.actor, package, migration, cursor=visit.query.get("cursor"))
    template = "_migration" if visit.wants_part else "migration"
    with reading(visit.engine, visit.actor) as reader:
        title = standing.owned_package(reader, package)
    again = urlencode([(f"{_MAP}{process}/{element}", to) for (process, element), to in found.mapping.items()])
    return render(
        f"processes/{template}.html", status=409 if error else 200, found=found, stayed=stayed, package=title,
        verdicts=VERDICTS, error=error, again=again,
    )  # fmt: skip


def _page(
    visit: Visit,
    package: str,
    version: int,
    mapping: dict[tuple[str, str], str],
    error: Invalid | Conflict | None = None,
) -> Answer:
    at = standing.one(visit.engine, visit.actor, package, version)
    kind = visit.query.get("verdict")
    wanted = cast("Kind", kind) if kind in VERDICTS else None
    with reading(visit.engine, visit.actor) as reader:
        title = standing.owned_package(reader, package)
    return render(
        "processes/migrating.html", status=422 if error else 200, at=at, package=title, mapping=mapping, error=error,
        found=verdicts.check(visit.engine, visit.actor, package, version, mapping), verdicts=VERDICTS, wanted=wanted,
        tickets=verdicts.tickets(
            visit.engine, visit.actor, package, version, mapping, verdict=wanted, cursor=visit.query.get("cursor")
        ),
        latest=progress.latest(visit.engine, visit.actor, package),
    )  # fmt: skip


def _mapping(given: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """`map/process/element` = the element that tokens go to; nothing chosen is no mapping."""
    found = {}
    for name, element in given.items():
        process, _, place = name.removeprefix(_MAP).partition("/")
        if name.startswith(_MAP) and process and place and element:
            found[process, place] = element
    return found
