"""Who may come here: whoever operates a package. Others are told that there is nothing, as everywhere."""

from __future__ import annotations

from engine.domain.errors import NotFound
from engine.domain.packages import Package
from engine.domain.said import said
from engine.domain.storable import read_id
from engine.queries.reading import reading
from web.pages.visiting import Visit


def operated(visit: Visit) -> list[Package]:
    """The packages that the visitor operates, by key. Raises `NotFound` where there are none."""
    with reading(visit.engine, visit.actor) as reader:
        packages = [package for package in reader.packages.values() if visit.actor.may("operate", package)]
    if not packages and not visit.actor.administrator:
        raise NotFound(said("There is nothing here, or nothing that you may see."))
    return packages


def one_of(value: str, known: tuple[str, ...], default: str = "") -> str:
    """A part of the address, if it is one of those that mean something."""
    return value if value in known else default


def ticket_of(visit: Visit) -> int | None:
    """The ticket that the address asks for alone: `?ticket=5`."""
    return read_id(visit.query.get("ticket", ""))
