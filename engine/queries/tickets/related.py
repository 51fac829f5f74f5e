"""What is around a ticket: its customer with what they have, their earlier tickets, and earlier ones like it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from engine.domain.actors import Actor
from engine.queries.reading import Source, reading
from engine.queries.tickets.people import require_staffed
from engine.queries.tickets.search import similar
from engine.queries.visibility import visible_tickets
from engine.storage.tables import Account, Company, Ticket

#: characters of a ticket's text that are compared with others'
_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom a ticket is for; empty texts and None where there is none."""

    requester_name: str
    requester_email: str
    company: int | None
    company_name: str
    vat_number: str
    reference: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Another ticket; `likeness` (0 to 1) only of one that was found because it is alike."""

    id: int
    number: str
    subject: str
    package: str
    deployment: int
    status: str
    opened_at: datetime
    closed_at: datetime | None
    company_name: str | None
    likeness: float = 0


def customer(engine: Source, actor: Actor, ticket_id: int) -> Customer:
    """The customer with their company's services. One statement beside the look at the ticket. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        require_staffed(reader, ticket_id)
        statement = (
            select(Account.name, Account.email, Company.id, Company.name.label("company_name"), Company.vat_number,
                   Company.reference, Company.services)
            .select_from(Ticket)
            .outerjoin(Account, Account.id == Ticket.requester_id)
            .outerjoin(Company, Company.id == Ticket.company_id)
            .where(Ticket.id == ticket_id)
        )  # fmt: skip
        row = reader.tx.execute(statement).one()
        return Customer(
            row.name or "", row.email or "", row.id, row.company_name or "", row.vat_number or "",
            row.reference or "", tuple(row.services or ()),
        )  # fmt: skip


def earlier(engine: Source, actor: Actor, ticket_id: int, limit: int = 8) -> list[Other]:
    """The customer's other tickets that the actor sees, the latest changed first. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        _, company = require_staffed(reader, ticket_id)
        requester = select(Ticket.requester_id).where(Ticket.id == ticket_id).scalar_subquery()
        same = Ticket.company_id == company if company is not None else Ticket.requester_id == requester
        statement = _selected().where(same, Ticket.id != ticket_id, visible_tickets(reader))
        rows = reader.tx.execute(statement.order_by(Ticket.changed_at.desc(), Ticket.id.desc()).limit(limit))
        return [Other(*tuple(row)) for row in rows]


def alike(engine: Source, actor: Actor, ticket_id: int, limit: int = 5) -> list[Other]:
    """Earlier tickets about the same, anybody's that the actor sees, the likest first. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        require_staffed(reader, ticket_id)
        own = reader.tx.execute(select(Ticket.subject, Ticket.text).where(Ticket.id == ticket_id)).one()
        found = similar(reader, f"{own.subject} {own.text[:_COMPARED]}", but=ticket_id, most=limit)
        likeness = {one.id: one.likeness for one in found}
        if not likeness:
            return []
        rows = reader.tx.execute(_selected().where(Ticket.id.in_(likeness)))
        others = [replace(Other(*tuple(row)), likeness=likeness[row.id]) for row in rows]
        return sorted(others, key=lambda other: (-other.likeness, -other.id))


def _selected() -> Any:
    return select(
        Ticket.id, Ticket.number, Ticket.subject, Ticket.package_id, Ticket.deployment_id, Ticket.status,
        Ticket.opened_at, Ticket.closed_at, Company.name,
    ).outerjoin(Company, Company.id == Ticket.company_id)  # fmt: skip
