"""What is done with many tickets at once: assign them, add a note to each. Asked for on a page, told of one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast, get_args

from flask import request

from engine.commands import bulk, idempotency
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.domain.notes import Expects
from engine.domain.said import said
from engine.queries.people.colleagues import colleagues
from engine.queries.reading import reading
from engine.queries.tickets import listing
from web.pages.forms import mark, sent_once
from web.pages.home import is_own_place
from web.pages.rendering import render
from web.pages.tickets.lists.narrowing import PLACE
from web.pages.visiting import Answer, Pages, Visit
from web.texts import say_number

pages = Pages("many tickets")

DEEDS = ("assign", "note")


@pages.get("/tickets/bulk", to="staff")
def ask(visit: Visit) -> Answer:
    """What is to be done with the tickets that were ticked; the address names them."""
    return _ask(visit, _numbers(request.args.getlist("ticket")), visit.query.get("do", ""), visit.query.get("back", ""))


@pages.post("/tickets/bulk/assign", to="staff")
def assign(visit: Visit) -> Answer:
    """Give the tickets to somebody; says with which it couldn't be done, and why."""
    ids, account = _numbers(visit.form.all("ticket")), visit.form.number("account")
    if account is None:
        return _again(visit, ids, "assign", {"account": [said("Choose somebody.")]})
    try:
        report = _done(
            visit, ids, f"assign-{account}", lambda some: bulk.assign(visit.engine, visit.actor, some, account)
        )
    except Invalid as error:
        return _again(visit, ids, "assign", error.fields, visit.form.text("once"))
    return _told(visit, report)


@pages.post("/tickets/bulk/note", to="staff")
def note(visit: Visit) -> Answer:
    """Add the same note to each ticket; says to which it couldn't be added, and why."""
    ids, expects = _numbers(visit.form.all("ticket")), visit.form.text("expects") or "nobody"
    if expects not in get_args(Expects):
        return _again(visit, ids, "note", {"expects": [said("Expected staff, customer or nobody.")]})
    text, public = visit.form.text("text"), visit.form.text("public") == "1"

    def write(some: list[int]) -> bulk.Report:
        return bulk.note(visit.engine, visit.actor, some, text, public=public, expects=cast(Expects, expects))

    try:
        report = _done(visit, ids, "note", write, [text, public, expects])
    except idempotency.KeyReused:
        told = said("You have sent this form before, with other words. Send it again to write one more note.")
        return _again(visit, ids, "note", {"text": [told]})
    except Invalid as error:
        return _again(visit, ids, "note", error.fields, visit.form.text("once"))
    return _told(visit, report)


def _done(
    visit: Visit, ids: list[int], deed: str, do: Callable[[list[int]], bulk.Report], told: Any = None
) -> bulk.Report:
    """Does it with each ticket, once however often the form is sent: after half of them it goes on with the rest."""
    if not 0 < len(ids) <= bulk.MOST:
        return do(ids)  # it says what is wrong with that
    once, report = mark(visit.form.text("once")), bulk.Report()

    def work(ticket_id: int) -> str:
        failed = do([ticket_id]).failed
        return failed[0].problem if failed else ""

    for ticket_id in ids:
        try:
            problem = sent_once(visit, f"bulk-{once}-{deed}-{ticket_id}", told, partial(work, ticket_id)).body
        except Conflict as error:
            problem = str(error)
        if problem:
            report.failed.append(bulk.Failed(ticket_id, problem))
        else:
            report.done.append(ticket_id)
    return report


def _numbers(given: Sequence[str]) -> list[int]:
    """The tickets' ids, once each."""
    return list(dict.fromkeys(int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 10))


def _again(visit: Visit, ids: list[int], deed: str, errors: dict[str, list[str]], once: str = "") -> Answer:
    back = visit.form.text("back")
    return _ask(visit, ids, deed, back, status=422, errors=errors, given=visit.form, once=once)


def _ask(
    visit: Visit, ids: list[int], deed: str, back: str, *, status: int = 200, errors: Any = None, given: Any = None,
    once: str = "",
) -> Answer:  # fmt: skip
    if deed not in DEEDS:
        raise NotFound(said("There is nothing here, or nothing that you may see."))
    with reading(visit.engine, visit.actor, visit.language):
        tickets = listing.some(visit.engine, visit.actor, ids[: bulk.MOST])
        return render(
            "tickets/lists/bulk.html", status=status, deed=deed, tickets=tickets, most=bulk.MOST,
            people=colleagues(visit.engine, visit.actor) if deed == "assign" else [], back=_back(back),
            too_many=len(ids) > bulk.MOST, errors=errors or {}, given=given or {}, once=mark(once),
        )  # fmt: skip


def _told(visit: Visit, report: bulk.Report) -> Answer:
    """The list again where all went well; else what became of each."""
    back = _back(visit.form.text("back"))
    done = say_number("Done with {n} ticket.", "Done with {n} tickets.", len(report.done), visit.language)
    if not report.failed:
        return visit.see(back, done)
    with reading(visit.engine, visit.actor, visit.language):
        known = listing.some(visit.engine, visit.actor, [failed.ticket_id for failed in report.failed])
        tickets = {ticket.id: ticket for ticket in known}
        return render("tickets/lists/bulk_report.html", report=report, tickets=tickets, back=back, done=done)


def _back(place: str) -> str:
    """The list that one came from."""
    return place if is_own_place(place) and place.partition("?")[0] == PLACE else PLACE
