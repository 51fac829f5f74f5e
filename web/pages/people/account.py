"""One account: who it is, what it is in each package, where it is signed in; disable it, or help its owner in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.domain.errors import Conflict, Invalid, NotFound, Throttled
from engine.domain.said import said
from engine.queries.people import accounts as reads
from engine.queries.people import companies
from engine.queries.people import sessions as session_reads
from web.pages.account.agents import browser_and_system, is_handheld
from web.pages.people.managing import managed_packages
from web.pages.rendering import render
from web.pages.signing_in.sign_in import waiting
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("one account")


@pages.get("/people/accounts/<id:account_id>", to="staff")
def show(visit: Visit, account_id: int) -> Answer:
    """Profile, roles, sessions."""
    return _page(visit, account_id)


@pages.post("/people/accounts/<id:account_id>", to="staff")
def edit(visit: Visit, account_id: int) -> Answer:
    """Another name, another company."""
    from engine.commands.people import accounts

    def change() -> str:
        company = visit.form.text("company").strip()
        found = companies.named(visit.engine, visit.actor, company) if company else None
        if company and found is None:
            text = said("There is no company of this name. Add it first.")
            raise Invalid(text, {"company": [text]})
        accounts.edit(visit.engine, visit.actor, account_id, name=visit.form.text("name"), company=found)
        return visit.say("Saved.")

    return _done(visit, account_id, change)


@pages.post("/people/accounts/<id:account_id>/roles/<key:package_id>", to="staff")
def set_roles(visit: Visit, account_id: int, package_id: str) -> Answer:
    """What it is in a package, as ticked: `role`, and `departments-<role>`."""
    from engine.commands.people import accounts

    def change() -> str:
        roles = {role: visit.form.all(f"departments-{role}") for role in visit.form.all("role")}
        accounts.set_memberships(visit.engine, visit.actor, account_id, package_id, roles)
        return visit.say("Saved.")

    return _done(visit, account_id, change)


@pages.post("/people/accounts/<id:account_id>/disable", to="staff")
def disable(visit: Visit, account_id: int) -> Answer:
    """Nobody signs in to it any more."""
    from engine.commands.people import accounts

    def change() -> str:
        accounts.disable(visit.engine, visit.actor, account_id)
        return visit.say("The account is disabled, and signed out everywhere.")

    return _done(visit, account_id, change)


@pages.post("/people/accounts/<id:account_id>/enable", to="staff")
def enable(visit: Visit, account_id: int) -> Answer:
    """Its owner may sign in again."""
    from engine.commands.people import accounts

    def change() -> str:
        accounts.enable(visit.engine, visit.actor, account_id)
        return visit.say("The account is enabled.")

    return _done(visit, account_id, change)


@pages.post("/people/accounts/<id:account_id>/invite-again", to="staff")
def invite_again(visit: Visit, account_id: int) -> Answer:
    """A new link, perhaps to another address; the old one counts no more."""
    from engine.commands.people.links import invitations

    def change() -> str:
        email = visit.form.text("email").strip()
        invitations.again(visit.engine, visit.actor, account_id, email=email, speaks=visit.language)
        return visit.say("A new invitation is on its way to {email}.", email=email)

    return _done(visit, account_id, change)


@pages.post("/people/accounts/<id:account_id>/recover", to="staff")
def send_recovery(visit: Visit, account_id: int) -> Answer:
    """A link for a new password, to the account's own address."""
    from engine.commands.people.links import recovery

    def change() -> str:
        account = reads.one(visit.engine, visit.actor, account_id)
        recovery.ask(visit.engine, account.email, language=visit.language)
        return visit.say("A link for a new password is on its way to {email}.", email=account.email)

    return _done(visit, account_id, change)


@pages.post("/people/accounts/<id:account_id>/two-factor/off", to="staff")
def reset_two_factor(visit: Visit, account_id: int) -> Answer:
    """For who lost phone and codes; they are told by mail."""
    from engine.commands.people import two_factor

    def change() -> str:
        two_factor.reset(visit.engine, visit.actor, account_id)
        return visit.say("Two-factor sign-in is off, and the account signed out everywhere.")

    return _done(visit, account_id, change)


@pages.post("/people/accounts/<id:account_id>/address", to="staff")
def set_address(visit: Visit, account_id: int) -> Answer:
    """Another address, at once: for who has lost the old one."""
    from engine.commands.people.links import addresses

    def change() -> str:
        addresses.set_directly(visit.engine, visit.actor, account_id, visit.form.text("email"))
        return visit.say("Saved.")

    return _done(visit, account_id, change)


@pages.post("/people/accounts/<id:account_id>/sessions/<id:session_id>/end", to="staff")
def end_session(visit: Visit, account_id: int, session_id: int) -> Answer:
    """That browser is signed out."""
    from engine.commands.people import sessions

    def change() -> str:
        sessions.end(visit.engine, visit.actor, session_id, of=account_id)
        return visit.say("The session was ended.")

    return _done(visit, account_id, change)


def _done(visit: Visit, account_id: int, change: Callable[[], str]) -> Answer:
    """The account's page after a change, with what is told; or with what was wrong."""
    try:
        told = change()
    except Invalid as error:
        return _page(visit, account_id, error.fields, status=422)
    except Conflict as error:
        told = visit.say(str(error))
    except Throttled as error:
        told = waiting(visit, error)
    return visit.see(f"/people/accounts/{account_id}", said=told)


def _page(visit: Visit, account_id: int, errors: Mapping[str, Any] | None = None, status: int = 200) -> Answer:
    reads.check_people(visit.engine, visit.actor)
    account = reads.one(visit.engine, visit.actor, account_id)
    try:
        sessions = session_reads.of_account(visit.engine, visit.actor, account_id)
        manages = True
    except NotFound:
        sessions, manages = [], False
    return render(
        "people/account.html",
        status=status,
        account=account,
        manages=manages,
        sessions=sessions,
        packages=managed_packages(visit),
        held={(m.package, m.role): m.departments for m in account.memberships},
        companies=companies.names(visit.engine, visit.actor) if account.kind == "customer" else [],
        errors=errors or {},
        given=visit.form,
        browser_and_system=browser_and_system,
        is_handheld=is_handheld,
    )
