"""Accounts and companies by what people call them, for the verbs. Needs no package to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from engine.domain.actors import SYSTEM

if TYPE_CHECKING:
    from engine.commands.engine import Engine


def has_accounts(engine: Engine) -> bool:
    """Whether anybody can log in."""
    from sqlalchemy import select

    from engine.storage.tables import Account

    with engine.database.read() as tx:
        return tx.execute(select(Account.id).limit(1)).first() is not None


def account_by_email(engine: Engine, email: str) -> int:
    """An account's id. Wrong use where there is none."""
    from engine.storage.people import accounts

    with engine.database.read() as tx:
        row = accounts.by_email(tx, email.strip().lower())
    if row is None:
        raise click.UsageError(f"There is no account for {email}.")
    return int(row.id)


def company_named(engine: Engine, name: str) -> int:
    """A company's id; it is made where it is new."""
    from sqlalchemy import select

    from engine.commands.people import companies
    from engine.storage.tables import Company

    with engine.database.read() as tx:
        found = tx.execute(select(Company.id).where(Company.name == name.strip())).scalar_one_or_none()
    return found or companies.create(engine, SYSTEM, name=name)


def all_accounts(engine: Engine) -> Iterator[str]:
    """A line for each account, with its roles."""
    from sqlalchemy import select

    from engine.storage.tables import Account, Membership

    with engine.database.read() as tx:
        roles: dict[int, list[str]] = {}
        for member in tx.execute(select(Membership.__table__)):
            departments = f":{','.join(member.departments)}" if member.departments else ""
            roles.setdefault(member.account_id, []).append(f"{member.package_id}/{member.role}{departments}")
        for account in tx.execute(select(Account.__table__).order_by(Account.id)):
            marks = ["administrator"] * account.administrator + ["disabled"] * (not account.active)
            yield "  ".join([str(account.id), account.email, account.kind, *marks, *roles.get(account.id, [])])


def all_companies(engine: Engine) -> Iterator[str]:
    """A line for each company."""
    from sqlalchemy import select

    from engine.storage.tables import Company

    with engine.database.read() as tx:
        for company in tx.execute(select(Company.__table__).order_by(Company.id)):
            yield f"{company.id}  {company.name}"
