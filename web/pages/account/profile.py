"""One's own account on one page: profile, the ways in, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.errors import Invalid
from engine.queries.people import accounts as reads
from engine.queries.people import sessions as session_reads
from web.pages.account.agents import browser_and_system, is_handheld
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit
from web.texts import LANGUAGES, name_of

pages = Pages("account")
FIELDS = ("name", "language", "time_zone", "theme")


@pages.get("/account", to="everyone")
def show(visit: Visit) -> Answer:
    """My profile, how I sign in, where I am signed in."""
    mine = reads.one(visit.engine, visit.actor, visit.actor.id)
    return _page(visit, {name: getattr(mine, name) for name in FIELDS})


@pages.post("/account", to="everyone")
def change(visit: Visit) -> Answer:
    """My name, language, time zone and theme."""
    from engine.commands.people import accounts

    given = {name: visit.form.text(name) for name in FIELDS}
    try:
        accounts.edit_own(visit.engine, visit.actor, **given)
    except Invalid as error:
        return _page(visit, given, error.fields, status=422)
    return visit.see("/account", said=visit.say("Saved."))


def _page(visit: Visit, given: Mapping[str, str], errors: Mapping[str, Any] | None = None, status: int = 200) -> Answer:
    return render(
        "account/index.html",
        status=status,
        given=given,
        errors=errors or {},
        language_choices=[(code, name_of(code)) for code in LANGUAGES],
        zone_choices=_zones(given["time_zone"]),
        two_factor=session_reads.two_factor(visit.engine, visit.actor),
        sessions=session_reads.of_account(visit.engine, visit.actor),
        browser_and_system=browser_and_system,
        is_handheld=is_handheld,
    )


def _zones(own: str) -> list[tuple[str, str]]:
    """The time zones of places, and one's own."""
    from engine.commands.people.account_values import time_zones

    places = {zone for zone in time_zones() if "/" in zone and not zone.startswith("Etc/")}
    return [(zone, zone.replace("_", " ")) for zone in sorted(places | ({own} & time_zones()))]
