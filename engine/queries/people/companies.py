"""Companies of customers, for those who manage people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.paging import Order, Page, escaped, page
from engine.queries.people.accounts import require_people
from engine.queries.reading import Reader, Source, reading
from engine.storage.tables import Account, Company, Ticket


@dataclass(frozen=True, slots=True)
class CompanyView:
    """A customer's company."""

    id: int
    name: str
    vat_number: str
    reference: str
    services: list[str]
    active: bool
    created_at: datetime
    #: people who can sign in for it
    accounts: int
    #: all of its tickets in the packages in which the reader is somebody
    tickets: int


def listed(
    engine: Source,
    actor: Actor,
    *,
    limit: int = 50,
    cursor: str | None = None,
    text: str | None = None,
    active: bool | None = None,
) -> Page[CompanyView]:
    """Companies by name, by one statement. `text`: part of the name, VAT number or ID. Raises `Forbidden`."""
    with reading(engine, actor) as reader:
        require_people(reader)
        statement = _companies(reader)
        if active is not None:
            statement = statement.where(Company.active == active)
        if text:
            like = escaped(text)
            columns = (Company.name, Company.vat_number, Company.reference)
            statement = statement.where(or_(*(column.ilike(like, escape="\\") for column in columns)))
        return page(reader.tx, statement, Order(Company.name, Company.id), limit, cursor, _view)


def names(engine: Source, actor: Actor, limit: int = 500) -> list[str]:
    """What active companies are called, for choosing one. Raises `Forbidden`."""
    with reading(engine, actor) as reader:
        require_people(reader)
        statement = select(Company.name).where(Company.active).order_by(Company.name).limit(limit)
        return list(reader.tx.execute(statement).scalars())


def named(engine: Source, actor: Actor, name: str) -> int | None:
    """The id of the company that is called so. Raises `Forbidden`."""
    with reading(engine, actor) as reader:
        require_people(reader)
        return reader.tx.execute(select(Company.id).where(Company.name == name.strip())).scalar_one_or_none()


def one(engine: Source, actor: Actor, company_id: int) -> CompanyView:
    """One company: one's own, or any for who manages people. Raises `Forbidden`, `NotFound`."""
    with reading(engine, actor) as reader:
        if company_id != actor.company:
            require_people(reader)
        row = reader.tx.execute(_companies(reader).where(Company.id == company_id)).one_or_none()
        if row is None:
            raise NotFound(said("There is no such company."))
        return _view(row)


def _companies(reader: Reader) -> Select[Any]:
    accounts = select(func.count()).where(Account.company_id == Company.id).scalar_subquery()
    tickets = select(func.count()).where(Ticket.company_id == Company.id)
    if not reader.sees_everything:
        tickets = tickets.where(Ticket.package_id.in_(list(reader.packages)))
    counts = (accounts.label("accounts"), tickets.scalar_subquery().label("tickets"))
    return select(Company.__table__, *counts)


def _view(row: Row[Any]) -> CompanyView:
    return CompanyView(
        row.id, row.name, row.vat_number, row.reference, list(row.services), row.active, row.created_at,
        row.accounts, row.tickets,
    )  # fmt: skip
