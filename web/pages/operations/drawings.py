"""What the diagram viewer asks for: where an instance stands and its way as JSON, and the drawing itself."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from engine.queries import diagrams
from engine.queries.diagrams import Passed, Sheet, Stand, Way
from web.pages.formatting import instant
from web.pages.operations.words import WAITS
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("drawings")


@pages.get("/instances/<key:instance_id>/diagram.json", to="staff")
def way(visit: Visit, instance_id: str) -> Answer:
    """Where an instance stands and the way that it came, for every diagram of it, in the reader's words."""
    found = diagrams.of_instance(visit.engine, visit.actor, instance_id)
    return jsonify(sheets=[_sheet(visit, found, sheet) for sheet in found.sheets])


@pages.get("/diagrams/<id:deployment_id>/<file:path>", to="staff")
def drawing(visit: Visit, deployment_id: int, path: str) -> Answer:
    """A BPMN file of a version; it never changes."""
    response = Response(diagrams.drawing(visit.engine, visit.actor, deployment_id, path), mimetype="application/xml")
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


def _sheet(visit: Visit, found: Way, sheet: Sheet) -> dict[str, Any]:
    told = {passed.element: _passed(visit, passed) for passed in sheet.passed}
    operates = bool(sheet.stuck) and _operates(visit)
    return {
        "key": sheet.file,
        "drawing": f"/diagrams/{found.deployment_id}/{sheet.file}",
        "passed": told,
        "flows": sheet.flows,
        "stands": [_stand(visit, stand) for stand in sheet.stands],
        "stuck": [
            {
                "element": stuck.element,
                "label": stuck.label,
                "lines": [visit.say("Incident {number}", number=stuck.incident), visit.say(stuck.problem)],
                "address": f"/operations/incidents/{stuck.incident}" if operates else "",
            }
            for stuck in sheet.stuck
        ],
        "calls": sheet.calls,
        "words": sheet.words,
    }


def _passed(visit: Visit, passed: Passed) -> dict[str, Any]:
    lines = [visit.say("Come to as number {order}", order=passed.order)]
    if passed.count > 1:
        lines.append(visit.say("{count} times, last:", count=passed.count))
    lines += [instant(at) for at in passed.times]
    return {"label": passed.label, "count": passed.count, "order": passed.order, "lines": lines}


def _stand(visit: Visit, stand: Stand) -> dict[str, Any]:
    lines = [visit.say(WAITS.get(stand.waits, WAITS[""]))]
    if stand.since:
        lines.append(visit.say("since {at}", at=instant(stand.since)))
    lines += [f"{label}: {instant(at)}" for label, at in stand.dues]
    inside = stand.waits == "scope"
    return {"element": stand.element, "label": stand.label, "inside": inside, "lines": lines}


def _operates(visit: Visit) -> bool:
    from web.pages.frame import Frame

    return Frame(visit).may("operate")
