"""Who gets a mail and what its text is told: from a job's payload to the rows of its mails. Sending isn't here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from functools import cache, partial
from typing import Any

from engine.commands.engine import Engine
from engine.commands.stepping import Work
from engine.domain.actors import resolve_group
from engine.domain.mail_texts.texts import MailFailed
from engine.domain.packages import Choice, Package, Status, text
from engine.domain.said import said
from engine.domain.storable import read_id
from engine.domain.time.zones import find_zone
from engine.storage import outbox
from engine.storage.demonstration import is_invented

Values = Mapping[str, Any]


def compose(work: Work, job: Values) -> list[dict[str, Any]]:
    """The rows of a job's mails, rendered, one per recipient. Raises `MailFailed`.

    What is about an invented ticket stays here, whoever is involved in it.
    """
    payload: Values = job["payload"]
    deployment_id = outbox.deployment_id(work.tx, job["instance_id"], job["ticket_id"])
    if deployment_id is None:
        raise MailFailed(said("The mail belongs to no ticket."))
    version = work.engine.version(deployment_id, work.tx)
    if payload["template"] not in version.mails:
        raise MailFailed(said("The package has no mail “{template}”.", template=payload["template"]))
    values = cache(partial(_values, work, version.package, payload))
    sender = version.package.mail.sender
    leaves = bool(work.engine.settings.handlers.smtp_url) and not is_invented(work.tx, job["ticket_id"])
    rows = []
    for person in recipients(work, version.package, job, payload):
        recipient = {"name": person.name, "email": person.email, "kind": person.kind}
        template, language = version.mail(payload["template"], person.language)
        mail = template.render({**values(language), "recipient": recipient})
        mail_id = f"{job['id']}:{person.id}"
        open_ = leaves and not person.demonstration
        rows.append(
            {
                "id": mail_id, "job_id": job["id"], "package_id": job["package_id"], "ticket_id": job["ticket_id"],
                "account_id": person.id, "message_id": message_id(mail_id, sender), "sender": sender,
                "recipient": person.email, "subject": mail.subject, "text": mail.text, "html": mail.html,
                "state": "open" if open_ else "kept", "next_attempt_at": work.now if open_ else None,
                "created_at": work.now,
            }
        )  # fmt: skip
    return rows


def recipients(work: Work, package: Package, job: Values, payload: Values) -> list[Any]:
    """The active accounts that a mail is `to`, each once; who works there only where it is about something internal."""
    ticket, to = payload["ticket"], payload.get("to") or "involved"
    internal = to == "staff" or payload.get("internal")
    groups = _groups(package, ticket, to)
    roles = {group.partition("@")[0] for group in groups}
    named = {ticket.get("requester"), ticket.get("assignee"), *map(_account_of, groups)} - {None}
    chosen: dict[int, Any] = {}
    for person in outbox.people(work.tx, job["ticket_id"], named, job["package_id"], roles):
        if to in ("requester", "assignee"):
            wanted = person.id == ticket.get(to)
        else:
            wanted = any(_is_in(person, group) for group in groups)
            wanted |= to in ("involved", "staff") and (person.involved or person.id in named)
        if wanted and (not internal or (person.kind == "staff" and (person.role or person.administrator))):
            chosen.setdefault(person.id, person)
    return list(chosen.values())


def _groups(package: Package, ticket: Values, to: str) -> set[str]:
    """The groups that a mail is to, on this ticket: the one it names, or those involved in every ticket."""
    named = {"involved": package.mail.involved, "staff": package.mail.involved}
    asked = named.get(to, (to.removeprefix("group:"),) if to.startswith("group:") else ())
    return {group for group in (resolve_group(group, ticket) for group in asked) if group is not None}


def message_id(mail_id: str, sender: str) -> str:
    """Stable and unlike any other, in the sender's domain."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(mail_id.encode()).hexdigest()[:40]}@{domain}>"


def _account_of(group: str) -> int | None:
    kind, _, number = group.partition(":")
    return read_id(number) if kind == "account" else None


def _is_in(person: Any, group: str) -> bool:
    role, at, where = group.partition("@")
    if person.id == _account_of(group):
        return True
    if person.role != role:
        return False
    return not at or where in (person.departments or ()) or where == str(person.company_id)


def _values(work: Work, package: Package, payload: Values, language: str) -> dict[str, Any]:
    """What a text in the language may read, beside its recipient: docs/reference/mails.md."""
    ticket = dict(payload["ticket"])
    zone = find_zone(package.time_zone)
    due = outbox.deadlines(work.tx, ticket["id"])
    for name in ("opened_at", *(f.key for f in package.fields.values() if f.type == "datetime")):
        if isinstance(ticket.get(name), str) and ticket[name]:
            ticket[name] = datetime.fromisoformat(ticket[name]).astimezone(zone)
    variables = dict(payload.get("variables", {}))
    note = variables.get("note")
    if isinstance(note, dict) and "at" in note:
        variables["note"] = {**note, "at": datetime.fromisoformat(note["at"]).astimezone(zone)}
    return {
        **variables,
        "ticket": {
            **ticket,
            **_words(package, ticket, language),
            **_people(work, ticket),
            "url": _url(work.engine, ticket),
        },
        "deadlines": {goal: instant.astimezone(zone) for goal, instant in due.items()},
        "package": {"id": package.id, "title": text(package.title, language, package.language)},
    }


def _words(package: Package, ticket: Values, language: str) -> dict[str, str]:
    """What keys are called, in the language of the mail."""
    catalogues: dict[str, Mapping[str, Status | Choice]] = {
        "status": package.statuses, "request_type": package.request_types,
        "category": package.categories, "department": package.departments,
    }  # fmt: skip
    for field in package.fields.values():
        if field.type == "choice":
            catalogues[field.key] = {choice.key: choice for choice in field.choices}
    words = {}
    for name, catalogue in catalogues.items():
        entry = catalogue.get(str(ticket.get(name) or ""))
        words[f"{name}_label"] = text(entry.label, language, package.language) if entry else ""
    return words


def _people(work: Work, ticket: Values) -> dict[str, str]:
    ids = [ticket[name] for name in ("requester", "assignee") if ticket.get(name)]
    names, company = outbox.names(work.tx, ids, ticket.get("company"))
    return {
        "requester_name": names.get(ticket.get("requester") or 0, ""),
        "assignee_name": names.get(ticket.get("assignee") or 0, ""),
        "company_name": company,
    }


def _url(engine: Engine, ticket: Values) -> str:
    return f"{engine.settings.base_url}/tickets/{ticket['id']}"
