"""Companies of customers: create and edit. Who belongs to one is said by accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import IntegrityError

from engine.commands.engine import Engine
from engine.commands.people.staff import require_people
from engine.commands.stepping import working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.domain.said import said
from engine.storage.people import accounts as store

LIMITS = {"name": 200, "vat_number": 50, "reference": 100}


def create(
    engine: Engine, actor: Actor, *, name: str, vat_number: str = "", reference: str = "", services: Sequence[str] = ()
) -> int:
    """A new company's id. Raises `Forbidden`, `Invalid`, `Conflict` where the name is taken."""
    values = _checked(
        {"name": name, "vat_number": vat_number, "reference": reference, "services": list(services), "active": True}
    )
    try:
        with working(engine, actor, "companies.create") as work:
            require_people(engine, work.tx, actor)
            company_id = store.add_company(work.tx, {**values, "created_at": work.now})
            work.journal({"company": company_id, **values})
    except IntegrityError as error:
        raise _taken(name) from error
    return company_id


def edit(engine: Engine, actor: Actor, company_id: int, **values: Any) -> None:
    """Change `name`, `vat_number`, `reference`, `services` or `active`.

    Raises `Forbidden`, `Invalid`, `NotFound`, `Conflict` where the name is taken.
    """
    checked = _checked(values)
    try:
        with working(engine, actor, "companies.edit") as work:
            require_people(engine, work.tx, actor)
            if store.company(work.tx, company_id) is None:
                raise NotFound(said("There is no such company."))
            if checked:
                store.change_company(work.tx, company_id, checked)
            work.journal({"company": company_id, **checked})
    except IntegrityError as error:
        raise _taken(str(values.get("name"))) from error


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, list[str]] = {}
    clean = {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}
    for key, limit in LIMITS.items():
        if len(clean.get(key, "")) > limit:
            fields[key] = [said("At most {limit} characters.", limit=limit)]
    if "name" in clean and not clean["name"]:
        fields["name"] = [said("A company has a name.")]
    services = clean.get("services", [])
    if len(services) > 100 or any(not 0 < len(service) <= 200 for service in services):
        fields["services"] = [said("At most 100 services of 1 to 200 characters.")]
    unknown = set(clean) - {*LIMITS, "services", "active"}
    fields.update({key: [said("There is no such field.")] for key in unknown})
    if fields:
        raise Invalid(said("The company can't be written like this."), fields)
    return clean


def _taken(name: str) -> Conflict:
    return Conflict(said("There is a company “{name}” already.", name=name))
