"""Opening a ticket: customers for themselves, staff for a customer; what is open already is shown while one types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.commands import idempotency, tickets
from engine.commands.files import attachments
from engine.commands.people import drafts
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.domain.packages import Field
from engine.domain.said import said
from engine.queries.people import drafts as kept
from engine.queries.portal import opening
from engine.queries.portal.opening import Openable
from engine.queries.reading import reading
from engine.queries.tickets import attachments as files
from web.pages.attaching import Errors, given_files, throw_away
from web.pages.forms import mark, sent_once
from web.pages.rendering import render
from web.pages.visiting import Answer, Form, Pages, Visit

pages = Pages("opening")

#: it stands in lists and in the subjects of mails
LONGEST_SUBJECT = 200
LONGEST_TEXT = 20_000
_NUMBER = re.compile(r"-?\d{1,15}([.,]\d{1,9})?")

Given = Mapping[str, Any] | Form


@pages.get("/tickets/new", to="everyone")
def new(visit: Visit) -> Answer:
    """The form, as it was left; where there are several packages, first which."""
    choices = _choices(visit)
    chosen = _chosen(choices, visit.query.get("package", ""))
    if chosen is None:
        return render("portal/packages.html", choices=choices)
    draft = kept.of(visit.engine, visit.actor, _place(chosen))
    given = {**(draft.content if draft else {}), **visit.query}
    return _form(visit, choices, chosen, given, kept_at=draft.kept_at if draft else None)


@pages.post("/tickets/new", to="everyone", takes_files=True)
def open_ticket(visit: Visit) -> Answer:
    """Open the ticket, once however often it is sent; with errors, all that was typed and uploaded is still there."""
    choices = _choices(visit)
    chosen = _chosen(choices, visit.form.text("package"))
    if chosen is None:
        raise NotFound(said("There is no such package."))
    key, discarded = mark(visit.form.text("key")), visit.form.number("discard")
    if discarded:
        attachments.discard(visit.engine, visit.actor, discarded)
        return _form(visit, choices, chosen, visit.form, key=key)
    ids, errors = given_files(visit, _place(chosen))
    errors |= _problems(visit, chosen)
    if errors:
        return _form(visit, choices, chosen, visit.form, status=422, errors=errors, key=key)
    try:
        answer = _open(visit, chosen, ids, key)
    except idempotency.KeyReused:
        text = said("You have sent this form before, with other words. Send it again to open one more ticket.")
        return _form(visit, choices, chosen, visit.form, status=422, errors={"subject": [text]})
    except Invalid as error:
        found = {_name(chosen, key): texts for key, texts in error.fields.items()} or {"subject": [str(error)]}
        return _form(visit, choices, chosen, visit.form, status=422, errors=found, key=key)
    except Conflict as error:
        return _form(visit, choices, chosen, visit.form, status=409, errors={"subject": [str(error)]}, key=key)
    if answer.repeated:
        throw_away(visit, ids)
    ticket_id, number = answer.body
    return visit.see(f"/tickets/{ticket_id}", said=visit.say("The ticket {number} is open.", number=number))


@pages.post("/tickets/new/afresh", to="everyone")
def afresh(visit: Visit) -> Answer:
    """Throw away what was typed and uploaded, and begin again."""
    chosen = _chosen(_choices(visit), visit.form.text("package"))
    if chosen is None:
        raise NotFound(said("There is no such package."))
    for file in files.waiting(visit.engine, visit.actor, _place(chosen)):
        attachments.discard(visit.engine, visit.actor, file.id)
    drafts.drop(visit.engine, visit.actor, _place(chosen))
    return visit.see(f"/tickets/new?package={chosen.package.id}")


@pages.get("/tickets/new/people", to="staff")
def people(visit: Visit) -> Answer:
    """Customers whose name, address or company holds what was typed; a part of the form."""
    package, text = visit.query.get("package", ""), visit.query.get("who", "")
    found = opening.requesters(visit.engine, visit.actor, package, text)
    chosen = _requester(visit, package, visit.query)
    others = [person for person in found if chosen is None or person.id != chosen.id]
    return render("portal/_people.html", people=([chosen] if chosen else []) + others, chosen=chosen, searched=text)


@pages.post("/tickets/new/alike", to="everyone")
def alike(visit: Visit) -> Answer:
    """Open tickets of the same company that may be about the same; a part of the form. Nothing is changed."""
    return render("portal/_alike.html", alike=_alike(visit, visit.form.text("package"), visit.form))


def _choices(visit: Visit) -> list[Openable]:
    found = opening.openable(visit.engine, visit.actor)
    if not found:
        raise NotFound(said("There is nothing here, or nothing that you may see."))
    return found


def _chosen(choices: list[Openable], key: str) -> Openable | None:
    if len(choices) == 1 and key in ("", choices[0].package.id):
        return choices[0]
    return next((choice for choice in choices if choice.package.id == key), None)


def _place(chosen: Openable) -> str:
    return f"ticket:{chosen.package.id}"


def _form(
    visit: Visit, choices: list[Openable], chosen: Openable, given: Given, *, status: int = 200,
    errors: Errors | None = None, key: str = "", kept_at: Any = None,
) -> Answer:  # fmt: skip
    package = chosen.package.id
    with reading(visit.engine, visit.actor):
        waiting = files.waiting(visit.engine, visit.actor, _place(chosen))
        return render(
            "portal/new.html", status=status, choices=choices, chosen=chosen, given=given, errors=errors or {},
            key=mark(key), place=_place(chosen), waiting=waiting,
            requester=_requester(visit, package, given) if chosen.for_others else None, kept_at=kept_at,
            alike=_alike(visit, package, given), longest_subject=LONGEST_SUBJECT, longest_text=LONGEST_TEXT,
        )  # fmt: skip


def _open(visit: Visit, chosen: Openable, ids: list[int], key: str) -> idempotency.Answer:
    """Open it: the ticket's id and number, or those of what the same form has opened before.

    Raises what `tickets.open` does, `KeyReused`, and `Conflict` where others keep it waiting for too long.
    """
    package, subject, text = chosen.package.id, _subject(visit), visit.form.text("text")
    fields = {field.key: value for field in chosen.fields if (value := _value(visit, field)) is not None}
    requester = visit.form.number("requester") if chosen.for_others else None

    def work() -> tuple[int, str]:
        opened = tickets.open(
            visit.engine, visit.actor, package, subject, text, fields=fields, requester=requester, attachments=ids
        )
        drafts.drop(visit.engine, visit.actor, _place(chosen))
        return opened.ticket_id, opened.number

    return sent_once(visit, f"page-{key}", [package, subject, text, fields, requester], work)


def _problems(visit: Visit, chosen: Openable) -> Errors:
    errors: Errors = {}
    if not _subject(visit):
        errors["subject"] = [said("Say in a few words what it is about.")]
    for name, text, longest in (
        ("subject", _subject(visit), LONGEST_SUBJECT),
        ("text", visit.form.text("text"), LONGEST_TEXT),
    ):
        if len(text) > longest:
            errors[name] = [said("At most {longest} characters; these are {count}.", longest=longest, count=len(text))]
    if not chosen.own and not visit.form.number("requester"):
        errors["requester"] = [said("Choose for whom the ticket is.")]
    return errors


def _subject(visit: Visit) -> str:
    """One line, whatever was pasted."""
    return " ".join(visit.form.text("subject").split())


def _value(visit: Visit, field: Field) -> Any:
    """What was given for a field of the package, by its type; None for nothing. What isn't of the type stays text."""
    text = visit.form.text(f"own_{field.key}").strip()
    if field.type == "boolean":
        return visit.form.flag(f"own_{field.key}")
    if field.type == "number" and _NUMBER.fullmatch(text):
        number = float(text.replace(",", "."))
        return int(number) if number.is_integer() else number
    return text or None


def _name(chosen: Openable, key: str) -> str:
    """What the form calls a field of the ticket."""
    return f"own_{key}" if any(field.key == key for field in chosen.fields) else key


def _requester(visit: Visit, package: str, given: Given) -> Any:
    """Whom the form names, if that is a customer of the package."""
    number = str(given.get("requester", ""))
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        return opening.requester(visit.engine, visit.actor, package, int(number))
    except NotFound:
        return None


def _alike(visit: Visit, package: str, given: Given) -> list[opening.Alike]:
    text = f"{given.get('subject', '')}\n{given.get('text', '')}"
    if len(text.strip()) < 4:
        return []
    with reading(visit.engine, visit.actor):
        person = _requester(visit, package, given) if visit.is_staff else None
        return opening.alike(visit.engine, visit.actor, package, text, person.id if person else None)
