"""What a list is narrowed down to, in words: a chip for each filter, with the address of the list without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.domain.packages import Choice, Package, Status
from engine.domain.storable import read_id
from engine.queries.people.colleagues import names
from web.pages.frame import N_
from web.pages.rendering import label
from web.pages.tickets.lists.narrowing import PEOPLE, Narrowed
from web.pages.visiting import Visit

LABELS = {
    "package": N_("Process"), "status": N_("Status"), "request_type": N_("Request type"), "category": N_("Category"),
    "department": N_("Department"), "assignee": N_("Assigned to"), "requester": N_("Requester"),
    "opened_by": N_("Opened by"), "company": N_("Customer"), "deadline": N_("Deadline"),
}  # fmt: skip
DEADLINES = {"late": N_("late"), "soon": N_("within a day")}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in words; `without` leads to the list that it doesn't narrow."""

    name: str
    label: str
    value: str
    without: str


def chips(visit: Visit, wanted: Narrowed, packages: Mapping[str, Package]) -> list[Chip]:
    """All filters of a list, in their order; words that are searched for stand in their field."""
    people = _names(visit, wanted)
    return [
        Chip(name, visit.say(LABELS[name]), _value(visit, name, wanted[name], packages, people), wanted.without(name))
        for name in LABELS
        if wanted[name]
    ]


def choices(packages: Mapping[str, Package], wanted: Narrowed, name: str) -> dict[str, str]:
    """What a filter may be, by key, as the packages that are looked at call it."""
    looked_at = [package for key, package in packages.items() if wanted["package"] in ("", key)]
    found: dict[str, str] = {}
    for package in looked_at:
        for key, choice in _keyed(package, name).items():
            found.setdefault(key, label(choice.label, package.language))
    return found


def _keyed(package: Package, name: str) -> Mapping[str, Choice | Status]:
    found: dict[str, Mapping[str, Any]] = {
        "status": package.statuses, "request_type": package.request_types, "category": package.categories,
        "department": package.departments,
    }  # fmt: skip
    return found[name]


def _value(visit: Visit, name: str, value: str, packages: Mapping[str, Package], people: Mapping[str, str]) -> str:
    if name in PEOPLE:
        known = {"me": visit.say("me"), "none": visit.say("nobody")}
        return known.get(value) or people.get(name, value)
    if name == "deadline":
        return visit.say(DEADLINES[value])
    if name == "package":
        return label(packages[value].title, packages[value].language) if value in packages else value
    return next(_called(packages, name, value), value)


def _called(packages: Mapping[str, Package], name: str, value: str) -> Iterator[str]:
    for package in packages.values():
        if value in _keyed(package, name):
            yield label(_keyed(package, name)[value].label, package.language)


def _names(visit: Visit, wanted: Narrowed) -> dict[str, str]:
    """What the accounts and the company are called that a list is narrowed down to."""
    numbers = {name: number for name in PEOPLE if (number := read_id(wanted[name]))}
    company = numbers.pop("company", None)
    if not numbers and company is None:
        return {}
    found = names(visit.engine, visit.actor, set(numbers.values()), company)
    called = {name: found.get(("account", number), "") for name, number in numbers.items()}
    return called | ({"company": found.get(("company", company), "")} if company else {})
