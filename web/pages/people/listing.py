"""The list of accounts, with filters that stand in the address."""

from __future__ import annotations

from typing import Any

from engine.domain.storable import read_id
from engine.queries.people import accounts as reads
from engine.queries.people import companies
from web.pages.people.managing import managed_packages
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit, go_to

pages = Pages("people")
#: what `state` in the address means to the query
STATES: dict[str, dict[str, bool]] = {
    "active": {"active": True, "invited": False},
    "invited": {"active": True, "invited": True},
    "disabled": {"active": False},
}


@pages.get("/people", to="staff")
def people(visit: Visit) -> Answer:
    """Where the list is."""
    return go_to("/people/accounts")


@pages.get("/people/accounts", to="staff")
def accounts(visit: Visit) -> Answer:
    """Everybody who can sign in, by name."""
    query = visit.query
    wanted: dict[str, Any] = {
        "text": query.get("text", "").strip() or None,
        "kind": query["kind"] if query.get("kind") in ("staff", "customer") else None,
        "package": query.get("package") or None,
        "company": read_id(query.get("company", "")),
        **STATES.get(query.get("state", ""), {}),
    }
    found = reads.listed(visit.engine, visit.actor, limit=50, cursor=query.get("cursor"), **wanted)
    chosen = companies.one(visit.engine, visit.actor, wanted["company"]) if wanted["company"] else None
    packages = managed_packages(visit)
    return render("people/accounts.html", found=found, query=query, company=chosen, packages=packages)
