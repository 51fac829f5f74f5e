"""Mails: sent, waiting, failed, kept; each with its text, shown so that nothing in it does anything."""

from __future__ import annotations

from flask import Response

from engine.commands.outbox.again import retry_mail
from engine.domain.errors import Conflict, NotFound
from engine.domain.said import said
from engine.queries.operations import outbox
from web.http.security_headers import MAIL_PAGE_POLICY, MAIL_POLICY
from web.pages.operations.access import one_of, operated, ticket_of
from web.pages.operations.words import MAIL_STATES
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("operations mails")


@pages.get("/operations/mails", to="staff")
def index(visit: Visit) -> Answer:
    """Mails, newest first."""
    packages, query = operated(visit), visit.query
    package = one_of(query.get("package", ""), tuple(package.id for package in packages)) or None
    state = one_of(query.get("state", ""), tuple(MAIL_STATES)) or None
    found = outbox.mails(
        visit.engine, visit.actor, texts=False, state=state, package=package, ticket=ticket_of(visit),
        cursor=query.get("cursor"),
    )  # fmt: skip
    return render(
        "operations/mails.html", found=found, packages=packages, package=package, state=state, states=MAIL_STATES,
        smtp=bool(visit.settings.smtp_url),
    )  # fmt: skip


@pages.get("/operations/mails/<key:mail_id>", to="staff")
def show(visit: Visit, mail_id: str) -> Answer:
    """One mail, as it goes to its reader."""
    mail = outbox.mail(visit.engine, visit.actor, mail_id)
    return render(
        "operations/mail.html", policy=MAIL_PAGE_POLICY, mail=mail, states=MAIL_STATES,
        smtp=bool(visit.settings.smtp_url),
    )  # fmt: skip


@pages.get("/operations/mails/<key:mail_id>/html", to="staff")
def html(visit: Visit, mail_id: str) -> Answer:
    """The HTML of a mail alone, for the frame in its page."""
    mail = outbox.mail(visit.engine, visit.actor, mail_id)
    if not mail.html:
        raise NotFound(said("There is no such mail."))
    response = Response(mail.html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@pages.post("/operations/mails/<key:mail_id>/retry", to="staff")
def retry(visit: Visit, mail_id: str) -> Answer:
    """Send it again now."""
    place = f"/operations/mails/{mail_id}"
    try:
        retry_mail(visit.engine, mail_id, visit.actor)
    except Conflict as error:
        return visit.see(place, said=visit.say(error.args[0]))
    return visit.see(place, said=visit.say("It is sent again now."))
