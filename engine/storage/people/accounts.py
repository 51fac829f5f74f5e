"""Statements on accounts, companies and what accounts are in packages. Tokens and failed logins: `storage.tokens`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from engine.storage.tables import Account, Company, Involvement, Membership


def account(tx: Connection, account_id: int) -> Row[Any] | None:
    """One account, locked until the transaction ends."""
    return tx.execute(select(Account.__table__).where(Account.id == account_id).with_for_update()).one_or_none()


def by_email(tx: Connection, email: str) -> Row[Any] | None:
    """The account with this address (lower case)."""
    return tx.execute(select(Account.__table__).where(Account.email == email)).one_or_none()


def add(tx: Connection, values: Mapping[str, Any]) -> int:
    """Write an account; its id. Raises `IntegrityError` where the address is taken."""
    return int(tx.execute(insert(Account).values(**values).returning(Account.id)).scalar_one())


def change(tx: Connection, account_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of an account."""
    tx.execute(update(Account).where(Account.id == account_id).values(**values))


def leave_tickets(tx: Connection, account_id: int) -> None:
    """The account is involved in no ticket any more."""
    tx.execute(delete(Involvement).where(Involvement.account_id == account_id))


def memberships(tx: Connection, account_id: int) -> Sequence[Row[Any]]:
    """What an account is in all packages."""
    return tx.execute(select(Membership.__table__).where(Membership.account_id == account_id)).all()


def set_memberships(tx: Connection, account_id: int, package_id: str, roles: Mapping[str, Sequence[str]]) -> None:
    """Write what an account is in a package: its roles, each with departments, in place of what it was."""
    tx.execute(delete(Membership).where(Membership.account_id == account_id, Membership.package_id == package_id))
    if roles:
        key = {"account_id": account_id, "package_id": package_id}
        tx.execute(insert(Membership), [{**key, "role": role, "departments": list(d)} for role, d in roles.items()])


def company(tx: Connection, company_id: int) -> Row[Any] | None:
    """One company, locked until the transaction ends."""
    return tx.execute(select(Company.__table__).where(Company.id == company_id).with_for_update()).one_or_none()


def add_company(tx: Connection, values: Mapping[str, Any]) -> int:
    """Write a company; its id. Raises `IntegrityError` where the name is taken."""
    return int(tx.execute(insert(Company).values(**values).returning(Company.id)).scalar_one())


def change_company(tx: Connection, company_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of a company. Raises `IntegrityError` where the name is taken."""
    tx.execute(update(Company).where(Company.id == company_id).values(**values))
