"""The invented companies and people of a demonstration, made (or found again) as accounts. Who they are is data."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from engine.commands.engine import Engine
from engine.commands.people import accounts, companies
from engine.commands.people.passwords import hash_password
from engine.domain.actors import SYSTEM, Actor, Membership
from engine.domain.errors import Conflict
from engine.domain.said import said
from engine.spiff.demonstration import Company, Demonstration, Person
from engine.storage.demonstration import company_named
from engine.storage.people import accounts as store


def make_people(
    engine: Engine, tx: Connection, demonstration: Demonstration, package_id: str, password: str
) -> dict[str, Actor]:
    """Everybody by their key, with a demonstration account that takes the password.

    Raises `Conflict` where somebody real has one of the addresses.
    """
    hashed = hash_password(password)
    firms = {key: _company(engine, tx, company) for key, company in demonstration.companies.items()}
    return {key: _person(engine, tx, person, package_id, firms, hashed) for key, person in demonstration.people.items()}


def _company(engine: Engine, tx: Connection, company: Company) -> int:
    known = company_named(tx, company.name)
    return known or companies.create(
        engine, SYSTEM, name=company.name, vat_number=company.vat_number, reference=company.reference,
        services=company.services,
    )  # fmt: skip


def _person(
    engine: Engine, tx: Connection, person: Person, package_id: str, firms: Mapping[str, int], hashed: str
) -> Actor:
    company = firms[person.company] if person.company else None
    known = store.by_email(tx, person.email)
    if known is None:
        account_id = accounts.create(
            engine, SYSTEM, email=person.email, name=person.name, kind="customer" if person.company else "staff",
            company=company, language=person.language, demonstration=True,
        )  # fmt: skip
    elif known.demonstration:
        account_id = known.id
    else:
        raise Conflict(said("There is an account for {email} already.", email=person.email))
    store.change(tx, account_id, {"password_hash": hashed, "active": True})
    roles = {role: list(departments) for role, departments in person.roles.items()}
    accounts.set_memberships(engine, SYSTEM, account_id, package_id, roles)
    return Actor(
        id=account_id, name=person.name, email=person.email, kind="customer" if person.company else "staff",
        company=company,
        memberships=tuple(Membership(package_id, role, departments) for role, departments in person.roles.items()),
    )  # fmt: skip
