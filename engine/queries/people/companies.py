"""Companies of customers, for those who manage people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.said import said
from engine.queries.paging import Order, Page, page
from engine.queries.people.accounts import require_people
from engine.queries.reading import Source, reading
from engine.storage.tables import Company


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


def listed(engine: Source, actor: Actor, *, limit: int = 50, cursor: str | None = None) -> Page[CompanyView]:
    """Companies by name. Raises `Forbidden`."""
    with reading(engine, actor) as reader:
        require_people(reader)
        return page(reader.tx, select(Company.__table__), Order(Company.name, Company.id), limit, cursor, _view)


def one(engine: Source, actor: Actor, company_id: int) -> CompanyView:
    """One company: one's own, or any for who manages people. Raises `Forbidden`, `NotFound`."""
    with reading(engine, actor) as reader:
        if company_id != actor.company:
            require_people(reader)
        row = reader.tx.execute(select(Company.__table__).where(Company.id == company_id)).one_or_none()
        if row is None:
            raise NotFound(said("There is no such company."))
        return _view(row)


def _view(row: Row[Any]) -> CompanyView:
    return CompanyView(row.id, row.name, row.vat_number, row.reference, list(row.services), row.active, row.created_at)
