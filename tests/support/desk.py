"""A small package for tests of storage and commands, a repair desk, with its people; its files: `desk_package`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from engine.domain.actors import Actor, Membership
from engine.storage.database import Database
from engine.storage.tables import Account, Company
from engine.storage.tables import Membership as MembershipRow

FOLDER = Path(__file__).with_name("desk_package")


def desk_files(process: str = "repair") -> dict[str, bytes]:
    """The package's files; new tickets start `process`."""
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    settings = files["package.toml"].replace(b'process = "repair"', f'process = "{process}"'.encode(), 1)
    return {**files, "package.toml": settings}


NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
CLERK = Actor(1, "Clara", "clara@desk.example", "staff", None, (Membership("desk", "clerk"),))
COBBLER = Actor(2, "Colin", "colin@desk.example", "staff", None, (Membership("desk", "cobbler", ("leather",)),))
OWNER = Actor(3, "Olga", "olga@shoes.example", "customer", 1, (Membership("desk", "owner"),))
STRANGER = Actor(4, "Sten", "sten@boots.example", "customer", 2, (Membership("desk", "owner"),))
PEOPLE = (CLERK, COBBLER, OWNER, STRANGER)


def add_people(database: Database) -> None:
    """Write the companies and accounts; the package must be deployed."""
    with database.begin() as tx:
        tx.execute(insert(Company), [{"id": n, "name": f"Company {n}", "created_at": NOW} for n in (1, 2)])
        tx.execute(insert(Account), [
            {"id": p.id, "email": p.email, "name": p.name, "kind": p.kind, "company_id": p.company, "created_at": NOW}
            for p in PEOPLE
        ])  # fmt: skip
        tx.execute(insert(MembershipRow), [
            {"account_id": p.id, "package_id": m.package, "role": m.role, "departments": list(m.departments)}
            for p in PEOPLE
            for m in p.memberships
        ])  # fmt: skip
