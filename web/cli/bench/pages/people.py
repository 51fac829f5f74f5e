"""More companies and people for a large database: copies of those that are there, under invented names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select

from engine.domain.packages import Package
from engine.storage.tables import Account, Company, Membership
from web.cli.bench.pages.invented import Invention

#: tickets for which there is one more of each company, and one more of each colleague
PER_COMPANY, PER_COLLEAGUE = 800, 5_000


@dataclass(frozen=True)
class Cast:
    """Who takes whose place in the copies of tickets."""

    #: each maps companies and customers to those of one copy
    customers: Sequence[tuple[Mapping[int, int], Mapping[int, int]]]
    #: each maps staff to one copy of them
    colleagues: Sequence[Mapping[int, int]]


@dataclass
class _Made:
    companies: list[dict[str, Any]] = field(default_factory=list)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    memberships: list[dict[str, Any]] = field(default_factory=list)


def cast_of(tx: Connection, packages: Mapping[str, Package], tickets: int) -> Cast:
    """As many people as so many tickets would have; those that are lacking are written."""
    companies = _rows(tx, Company, ~Company.name.contains("(inventata)"))
    accounts = _rows(tx, Account, ~Account.email.contains("@bench."))
    roles = tx.execute(select(Membership.__table__)).mappings().all()
    made, free = _Made(), _Numbers(tx)
    customers, colleagues = [_itself(companies, accounts, "customer")], [_itself([], accounts, "staff")[1]]
    known = {row.email: row.id for row in tx.execute(select(Account.id, Account.email))}
    named = {row.name: row.id for row in tx.execute(select(Company.id, Company.name))}
    moving = [
        account for account in accounts if account["kind"] == "customer" or not _sees_all(account, roles, packages)
    ]
    for number in range(1, tickets // PER_COMPANY + 1):
        of_company = {one["id"]: _company(made, free, named, one, number) for one in companies}
        people = {
            one["id"]: _account(made, free, known, roles, one, number, of_company.get(one["company_id"]))
            for one in moving
            if one["kind"] == "customer" and one["company_id"] in of_company
        }
        customers.append((of_company, people))
    for number in range(1, tickets // PER_COLLEAGUE + 1):
        people = {
            one["id"]: _account(made, free, known, roles, one, number, None) for one in moving if one["kind"] == "staff"
        }
        colleagues.append({**colleagues[0], **people})
    for table, rows in ((Company, made.companies), (Account, made.accounts), (Membership, made.memberships)):
        if rows:
            tx.execute(insert(table), rows)
    return Cast(customers, colleagues)


class _Numbers:
    """The ids that are free."""

    def __init__(self, tx: Connection) -> None:
        self._last = {table: tx.execute(select(func.max(table.id))).scalar() or 0 for table in (Account, Company)}

    def next(self, table: Any) -> int:
        self._last[table] += 1
        return self._last[table]


def _rows(tx: Connection, table: Any, condition: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in tx.execute(select(table.__table__).where(condition)).mappings()]


def _itself(companies: list[Any], accounts: list[Any], kind: str) -> tuple[dict[int, int], dict[int, int]]:
    people = {one["id"]: one["id"] for one in accounts if one["kind"] == kind}
    return {one["id"]: one["id"] for one in companies}, people


def _sees_all(account: Mapping[str, Any], roles: Any, packages: Mapping[str, Package]) -> bool:
    """There is one of these however many tickets: they have to do with all."""
    mine = [(row["package_id"], row["role"]) for row in roles if row["account_id"] == account["id"]]
    return any(packages[package].roles[role].sees == "all" for package, role in mine if role in packages[package].roles)


def _company(made: _Made, free: _Numbers, named: dict[str, int], one: dict[str, Any], number: int) -> int:
    name = Invention.company(one["id"] * 1_000 + number)
    if name not in named:
        named[name] = free.next(Company)
        made.companies.append({**one, "id": named[name], "name": name, "vat_number": ""})
    return named[name]


def _account(
    made: _Made, free: _Numbers, known: dict[str, int], roles: Any, one: dict[str, Any], number: int,
    company: int | None,
) -> int:  # fmt: skip
    email = f"{one['id']}.{number}@bench.example.com"
    if email not in known:
        account_id = known[email] = free.next(Account)
        name = Invention.person(one["id"] * 1_000 + number)
        made.accounts.append({**one, "id": account_id, "email": email, "name": name, "company_id": company})
        made.memberships += [{**row, "account_id": account_id} for row in roles if row["account_id"] == one["id"]]
    return known[email]
