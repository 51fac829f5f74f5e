"""Opening a ticket: what its opener says, its number, its process. What becomes of it is in the diagram."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.commands import announcements
from engine.commands.access import find_actor, find_package, require
from engine.commands.engine import Engine
from engine.commands.files import attachments as files
from engine.commands.stepping import StepKept, Work, start_instance, working
from engine.commands.tickets.values import accepted_values
from engine.domain.actors import Actor
from engine.domain.errors import Invalid
from engine.domain.packages import Package, format_number
from engine.domain.said import said
from engine.domain.storable import LINE, TEXT, check_texts, check_values
from engine.domain.visibility import may_give
from engine.storage import tickets
from engine.storage.tickets import search


@dataclass(frozen=True, slots=True)
class Opened:
    """A new ticket."""

    ticket_id: int
    number: str
    #: what kept the process from beginning; empty where it began
    problem: str = ""


def open(  # noqa: A001 - the field's word, read as tickets.open
    engine: Engine,
    actor: Actor,
    package_id: str,
    subject: str,
    text: str,
    fields: Mapping[str, Any] | None = None,
    requester: int | None = None,
    company: int | None = None,
    attachments: Sequence[int] = (),
) -> Opened:
    """Open a ticket, for oneself or (`requester`: an account's id) for a customer, and start the package's process.

    `fields`: the package's own that the actor may give when opening. `company` is the requester's where none is
    given. `attachments`: files of the actor's that wait for it. Raises `Invalid` per field, `NotFound`, `Forbidden`.
    Where the process can't begin, the ticket is kept with an incident.
    """
    check_texts({"subject": (subject, LINE, True), "text": (text, TEXT, False)})
    given = check_values(fields or {})
    with working(engine, actor, "tickets.open") as work:
        found, package = find_package(work, package_id)
        person = _requester(work, package, requester)
        row = _row(work, package, found.deployment_id) | {
            "subject": subject.strip(), "text": text, "fields": _own_fields(package, actor, given),
            "requester_id": person.id or None, "company_id": _company(person, company),
        }  # fmt: skip
        ticket_id = tickets.add(work.tx, row)
        search.add_ticket(work.tx, ticket_id, row)
        people = {person.id: "requester", **({actor.id: "watcher"} if actor.id != person.id else {})}
        tickets.involve(
            work.tx, ticket_id, [(person_id, reason) for person_id, reason in people.items() if person_id], work.now
        )
        attached = files.take_along(work, ticket_id, attachments)
        told = {"number": row["number"], "subject": row["subject"], "text": text, "fields": row["fields"]}
        told |= files.told(attached)
        work.journal(told, ticket_id=ticket_id, package_id=package_id)
        work.announce(announcements.ticket_opened, ticket_id=ticket_id, package=package_id)
        started = start_instance(work, {**row, "id": ticket_id}, found.policy_id, package.process, {}, new=True)
        return Opened(ticket_id, row["number"], started.problem if isinstance(started, StepKept) else "")


def _requester(work: Work, package: Package, account_id: int | None) -> Actor:
    """Whom the ticket is for. Only who may opens one for somebody else, who is somebody in the package too."""
    if account_id in (None, work.actor.id):
        require(work.actor, "open_ticket", package)
        return work.actor
    require(work.actor, "open_ticket_for", package)
    other = find_actor(work, account_id or 0) if type(account_id) is int else None
    known = other is not None and other.roles(package)
    if other is None or not known or (work.actor.kind == "customer" and other.company != work.actor.company):
        raise Invalid(said("Can't be accepted: requester."), {"requester": [said("There is no such account.")]})
    return other


def _company(requester: Actor, company: int | None) -> int | None:
    if company is not None and company != requester.company:
        raise Invalid(said("Can't be accepted: company."), {"company": [said("Expected the requester's company.")]})
    return requester.company


def _own_fields(package: Package, actor: Actor, given: Mapping[str, Any]) -> dict[str, Any]:
    """The package's own fields with the values given; those that aren't the actor's to give count as unknown."""
    return {**dict.fromkeys(package.fields), **accepted_values(package, given, may_give(actor, package))}


def _row(work: Work, package: Package, deployment_id: int) -> dict[str, Any]:
    """The columns of a new ticket, but what its opener says."""
    return {
        "package_id": package.id, "number": _number(work, package), "deployment_id": deployment_id,
        "status": "", "request_type": "", "category": "", "department": "", "step": "", "assignee_id": None,
        "opened_at": work.now, "opened_by": work.actor.id, "changed_at": work.now, "closed_at": None,
        "status_since": work.now, "status_seconds": {}, "steps_passed": [],
    }  # fmt: skip


def _number(work: Work, package: Package) -> str:
    """The next number in the package's format; the sequence starts anew each year where the format names it."""
    year = work.now.astimezone(ZoneInfo(package.time_zone)).year if "{year}" in package.number else 0
    return format_number(package.number, year, tickets.next_number(work.tx, package.id, year))
