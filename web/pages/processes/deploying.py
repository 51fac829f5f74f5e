"""What deploying a draft would do, shown before it happens: its changes, what scenarios say, who stays behind."""

from __future__ import annotations

from engine.commands.packages import drafts
from engine.domain.errors import Conflict, Invalid, Refused
from engine.queries.packages import drafts as reads
from engine.queries.packages import standing
from engine.queries.reading import reading
from web.pages.processes.comparing import drawings
from web.pages.processes.words import CHANGES, ELEMENTS
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("process drafts before deploying")


@pages.get("/processes/<key:package>/draft/deploying", to="staff")
def show(visit: Visit, package: str) -> Answer:
    """The difference to the version in force, what is wrong, the scenarios, and the button."""
    return _page(visit, package)


@pages.post("/processes/<key:package>/draft/deploying", to="staff")
def deploy(visit: Visit, package: str) -> Answer:
    """Deploy the draft: it is live at once for new tickets."""
    reason, anyway = visit.form.text("reason"), visit.form.flag("anyway")
    try:
        done = drafts.deploy(
            visit.engine, visit.actor, package, visit.form.number("revision") or 0, reason, anyway=anyway
        )
    except (Invalid, Refused, Conflict) as error:
        return _page(visit, package, error)
    return visit.see(
        f"/processes/{package}", visit.say("Version {version} is live for new tickets.", version=done.version)
    )


def _page(visit: Visit, package: str, error: Invalid | Refused | Conflict | None = None) -> Answer:
    with reading(visit.engine, visit.actor, visit.language) as reader:
        draft = reads.of_package(visit.engine, visit.actor, package)
        said_by_it = standing.owned_package(reader, package)
        live = standing.one(visit.engine, visit.actor, package)
        looked = reads.look_through(draft)
        differences = reads.differences(draft)
        wrong = [problem for problem in looked.problems if problem.severity == "error"]
        return render(
            "processes/deploying.html", status=422 if error else 200, draft=draft, package=said_by_it, live=live,
            error=error, wrong=wrong,
            differences=differences, changes=CHANGES, elements=ELEMENTS,
            scenarios=[] if wrong else reads.scenarios(draft),
            drawings=drawings(differences, draft.base, draft.contents),
        )  # fmt: skip
