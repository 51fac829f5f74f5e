"""One version of a package: its diagrams, what else is in it, and the versions before and after it."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import jsonify

from engine.queries.packages import contents, standing
from engine.queries.packages.contents import Contents, Drawing, Step
from web.http.downloads import download as save
from web.package_sources import to_zip
from web.pages.processes.words import ELEMENTS, FILES, SOURCES, groups_label
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("process versions")


@pages.get("/processes/<key:package>", to="staff")
def show(visit: Visit, package: str) -> Answer:
    """The version in force."""
    return _page(visit, package)


@pages.get("/processes/<key:package>/versions/<id:version>", to="staff")
def show_version(visit: Visit, package: str, version: int) -> Answer:
    """Any version."""
    return _page(visit, package, version)


@pages.get("/processes/<key:package>/versions/<id:version>/diagrams.json", to="staff")
def drawings(visit: Visit, package: str, version: int) -> Answer:
    """What the diagram viewer draws: every diagram of a version, with what is said of each element."""
    found = contents.of_version(visit.engine, visit.actor, package, version)
    return jsonify(sheets=[sheet(visit, found, drawing) for drawing in found.drawings])


@pages.get("/processes/<key:package>/versions/<id:version>/package.zip", to="staff")
def download(visit: Visit, package: str, version: int) -> Answer:
    """All files of a version, to be changed elsewhere and handed in again."""
    found = contents.of_version(visit.engine, visit.actor, package, version)
    packed = to_zip(found.version.files)
    return save(f"{package}-{version}.zip", "application/zip", len(packed), iter([packed]))


def _page(visit: Visit, package: str, number: int | None = None) -> Answer:
    found = contents.of_version(visit.engine, visit.actor, package, number)
    versions = standing.versions(visit.engine, visit.actor, package, cursor=visit.query.get("cursor"))
    return render(
        "processes/version.html", found=found, at=found.standing, package=found.version.package, versions=versions,
        shelves=_shelves(found), kinds=FILES, elements=ELEMENTS, sources=SOURCES, joined=groups_label,
        sheet=visit.query.get("diagram", ""),
    )  # fmt: skip


def _shelves(found: Contents) -> list[tuple[str, list[Any]]]:
    """The files beside the diagrams, by what they are."""
    order = list(FILES)
    others = sorted((file for file in found.files if file.kind in FILES), key=lambda file: order.index(file.kind))
    return [(kind, list(some)) for kind, some in groupby(others, key=lambda file: file.kind)]


def sheet(visit: Visit, found: Contents, drawing: Drawing) -> dict[str, Any]:
    """A diagram as the viewer takes it."""
    return {
        "key": drawing.path,
        "name": drawing.name,
        "drawing": f"/diagrams/{found.standing.deployment_id}/{drawing.path}",
        "about": {step.id: _about(visit, found, step) for _, steps in drawing.processes for step in steps},
        "calls": drawing.calls,
        "words": drawing.words,
    }


def _about(visit: Visit, found: Contents, step: Step) -> dict[str, Any]:
    kind = visit.say(ELEMENTS.get(step.type, step.type))
    lines = [kind] if step.label else []
    if step.groups:
        lines.append(visit.say("For: {groups}", groups=groups_label(found.version.package, step.groups)))
    if step.form:
        lines.append(visit.say("Form: {form}", form=step.form))
    return {"label": step.label or kind, "lines": lines}
