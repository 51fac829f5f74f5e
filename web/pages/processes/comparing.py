"""Two versions of a package side by side: what has changed since an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.queries.packages import contents, differences
from web.pages.processes.words import CHANGES, ELEMENTS
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

if TYPE_CHECKING:
    from engine.spiff.comparing import Differences

pages = Pages("process versions compared")


@pages.get("/processes/<key:package>/versions/<id:version>/differences", to="staff")
def show(visit: Visit, package: str, version: int) -> Answer:
    """What the version in force has otherwise than this one."""
    older = contents.of_version(visit.engine, visit.actor, package, version)
    newer = contents.of_version(visit.engine, visit.actor, package)
    found = differences.between(visit.engine, visit.actor, package, version, newer.standing.version)
    return render(
        "processes/differences.html", at=older.standing, live=newer.standing, package=newer.version.package,
        differences=found, drawings=drawings(found, older.version.files, newer.version.files), changes=CHANGES,
        elements=ELEMENTS,
    )  # fmt: skip


def drawings(found: Differences, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, Any]:
    """The diagrams that are drawn with their changes, for the script: changed and added ones."""
    return {
        file.path: {
            "before": before.get(file.path, b"").decode("utf-8", "replace"),
            "after": after[file.path].decode("utf-8", "replace"),
            "changes": [{"id": change.id, "kind": change.kind} for change in file.changes],
        }
        for file in found.files
        if file.path.endswith(".bpmn") and file.kind != "removed"
    }
