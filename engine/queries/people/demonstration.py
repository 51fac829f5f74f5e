"""The invented people of demonstrations, for whoever wants to sign in as one of them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.actors import SYSTEM
from engine.domain.packages import Package, text
from engine.queries.reading import Source, reading
from engine.storage import demonstration as store


@dataclass(frozen=True, slots=True)
class Invented:
    """One of them."""

    name: str
    email: str
    #: what they are, in the reader's language or the package's: `Professionista (CRM)`
    role: str


def people(engine: Source, language: str = "") -> list[Invented]:
    """Everybody, in the order in which their package names them, once for each role."""
    with reading(engine, SYSTEM) as reader:
        return [
            Invented(row.name, row.email, _told(reader.packages[row.package_id], language, row.role, row.departments))
            for row in store.accounts(reader.tx)
            if row.package_id in reader.packages
        ]


def _told(package: Package, language: str, role: str, departments: list[str]) -> str:
    known = package.roles.get(role)
    label = text(known.label, language, package.language) if known else role
    places = [text(package.departments[key].label, language, package.language) for key in departments
              if key in package.departments]  # fmt: skip
    return f"{label} ({', '.join(places)})" if places else label
