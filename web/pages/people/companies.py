"""Companies of customers: list, add, change; with their people and how many tickets they have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.domain.errors import Conflict, Invalid
from engine.queries.people import accounts, companies
from web.pages.rendering import render
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("companies")
FIELDS = ("name", "vat_number", "reference", "services")


@pages.get("/people/companies", to="staff")
def listed(visit: Visit) -> Answer:
    """All companies, by name."""
    text = visit.query.get("text", "").strip()
    active = {"active": True, "inactive": False}.get(visit.query.get("state", ""))
    cursor = visit.query.get("cursor")
    found = companies.listed(visit.engine, visit.actor, cursor=cursor, text=text or None, active=active)
    return render("people/companies.html", found=found, query=visit.query)


@pages.get("/people/companies/new", to="staff")
def ask(visit: Visit) -> Answer:
    """A new company."""
    accounts.check_people(visit.engine, visit.actor)
    return render("people/company.html", company=None, given=dict.fromkeys(FIELDS, ""), errors={}, people=None)


@pages.post("/people/companies/new", to="staff")
def create(visit: Visit) -> Answer:
    """It is there; now people may be invited for it."""
    from engine.commands.people import companies as commands

    given = _given(visit)
    try:
        company_id = commands.create(visit.engine, visit.actor, **_values(given))
    except (Invalid, Conflict) as error:
        errors = _errors(error)
        return render("people/company.html", status=422, company=None, given=given, errors=errors, people=None)
    return visit.see(f"/people/companies/{company_id}", said=visit.say("The company was added."))


@pages.get("/people/companies/<id:company_id>", to="staff")
def show(visit: Visit, company_id: int) -> Answer:
    """One company, with its people."""
    accounts.check_people(visit.engine, visit.actor)
    company = companies.one(visit.engine, visit.actor, company_id)
    given = {name: getattr(company, name) for name in FIELDS} | {"services": "\n".join(company.services)}
    return _page(visit, company, given)


@pages.post("/people/companies/<id:company_id>", to="staff")
def change(visit: Visit, company_id: int) -> Answer:
    """It is written like this from now on."""
    from engine.commands.people import companies as commands

    given = _given(visit)
    try:
        commands.edit(visit.engine, visit.actor, company_id, **_values(given), active=visit.form.flag("active"))
    except (Invalid, Conflict) as error:
        company = companies.one(visit.engine, visit.actor, company_id)
        return _page(visit, company, given, _errors(error), status=422)
    return visit.see(f"/people/companies/{company_id}", said=visit.say("Saved."))


def _given(visit: Visit) -> dict[str, str]:
    return {name: visit.form.text(name) for name in FIELDS}


def _values(given: Mapping[str, str]) -> dict[str, Any]:
    """As the command takes them: a service a line."""
    services = [line.strip() for line in given["services"].split("\n") if line.strip()]
    return {**given, "services": services}


def _errors(error: Invalid | Conflict) -> Mapping[str, Any]:
    return error.fields if isinstance(error, Invalid) else {"name": [str(error)]}


def _page(
    visit: Visit,
    company: companies.CompanyView,
    given: Mapping[str, str],
    errors: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Answer:
    people = accounts.listed(visit.engine, visit.actor, company=company.id, limit=50)
    return render(
        "people/company.html", status=status, company=company, given=given, errors=errors or {}, people=people
    )
