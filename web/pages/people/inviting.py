"""Invite somebody: they get a link by mail and choose their password themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.errors import Conflict, Invalid
from engine.domain.said import said
from engine.queries.people import accounts as reads
from engine.queries.people import companies
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit
from web.texts import LANGUAGES, name_of

pages = Pages("inviting")
FIELDS = ("kind", "name", "email", "company", "language")


@pages.get("/people/accounts/new", to="staff")
def show(visit: Visit) -> Answer:
    """Whom?"""
    reads.check_people(visit.engine, visit.actor)
    given = dict.fromkeys(FIELDS, "") | {"kind": visit.query.get("kind", "customer"), "language": visit.language}
    return _page(visit, given | {"company": visit.query.get("company", "")})


@pages.post("/people/accounts/new", to="staff")
def invite(visit: Visit) -> Answer:
    """The account is made, and the invitation on its way."""
    from engine.commands.people.links import invitations

    given = {name: visit.form.text(name).strip() for name in FIELDS}
    try:
        invited = invitations.invite(
            visit.engine, visit.actor, speaks=visit.language, email=given["email"], name=given["name"],
            kind=given["kind"], company=_company(visit, given), language=given["language"],
            administrator=visit.form.flag("administrator"),
        )  # fmt: skip
    except Invalid as error:
        return _page(visit, given, error.fields, status=422)
    except Conflict as error:
        return _page(visit, given, {"email": [str(error)]}, status=422)
    told = visit.say("The invitation is on its way to {email}. Now say what they are.", email=given["email"])
    return visit.see(f"/people/accounts/{invited.account_id}", said=told)


def _company(visit: Visit, given: Mapping[str, str]) -> int | None:
    """The company that was named. Raises `Invalid` where there is none of that name."""
    if given["kind"] != "customer" or not given["company"]:
        return None
    found = companies.named(visit.engine, visit.actor, given["company"])
    if found is None:
        text = said("There is no company of this name. Add it first.")
        raise Invalid(text, {"company": [text]})
    return found


def _page(visit: Visit, given: Mapping[str, str], errors: Mapping[str, Any] | None = None, status: int = 200) -> Answer:
    return render(
        "people/invite.html",
        status=status,
        given=given,
        errors=errors or {},
        companies=companies.names(visit.engine, visit.actor),
        language_choices=[(code, name_of(code)) for code in LANGUAGES],
    )
