"""Another password, and another address: both ask for the present password."""

from __future__ import annotations

from engine.domain.errors import Conflict, Invalid, Throttled, Unauthorized
from web.pages.rendering import render
from web.pages.signing_in.sign_in import told_to_wait, waiting
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("passwords")


@pages.get("/account/password", to="everyone")
def ask_password(visit: Visit) -> Answer:
    """A new password."""
    return render("account/password.html", errors={}, problem="")


@pages.post("/account/password", to="everyone")
def change_password(visit: Visit) -> Answer:
    """The new one counts; all other sessions and all tokens end."""
    from engine.commands.people import accounts

    try:
        accounts.set_password(
            visit.engine, visit.actor, visit.actor.id, visit.form.text("password"),
            current=visit.form.text("current"), keep=visit.session,
        )  # fmt: skip
    except Invalid as error:
        return render("account/password.html", status=422, errors=error.fields, problem="")
    except Throttled as error:
        return told_to_wait(
            render("account/password.html", status=429, errors={}, problem=waiting(visit, error)), error
        )
    return visit.see("/account", said=visit.say("Your new password counts. You are signed out everywhere else."))


@pages.get("/account/address", to="everyone")
def ask_address(visit: Visit) -> Answer:
    """A new address."""
    return render("account/address.html", errors={}, problem="", email="")


@pages.post("/account/address", to="everyone")
def change_address(visit: Visit) -> Answer:
    """A link goes to the new address; until it is followed the present one counts."""
    from engine.commands.people.links import addresses

    email = visit.form.text("email").strip()
    try:
        addresses.ask(visit.engine, visit.actor, email, visit.form.text("current"), visit.language)
    except Invalid as error:
        return render("account/address.html", status=422, errors=error.fields, problem="", email=email)
    except Throttled as error:
        page = render("account/address.html", status=429, errors={}, problem=waiting(visit, error), email=email)
        return told_to_wait(page, error)
    return visit.see("/account", said=visit.say("A link is on its way to {email}. It works for one day.", email=email))


@pages.get("/account/address/<secret>", to="everyone")
def look_at_address(visit: Visit, secret: str) -> Answer:
    """Shall this be the address? Looking at it uses nothing up."""
    from engine.commands.people.links import addresses

    try:
        email = addresses.look(visit.engine, visit.actor, secret)
    except Unauthorized:
        return _over()
    return render("account/address_confirm.html", email=email)


@pages.post("/account/address/<secret>", to="everyone")
def confirm_address(visit: Visit, secret: str) -> Answer:
    """It counts from now on."""
    from engine.commands.people.links import addresses

    try:
        addresses.confirm(visit.engine, visit.actor, secret)
    except (Unauthorized, Conflict):
        return _over()
    return visit.see("/account", said=visit.say("Your new address counts."))


def _over() -> Answer:
    return render("account/address_over.html", status=410)
