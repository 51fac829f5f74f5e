"""A forgotten password: ask for a link by mail, and choose a new one with it."""

from __future__ import annotations

from flask import request

from engine.domain.errors import Invalid, Throttled, Unauthorized
from web.pages.rendering import render
from web.pages.signing_in.cookies import forget
from web.pages.signing_in.sign_in import told_to_wait, waiting
from web.pages.visiting import SIGN_IN, Answer, Pages, Visit

pages = Pages("recovery")


@pages.get("/recover", to="visitors")
def show(visit: Visit) -> Answer:
    """Which address?"""
    return render("signing_in/recover.html", email="", problem="")


@pages.post("/recover", to="visitors")
def ask(visit: Visit) -> Answer:
    """The same answer for every address, whoever has it."""
    from engine.commands.people.links import recovery

    email = visit.form.text("email").strip()
    try:
        recovery.ask(visit.engine, email, address=request.remote_addr or "", language=visit.language)
    except Throttled as error:
        answer = render("signing_in/recover.html", status=429, email=email, problem=waiting(visit, error))
        return told_to_wait(answer, error)
    return render("signing_in/recovery_asked.html", email=email)


@pages.get("/recover/<secret>", to="visitors")
def choose(visit: Visit, secret: str) -> Answer:
    """A new password, for who has the link; looking at it uses nothing up."""
    from engine.commands.people.links import recovery

    try:
        email = recovery.look(visit.engine, secret)
    except Unauthorized:
        return over()
    return render("signing_in/new_password.html", email=email, errors={})


@pages.post("/recover/<secret>", to="visitors")
def change(visit: Visit, secret: str) -> Answer:
    """The new password counts, and one is signed out everywhere."""
    from engine.commands.people.links import recovery

    try:
        recovery.choose(visit.engine, secret, visit.form.text("password"))
    except Unauthorized:
        return over()
    except Invalid as error:
        email = recovery.look(visit.engine, secret)
        return render("signing_in/new_password.html", status=422, email=email, errors=error.fields)
    return forget(visit.see(SIGN_IN, said=visit.say("Your new password counts. Sign in with it.")))


def over() -> Answer:
    """A link that was used, or is too old."""
    return render("signing_in/over.html", status=410)
