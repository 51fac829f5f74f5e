"""Accounts and companies by what people call them, for the verbs. Needs no package to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from engine.domain.actors import SYSTEM

if TYPE_CHECKING:
    from engine.commands.engine import Engine
    from engine.queries.people.accounts import AccountView


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


def all_accounts(
    engine: Engine, *, kind: str | None, company: str | None, state: str | None, text: str | None
) -> Iterator[str]:
    """A line for each account that fits, with its roles."""
    from engine.queries.people import accounts

    wanted: dict[str, Any] = {"kind": kind, "text": text, "company": company_of_name(engine, company)}
    if state is not None:
        wanted |= {"active": state != "disabled"} | ({} if state == "disabled" else {"invited": state == "invited"})
    cursor = None
    while True:
        page = accounts.listed(engine, SYSTEM, limit=200, cursor=cursor, **wanted)
        yield from map(_account_line, page.items)
        if (cursor := page.next) is None:
            return


def _account_line(account: AccountView) -> str:
    marks = {"administrator": account.administrator, "disabled": not account.active, "invited": account.invited,
             "two-factor": account.two_factor}  # fmt: skip
    roles = [
        f"{m.package}/{m.role}{':' + ','.join(m.departments) if m.departments else ''}" for m in account.memberships
    ]
    told = [mark for mark, there in marks.items() if there]
    return "  ".join([str(account.id), account.email, account.kind, *told, *roles])


def company_of_name(engine: Engine, name: str | None) -> int | None:
    """A company's id; None without a name. Wrong use where there is none of that name."""
    from engine.queries.people import companies

    found = companies.named(engine, SYSTEM, name) if name is not None else None
    if name is not None and found is None:
        raise click.UsageError(f"There is no company “{name}”.")
    return found


def all_companies(engine: Engine) -> Iterator[str]:
    """A line for each company."""
    from engine.queries.people import companies

    cursor = None
    while True:
        page = companies.listed(engine, SYSTEM, limit=200, cursor=cursor)
        for company in page.items:
            told = [
                company.vat_number,
                company.reference,
                ", ".join(company.services),
                "" if company.active else "inactive",
            ]
            yield "  ".join([str(company.id), company.name, *filter(None, told)])
        if (cursor := page.next) is None:
            return
