"""What a list of tickets is narrowed down to and sorted by, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from engine.domain.actors import Actor
from engine.domain.storable import can_be_key, read_id
from engine.queries.tickets.filters import DEADLINES
from engine.queries.tickets.orders import ORDERS

PLACE = "/tickets"
#: the boxes, the first one unsaid in the address: all that one sees, and what is assigned to oneself
BOXES = ("all", "mine")
STATES = ("open", "closed", "all")
SORT = "-changed_at"
#: parameters that hold a key of a package, and those that hold an account's or company's number, `me` or `none`
KEYS = ("package", "status", "request_type", "category", "department")
PEOPLE = ("assignee", "requester", "opened_by", "company")
FILTERS = (*KEYS, *PEOPLE, "deadline")
#: everything that an address may hold, in its order; a saved view keeps all but the last
PARAMETERS = ("box", "text", "state", *FILTERS, "sort", "cursor")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A list, by its parameters; those that say nothing are left out."""

    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def box(self) -> str:
        """One of `BOXES`."""
        return self["box"] or BOXES[0]

    @property
    def state(self) -> str:
        """One of `STATES`: without a word open tickets; who searches looks through all."""
        return self["state"] or ("all" if self["text"] else "open")

    @property
    def sort(self) -> str:
        """The order's name, with `-` for descending."""
        return self["sort"] or SORT

    @property
    def narrowed(self) -> bool:
        """Whether filters or words hide something."""
        return any(self[name] for name in (*FILTERS, "text"))

    def filters(self, actor: Actor) -> dict[str, Any]:
        """As queries take them, but for the box."""
        found: dict[str, Any] = {name: self[name] for name in (*KEYS, "deadline") if self[name]}
        found |= {name: _number(self[name], actor) for name in PEOPLE if self[name]}
        if self.state != "all":
            found["closed"] = self.state == "closed"
        return found

    def address(self, place: str = PLACE, **changes: str | None) -> str:
        """The address with some parameters changed, from the first page on unless a cursor is given."""
        query = urlencode(_said({**self.values, "cursor": None, **changes}))
        return place + (f"?{query}" if query else "")

    def without(self, name: str) -> str:
        """The address of the list that one filter narrows no longer."""
        return self.address(**{name: ""})

    @property
    def query(self) -> str:
        """What a saved view keeps: all but where in the list one is. Never empty, so that it can be told from none."""
        return self.address("").removeprefix("?") or f"box={BOXES[0]}"

    def sorted_by(self, name: str, first: str = "") -> str:
        """The address of the list in another order; the other way round where it is in that order."""
        down = {name: f"-{name}", f"-{name}": name}.get(self.sort, first + name)
        return self.address(sort=down)


def narrowed(given: Mapping[str, str]) -> Narrowed:
    """What the parameters ask for; what can't be meant counts as not asked for."""
    return Narrowed({name: value for name in PARAMETERS if (value := _read(name, given.get(name, "").strip()))})


def narrowed_as(query: str) -> Narrowed:
    """What the part of an address behind its question mark asks for."""
    return narrowed(dict(parse_qsl(query)))


def _read(name: str, value: str) -> str:
    """The value, or an empty text where it means nothing or what counts anyway."""
    match name:
        case "box":
            known = value in BOXES[1:]
        case "state":
            known = value in STATES
        case "deadline":
            known = value in DEADLINES
        case "sort":
            known = value.removeprefix("-") in ORDERS and value != SORT
        case "text":
            return value[:LONGEST]
        case "cursor":
            known = len(value) <= 1_000
        case _ if name in PEOPLE:
            known = value in ("me", "none") or read_id(value) is not None
        case _:
            known = bool(value) and can_be_key(value)
    return value if known else ""


def _said(values: Mapping[str, str | None]) -> dict[str, str]:
    """The parameters that an address needs, always in the same order."""
    return {name: value for name in PARAMETERS if (value := _read(name, values.get(name) or ""))}


def _number(value: str, actor: Actor) -> int:
    return {"me": actor.id, "none": 0}[value] if value in ("me", "none") else int(value)
