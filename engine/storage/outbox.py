"""Statements with which jobs and mails are taken, tried and finished: alike for both, for both are outboxes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, Table, case, func, insert, select, update

from engine.domain.said import to_json
from engine.storage.tables import Account, Clock, Company, Instance, Involvement, Job, Mail, Membership, Ticket

Outbox = type[Job] | type[Mail]


def take(tx: Connection, box: Outbox, now: datetime, until: datetime) -> Row[Any] | None:
    """The entry that is due longest, held until `until` and counted as one more attempt; None where none is due.

    An entry that is held isn't due before `until`: so the look is one range of one index, however many there are.
    Those that another worker is just taking are passed over.
    """
    due = (
        select(box.id)
        .where(box.state == "open", box.next_attempt_at <= now)
        .order_by(box.next_attempt_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    held = {"attempts": box.attempts + 1, "locked_until": until, "next_attempt_at": until}
    statement = update(box).where(box.id == due).values(held).returning(*cast(Table, box.__table__).c)
    return tx.execute(statement).one_or_none()


def any_due(tx: Connection, box: Outbox, now: datetime) -> bool:
    """Whether an entry is due: a look that takes no lock."""
    statement = select(box.id).where(box.state == "open", box.next_attempt_at <= now)
    return tx.execute(statement.limit(1)).first() is not None


def get(tx: Connection, box: Outbox, entry_id: str) -> dict[str, Any] | None:
    """An entry."""
    row = tx.execute(select(box.__table__).where(box.id == entry_id)).one_or_none()
    return dict(row._mapping) if row else None


def address_of(tx: Connection, mail_id: str) -> str:
    """Where a mail goes now: its account's present address, or (Iter's own) the one that it was written to.

    A mail that asks whether a new address is somebody's is for that address alone.
    """
    present = func.coalesce(Account.email, Mail.recipient)
    address = case((Mail.package_id.is_(None), Mail.recipient), else_=present)
    statement = select(address).select_from(Mail).outerjoin(Account, Account.id == Mail.account_id)
    return str(tx.execute(statement.where(Mail.id == mail_id)).scalar_one())


def lock(tx: Connection, box: Outbox, entry_id: str) -> dict[str, Any] | None:
    """An entry, locked until the transaction ends."""
    row = tx.execute(select(box.__table__).where(box.id == entry_id).with_for_update()).one_or_none()
    return dict(row._mapping) if row else None


def change(tx: Connection, box: Outbox, entry_id: str, values: Mapping[str, Any]) -> None:
    """Write columns of an entry; nobody holds it any more. A `last_error` stays translatable."""
    said = {"said": to_json(values["last_error"])} if "last_error" in values else {}
    tx.execute(update(box).where(box.id == entry_id).values(locked_until=None, **values, **said))


def add_mails(tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write mails in one batch."""
    if rows:
        tx.execute(insert(Mail), list(rows))


def deployment_id(tx: Connection, instance_id: str | None, ticket_id: int | None) -> int | None:
    """The version that a job belongs to: its instance's, else its ticket's."""
    if instance_id is not None:
        return tx.execute(select(Instance.deployment_id).where(Instance.id == instance_id)).scalar()
    return tx.execute(select(Ticket.deployment_id).where(Ticket.id == ticket_id)).scalar()


def names(tx: Connection, accounts: Collection[int], company_id: int | None) -> tuple[dict[int, str], str]:
    """What accounts are called, and a company."""
    rows = tx.execute(select(Account.id, Account.name).where(Account.id.in_(accounts))).all()
    company = tx.execute(select(Company.name).where(Company.id == company_id)).scalar() if company_id else ""
    return {row.id: row.name for row in rows}, company or ""


def deadlines(tx: Connection, ticket_id: int) -> dict[str, datetime]:
    """When the ticket's running clocks are due, by goal."""
    statement = select(Clock.goal, Clock.deadline_at).where(
        Clock.ticket_id == ticket_id, Clock.stopped_at.is_(None), Clock.deadline_at.is_not(None)
    )
    return {row.goal: row.deadline_at for row in tx.execute(statement)}


def people(
    tx: Connection, ticket_id: int, ids: Collection[int], package_id: str, roles: Collection[str]
) -> Sequence[Any]:
    """Active accounts: those involved in a ticket, those with the ids, and all with one of the roles in the package.

    Once per membership in the package; `involved` says whether the ticket involves them. One statement.
    """
    involved = select(Involvement.account_id).where(Involvement.ticket_id == ticket_id)
    named = Membership.role.in_(list(roles))
    statement = (
        select(
            Account.id, Account.name, Account.email, Account.kind, Account.company_id, Account.demonstration,
            Account.administrator, Account.language, Membership.role, Membership.departments,
            Account.id.in_(involved).label("involved"),
        )
        .outerjoin(Membership, (Membership.account_id == Account.id) & (Membership.package_id == package_id))
        .where(Account.active, Account.id.in_(involved) | Account.id.in_(list(ids)) | named)
        .order_by(Account.id)
    )  # fmt: skip
    return tx.execute(statement).all()
