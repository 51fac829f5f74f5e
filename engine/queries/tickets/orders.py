"""What lists of tickets are sorted by, each with the index that gives its order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from engine.queries.paging import Order
from engine.queries.tickets.rows import Assignee, Opener
from engine.storage.tables import Company, Ticket
from engine.storage.tables.sorting import caseless

#: an id that is > 0 is there: said so, for SQLite then knows that the names may be read first, in their order
ORDERS = {
    "changed_at": Order(Ticket.changed_at, Ticket.id),
    "opened_at": Order(Ticket.opened_at, Ticket.id),
    "number": Order(Ticket.number, Ticket.id),
    "subject": Order(caseless(Ticket.subject), Ticket.id),
    "status": Order(Ticket.status, Ticket.id),
    "request_type": Order(Ticket.request_type, Ticket.id, also=(Ticket.category,)),
    "deadline": Order(
        Ticket.deadline_at, Ticket.id, present=Ticket.deadline_at.is_not(None), absent=Ticket.deadline_at.is_(None)
    ),
    "company": Order(
        caseless(Company.name), Ticket.id, also=(Company.id,), present=Company.id > 0,
        absent=Ticket.company_id.is_(None),
    ),
    "assignee": Order(
        caseless(Assignee.name), Ticket.id, also=(Assignee.id,), present=Assignee.id > 0,
        absent=Ticket.assignee_id.is_(None),
    ),
    "opened_by": Order(
        caseless(Opener.name), Ticket.id, also=(Opener.id,), present=Opener.id > 0,
        absent=Ticket.opened_by == 0,
    ),
}  # fmt: skip

#: order → the index that a long list is read by; of names, first that of the names, then that of their tickets
_INDEXES: dict[str, tuple[tuple[Any, str], ...]] = {
    "changed_at": ((Ticket, "ix_tickets_changed_at"),),
    "opened_at": ((Ticket, "ix_tickets_opened_at"),),
    "number": ((Ticket, "ix_tickets_number"),),
    "subject": ((Ticket, "ix_tickets_subject"),),
    "status": ((Ticket, "ix_tickets_status"),),
    "request_type": ((Ticket, "ix_tickets_request_type_category"),),
    "deadline": ((Ticket, "ix_tickets_deadline_at"),),
    "company": ((Company, "ix_companies_name"), (Ticket, "ix_tickets_company_id")),
    "assignee": ((Assignee, "ix_accounts_name"), (Ticket, "ix_tickets_assignee_id")),
    "opened_by": ((Opener, "ix_accounts_name"), (Ticket, "ix_tickets_opened_by")),
}


def led(statement: Select[Any], sort: str, *, has_value: bool) -> Select[Any]:
    """The statement, read in the order of an index from where a page begins: for lists too long to be sorted.

    SQLite must be told: it doesn't know how many rows a filter leaves, and would rather sort all of them.
    """
    indexes = _INDEXES[sort.removeprefix("-")]
    for table, index in indexes if has_value else indexes[-1:]:
        statement = statement.with_hint(table, f"INDEXED BY {index}", "sqlite")
    return statement
