"""Who sees what, as SQL conditions: the same rules as `engine.domain.visibility`, for lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, false, literal, or_, select, true

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.packages import Package
from engine.domain.said import said
from engine.queries.reading import Reader
from engine.storage.tables import Involvement, Ticket, UserTask, UserTaskGroup

#: under which a reading knows a ticket that was read whole: `engine.queries.tickets.visible`
TICKET = "ticket {}"


def visible_tickets(reader: Reader) -> ColumnElement[bool]:
    """Tickets that the reader's roles show, and those that involve the reader."""
    if reader.sees_everything:
        return true()
    return or_(*shown_by_roles(reader), involved(reader.actor))


def involved(actor: Actor) -> ColumnElement[bool]:
    """That somebody has to do with a ticket: looked up for each one, for some have to do with all."""
    return exists().where(Involvement.ticket_id == Ticket.id, Involvement.account_id == actor.id)


def require_ticket(reader: Reader, ticket_id: int) -> Any:
    """The package and version of a ticket that the reader sees; asked for once in a reading.

    Raises `NotFound` for foreign and missing alike.
    """
    key = TICKET.format(ticket_id)
    if key not in reader.known:
        columns = (Ticket.id, Ticket.package_id, Ticket.deployment_id, Ticket.status, Ticket.requester_id)
        statement = select(*columns, Ticket.company_id).where(Ticket.id == ticket_id, visible_tickets(reader))
        row = reader.tx.execute(statement).one_or_none()
        if row is None:
            raise NotFound(said("There is no such ticket."))
        return row
    return reader.known[key]


def visible_user_tasks(reader: Reader) -> ColumnElement[bool]:
    """One's own and those one may take; staff sees all those of the tickets that it sees. `Ticket` is joined."""
    if reader.sees_everything:
        return true()
    staffed = [key for key, package in reader.packages.items() if reader.is_staff(package)]
    as_staff = and_(Ticket.package_id.in_(staffed), visible_tickets(reader))
    return or_(mine(reader.actor), claimable(reader), as_staff)


def mine(actor: Actor) -> ColumnElement[bool]:
    """User tasks that the account has claimed or was assigned."""
    return UserTask.assignee_id == actor.id


def claimable(reader: Reader) -> ColumnElement[bool]:
    """User tasks that nobody has, and that the reader may take: `engine.domain.visibility.may_take`."""
    offered = [
        and_(UserTask.package_id == key, _offered_to(sorted(reader.actor.groups(package))))
        for key, package in reader.packages.items()
    ]
    return and_(UserTask.assignee_id.is_(None), or_(false(), deciding(reader), *offered))


def deciding(reader: Reader) -> ColumnElement[bool]:
    """User tasks that the reader may do for a ticket's requester, as one who may `decide`. `Ticket` is joined."""
    decided = [key for key, package in reader.packages.items() if reader.actor.may("decide", package)]
    if not decided:
        return false()
    for_requester = select(UserTaskGroup.user_task_id).where(
        UserTaskGroup.group == literal("account:") + cast(Ticket.requester_id, String)
    )
    here = UserTask.package_id.in_(decided)
    return and_(here, UserTask.id.in_(for_requester.correlate(Ticket)), visible_tickets(reader))


def shown_fields(actor: Actor, package: Package, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Of a ticket's own fields those that the actor may see."""
    roles = actor.roles(package)
    names = {actor.kind, *(role.key for role in roles), *(role.kind for role in roles)}
    everything = actor.administrator or actor.kind == "system"
    return {
        key: fields.get(key)
        for key, field in package.fields.items()
        if everything or not names.isdisjoint(field.visible_to)
    }


def shown_by_roles(reader: Reader) -> Iterator[ColumnElement[bool]]:
    """Tickets that roles show; being involved is asked for apart."""
    actor = reader.actor
    for member in actor.memberships:
        package = reader.packages.get(member.package)
        role = package.roles.get(member.role) if package else None
        if role is None:
            continue
        here = Ticket.package_id == member.package
        match role.sees:
            case "all":
                yield here
            case "departments":
                yield and_(here, Ticket.department.in_(member.departments))
            case "own_company":
                yield and_(here, Ticket.requester_id == actor.id, Ticket.company_id.is_(None))
                if actor.company is not None:
                    yield and_(here, Ticket.company_id == actor.company)


def _offered_to(groups: list[str]) -> ColumnElement[bool]:
    """Looked up for each one: a group has been offered very many by now."""
    offer = exists().where(UserTaskGroup.user_task_id == UserTask.id, UserTaskGroup.group.in_(groups))
    return offer.correlate(UserTask)
