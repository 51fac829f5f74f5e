"""Jobs: what is to be done outside, was done, or failed."""

from __future__ import annotations

from engine.commands.outbox.again import retry_job
from engine.domain.errors import Conflict
from engine.queries.operations import outbox
from web.pages.operations.access import one_of, operated, ticket_of
from web.pages.operations.words import JOB_STATES, JOB_TYPES
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("operations jobs")


@pages.get("/operations/jobs", to="staff")
def index(visit: Visit) -> Answer:
    """Jobs, newest first."""
    packages, query = operated(visit), visit.query
    package = one_of(query.get("package", ""), tuple(package.id for package in packages)) or None
    state = one_of(query.get("state", ""), tuple(JOB_STATES)) or None
    ticket, cursor = ticket_of(visit), query.get("cursor")
    found = outbox.jobs(visit.engine, visit.actor, state=state, package=package, ticket=ticket, cursor=cursor)
    return render(
        "operations/jobs.html", found=found, packages=packages, package=package, state=state, states=JOB_STATES,
        types=JOB_TYPES,
    )  # fmt: skip


@pages.get("/operations/jobs/<key:job_id>", to="staff")
def show(visit: Visit, job_id: str) -> Answer:
    """One job: what it was asked to do, how often it was tried, what came of it."""
    found = outbox.job(visit.engine, visit.actor, job_id)
    return render("operations/job.html", found=found, job=found.job, states=JOB_STATES, types=JOB_TYPES)


@pages.post("/operations/jobs/<key:job_id>/retry", to="staff")
def retry(visit: Visit, job_id: str) -> Answer:
    """Try it again now."""
    place = f"/operations/jobs/{job_id}"
    try:
        retry_job(visit.engine, job_id, visit.actor)
    except Conflict as error:
        return visit.see(place, said=visit.say(error.args[0]))
    return visit.see(place, said=visit.say("It is tried again now."))
