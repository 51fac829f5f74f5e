"""Scenarios of a version or a draft: run one by one, what differed, and what they cover painted on the diagrams."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING

from flask import jsonify

from engine.commands.packages import drafts
from engine.domain.errors import Refused
from engine.queries import tickets
from engine.queries.packages import contents, retelling, standing, trying
from engine.queries.packages import drafts as reads
from engine.queries.packages.contents import Contents
from engine.queries.packages.trying import Trial
from engine.queries.reading import reading
from web.pages.processes.version import sheet
from web.pages.rendering import render, told
from web.pages.visiting import Answer, Pages, Visit

if TYPE_CHECKING:
    from engine.spiff.scenarios import Result

pages = Pages("process scenarios")

VERSION = "/processes/<key:package>/versions/<id:version>"
DRAFT = "/processes/<key:package>/draft"


@pages.get(f"{VERSION}/scenarios", to="staff")
def show(visit: Visit, package: str, version: int) -> Answer:
    """The scenarios of a version; the page runs them."""
    trial = trying.trial_of_version(visit.engine, visit.actor, package, version)
    return _page(visit, package, trial, f"/processes/{package}/versions/{version}")


@pages.get(f"{VERSION}/scenarios/<file:path>", to="staff")
def run(visit: Visit, package: str, version: int, path: str) -> Answer:
    """Run one of them."""
    return _result(visit, trying.trial_of_version(visit.engine, visit.actor, package, version).run(path))


@pages.get(f"{VERSION}/coverage.json", to="staff")
def cover(visit: Visit, package: str, version: int) -> Answer:
    """The diagrams with what the scenarios cover."""
    trial = trying.trial_of_version(visit.engine, visit.actor, package, version)
    found = contents.of_version(visit.engine, visit.actor, package, version)
    return _coverage(visit, trial, found, f"/diagrams/{found.standing.deployment_id}")


@pages.get(f"{DRAFT}/scenarios", to="staff")
def show_draft(visit: Visit, package: str) -> Answer:
    """The scenarios of the draft; where it can't be read, what is wrong stands where it is deployed."""
    draft = reads.of_package(visit.engine, visit.actor, package)
    try:
        trial = trying.trial_of(visit.engine, visit.actor, draft.contents)
    except Refused:
        return visit.see(f"/processes/{package}/draft/deploying")
    return _page(visit, package, trial, f"/processes/{package}/draft")


@pages.get(f"{DRAFT}/scenarios/<file:path>", to="staff")
def run_of_draft(visit: Visit, package: str, path: str) -> Answer:
    """Run one of the draft's."""
    draft = reads.of_package(visit.engine, visit.actor, package)
    return _result(visit, trying.trial_of(visit.engine, visit.actor, draft.contents).run(path))


@pages.get(f"{DRAFT}/coverage.json", to="staff")
def cover_draft(visit: Visit, package: str) -> Answer:
    """The draft's diagrams with what its scenarios cover."""
    draft = reads.of_package(visit.engine, visit.actor, package)
    trial = trying.trial_of(visit.engine, visit.actor, draft.contents)
    found = Contents(standing.one(visit.engine, visit.actor, package), trial.version)
    return _coverage(visit, trial, found, f"/processes/{package}/draft/saved")


@pages.post("/tickets/<id:ticket_id>/scenario", to="staff")
def retell(visit: Visit, ticket_id: int) -> Answer:
    """Make a scenario of what happened on a ticket, with invented names and texts, in its package's draft."""
    content = retelling.scenario_of(visit.engine, visit.actor, ticket_id)
    with reading(visit.engine, visit.actor):
        ticket = tickets.one(visit.engine, visit.actor, ticket_id)
        draft = reads.of_package(visit.engine, visit.actor, ticket.package)
    name = f"scenarios/ticket-{'-'.join(re.findall('[a-z0-9]+', ticket.number.lower())) or ticket_id}"
    paths = (f"{name}.yaml" if number == 1 else f"{name}-{number}.yaml" for number in count(1))
    path = next(path for path in paths if path not in draft.contents and path not in draft.changes)
    drafts.keep(visit.engine, visit.actor, ticket.package, {path: content.encode()}, {})
    return visit.see(
        f"/processes/{ticket.package}/draft/files/{path}", visit.say("The scenario is in the draft; look it through.")
    )


def _result(visit: Visit, found: Result) -> Answer:
    """What a scenario gave, for the script."""
    differences = [
        visit.say("{step}, line {line}: {problem}", step=one.step, line=one.line, problem=told(one.problem))
        for one in found.differences
    ]
    return jsonify(file=found.file, title=found.title, ok=found.ok, differences=differences)


def _page(visit: Visit, package: str, trial: Trial, place: str) -> Answer:
    with reading(visit.engine, visit.actor) as reader:
        standing.owned_package(reader, package)
    return render(
        "processes/scenarios.html", package=trial.version.package, place=place, scenarios=sorted(trial.scenarios),
        is_draft=place.endswith("/draft"),
    )  # fmt: skip


def _coverage(visit: Visit, trial: Trial, found: Contents, drawn_at: str) -> Answer:
    paintings = trial.report(list(trial.each())).coverage.paintings
    painted = {
        file: {"covered": sorted(one.covered), "missing": sorted(one.missing)} for file, one in paintings.items()
    }
    sheets = [
        {**sheet(visit, found, drawing), **painted.get(drawing.path, {}), "drawing": f"{drawn_at}/{drawing.path}"}
        for drawing in found.drawings
    ]
    return jsonify(sheets=sheets)
