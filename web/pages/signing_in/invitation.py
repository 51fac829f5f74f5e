"""Activate an account that somebody was invited to: name, password, and the address that mail is to go to."""

from __future__ import annotations

from flask import request

from engine.domain.errors import Invalid, Throttled, Unauthorized
from web.pages.rendering import render
from web.pages.signing_in.cookies import keep
from web.pages.visiting import SIGN_IN, Answer, Pages, Visit

pages = Pages("invitations")


@pages.get("/invitation/<secret>", to="visitors")
def show(visit: Visit, secret: str) -> Answer:
    """What is needed of whoever was invited; looking at it uses nothing up."""
    from engine.commands.people.links import invitations

    try:
        invitation = invitations.look(visit.engine, secret)
    except Unauthorized:
        return render("signing_in/over.html", status=410, invited=True)
    given = {"name": invitation.name, "email": invitation.email}
    return render("signing_in/invitation.html", invitation=invitation, given=given, errors={})


@pages.post("/invitation/<secret>", to="visitors")
def accept(visit: Visit, secret: str) -> Answer:
    """The account is active, and its owner signed in."""
    from engine.commands.people.links import invitations

    given = {name: visit.form.text(name) for name in ("name", "email")}
    try:
        invitation = invitations.look(visit.engine, secret)
        invitations.accept(
            visit.engine, secret, visit.form.text("password"), **given, language=visit.language
        )  # fmt: skip
    except Unauthorized:
        return render("signing_in/over.html", status=410, invited=True)
    except Invalid as error:
        return render("signing_in/invitation.html", status=422, invitation=invitation, given=given, errors=error.fields)
    return _signed_in(visit, invitation.email, given["email"].strip().lower())


def _signed_in(visit: Visit, email: str, wanted: str) -> Answer:
    from engine.commands.people import sessions

    said = visit.say("Welcome. Your account is active.")
    if wanted and wanted != email:
        said = visit.say(
            "Welcome. Mail goes to {email} until you follow the link sent to {wanted}.", email=email, wanted=wanted
        )
    try:
        begun = sessions.begin(
            visit.engine, email, visit.form.text("password"),
            address=request.remote_addr or "", agent=request.headers.get("User-Agent", ""),
        )  # fmt: skip
    except (Unauthorized, Throttled):
        return visit.see(SIGN_IN, said=said)
    return keep(visit.see("/", said=said), begun, visit)
