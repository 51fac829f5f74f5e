"""What commands on tickets ask about accounts. Accounts' own statements stand in `accounts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from engine.storage.tables import Account, Membership


def account_with_memberships(tx: Connection, account_id: int) -> Sequence[Any]:
    """An account, once per membership (`package_id`, `role`, `departments`; once with None where it has none)."""
    columns = (Account.id, Account.name, Account.email, Account.kind, Account.company_id, Account.active)
    statement = select(*columns, Membership.package_id, Membership.role, Membership.departments)
    statement = statement.outerjoin(Membership, Membership.account_id == Account.id).where(Account.id == account_id)
    return tx.execute(statement).all()
