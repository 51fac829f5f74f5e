"""One's own API tokens: made with the password, shown once, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Response

from engine.domain.errors import Invalid, Throttled
from engine.queries.people import tokens as reads
from web.pages.rendering import render
from web.pages.signing_in.sign_in import told_to_wait, waiting
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("tokens")
PLACE = "/account/tokens"
SCOPES = ("read", "write", "admin")
#: days that are offered; 0: until it is revoked
LIFETIMES = (7, 30, 90, 365, 0)


@pages.get(PLACE, to="everyone")
def show(visit: Visit) -> Answer:
    """My tokens, and a new one."""
    return _page(visit, {"name": "", "days": "30", "scopes": ["read", "write"]})


@pages.post(PLACE, to="everyone")
def create(visit: Visit) -> Answer:
    """A token, shown this once."""
    from engine.commands.people import proving, tokens

    given = {"name": visit.form.text("name"), "days": visit.form.text("days"), "scopes": visit.form.all("scopes")}
    days = visit.form.number("days")
    try:
        proving.prove_again(visit.engine, visit.actor, visit.form.text("current"))
        issued = tokens.create(
            visit.engine, visit.actor, name=visit.form.text("name").strip(), scopes=visit.form.all("scopes"),
            lifetime=timedelta(days=days) if days else None,
        )  # fmt: skip
    except Invalid as error:
        return _page(visit, given, errors=error.fields, status=422)
    except Throttled as error:
        return told_to_wait(_page(visit, given, problem=waiting(visit, error), status=429), error)
    return render("account/token_made.html", status=201, secret=issued.secret, name=issued.name)


@pages.post(f"{PLACE}/<id:token_id>/revoke", to="everyone")
def revoke(visit: Visit, token_id: int) -> Answer:
    """It counts no more."""
    from engine.commands.people import tokens

    tokens.revoke(visit.engine, visit.actor, token_id)
    return visit.see(PLACE, said=visit.say("The token was revoked."))


def _page(
    visit: Visit,
    given: Mapping[str, object],
    errors: dict[str, list[str]] | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    living = [
        token
        for token in reads.of_account(visit.engine, visit.actor)
        if token.revoked_at is None and (token.expires_at is None or token.expires_at > visit.now)
    ]
    return render(
        "account/tokens.html", status=status, tokens=living, given=given, scopes=SCOPES,
        lifetime_choices=_lifetimes(visit), errors=errors or {}, problem=problem,
    )  # fmt: skip


def _lifetimes(visit: Visit) -> list[tuple[str, str]]:
    never = visit.say("until it is revoked")
    return [(str(days), visit.say("{n} days", n=days) if days else never) for days in LIFETIMES]
