"""What somebody needs who is about to open a ticket: where they may, for whom, and what is open already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.packages import Field, Label, Package, Status
from engine.domain.said import said
from engine.domain.storable import can_be_id
from engine.domain.visibility import may_give
from engine.queries.paging import escaped
from engine.queries.reading import Reader, Source, reading
from engine.queries.tickets.search import MOST_COMPARED, similar
from engine.storage.tables import Account, Company, Membership

#: people that a search offers; whoever isn't among them is found by more letters
MOST_PEOPLE = 8
#: tickets that are offered as the same, and characters of a request that are compared
MOST_ALIKE = 3
COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class Openable:
    """A package in which the reader may open tickets."""

    package: Package
    #: for themselves
    own: bool
    #: for a customer
    for_others: bool
    #: the package's own fields that the reader may fill in
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Requester:
    """Somebody for whom a ticket may be opened."""

    id: int
    name: str
    email: str
    company_name: str


@dataclass(frozen=True, slots=True)
class Alike:
    """A ticket that is open already and may be about the same."""

    id: int
    number: str
    subject: str
    status: str
    status_label: Label
    colour: str


def openable(engine: Source, actor: Actor) -> list[Openable]:
    """The packages in which the actor may open a ticket, by id."""
    with reading(engine, actor) as reader:
        found = [_openable(actor, package) for package in reader.packages.values()]
        return [one for one in found if one.own or one.for_others]


def requesters(engine: Source, actor: Actor, package_id: str, text: str) -> list[Requester]:
    """Customers of a package by a part of their name, address, company or its VAT number. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        _require_for_others(reader, package_id)
        if not text.strip():
            return []
        like = escaped(text.strip())
        columns = (Account.name, Account.email, Company.name, Company.vat_number, Company.reference)
        fits = or_(*(column.ilike(like, escape="\\") for column in columns))
        return _people(reader, package_id, fits)


def requester(engine: Source, actor: Actor, package_id: str, account_id: int) -> Requester:
    """One customer of a package. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        _require_for_others(reader, package_id)
        found = _people(reader, package_id, Account.id == account_id) if can_be_id(account_id) else []
        if not found:
            raise NotFound(said("There is no such account."))
        return found[0]


def alike(engine: Source, actor: Actor, package_id: str, text: str, requester_id: int | None = None) -> list[Alike]:
    """Open tickets of the requester's company that are about the same as a request, the likest first.

    For who may open one for others `requester_id` says whose; nothing is alike as long as nobody is named.
    """
    with reading(engine, actor) as reader:
        package = reader.package(package_id)
        company = actor.company
        if requester_id not in (None, actor.id):
            _require_for_others(reader, package_id)
            company = _company(reader, requester_id)
        if actor.kind == "staff" and company is None:
            return []
        text = text[:COMPARED]
        # the package is looked at afterwards: asked for here, SQLite would read all of its tickets, not the company's
        found = similar(reader, text, company=company, open_only=True, most=MOST_COMPARED)
        here = [one for one in found if one.package == package_id][:MOST_ALIKE]
        return [_alike(package.statuses, one.id, one.number, one.subject, one.status) for one in here]


def _openable(actor: Actor, package: Package) -> Openable:
    fields = tuple(package.fields[key] for key in may_give(actor, package))
    # a customer's role may open for colleagues too, but the page for it is staff's
    for_others = actor.kind == "staff" and actor.may("open_ticket_for", package)
    return Openable(package, actor.may("open_ticket", package), for_others, fields)


def _require_for_others(reader: Reader, package_id: str) -> None:
    """Customers' names are for who opens tickets for them. Raises `NotFound`."""
    package = reader.staff_package(package_id)
    if not reader.actor.may("open_ticket_for", package):
        raise NotFound(said("There is no such package."))


def _people(reader: Reader, package_id: str, fits: ColumnElement[bool]) -> list[Requester]:
    members = select(Membership.account_id).where(Membership.package_id == package_id)
    statement = (
        select(Account.id, Account.name, Account.email, Company.name.label("company_name"))
        .outerjoin(Company, Company.id == Account.company_id)
        .where(fits, Account.active, Account.kind == "customer", Account.id.in_(members))
        .order_by(Account.name, Account.id)
        .limit(MOST_PEOPLE)
    )
    return [Requester(row.id, row.name, row.email, row.company_name or "") for row in reader.tx.execute(statement)]


def _company(reader: Reader, account_id: int | None) -> int | None:
    statement = select(Account.company_id).where(Account.id == account_id)
    return reader.tx.execute(statement).scalar() if can_be_id(account_id) else None


def _alike(statuses: Mapping[str, Status], number_id: int, number: str, subject: str, status: str) -> Alike:
    known = statuses.get(status)
    return Alike(number_id, number, subject, status, known.label if known else {}, known.colour if known else "")
