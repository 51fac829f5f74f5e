"""The files of `demonstration/` as values, or what is wrong with them in words. What they refer to is `references`'.

Reference: docs/reference/demonstration.md; the schema beside this module says the same to editors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from engine.domain.errors import Problem
from engine.domain.said import Said, said
from engine.spiff.scenarios.plain_yaml import NotPlainError, Path, Plain, load
from engine.spiff.scenarios.schema import Schema, dotted

FOLDER = "demonstration/"
VERBS = (
    "complete", "note", "attach", "action", "edit", "message", "mend", "claim", "hand_over", "watch",
)  # fmt: skip
#: of all tickets together, so that filling a database ends
MAX_STEPS = 5_000

_SCHEMA = Schema(FilePath(__file__).with_name("demonstration.schema.json"))
_SEE = said("See {page}.", page="docs/reference/demonstration.md")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: its file, its path in it, its line."""

    file: str = ""
    path: Path = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Company:
    """A company of customers."""

    name: str
    vat_number: str = ""
    reference: str = ""
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `company` is a key of `companies`, empty for staff."""

    name: str
    email: str
    #: role → departments
    roles: Mapping[str, tuple[str, ...]]
    company: str = ""
    language: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody does with a ticket."""

    verb: str
    #: the verb's own value
    what: Any
    #: a key of `people`
    by: str
    #: `data`, `to`, `expects`, …
    details: Mapping[str, Any]
    #: working time since the step before; empty: at once
    after: str = ""
    #: what clocks show on that day, in place of the hour that `after` leads to
    at: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Story:
    """A ticket with all that becomes of it."""

    subject: str
    text: str
    requester: str
    #: who opens it: the requester, unless another is named
    by: str
    fields: Mapping[str, Any]
    #: working time from its opening to now
    ago: str
    at: str = ""
    steps: tuple[Step, ...] = ()
    place: Place = Place()


@dataclass
class Demonstration:
    """All files together; companies and people by their keys."""

    companies: dict[str, Company] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    stories: list[Story] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.people or self.stories)


def read_demonstration(files: Mapping[str, bytes]) -> tuple[Demonstration, list[Problem]]:
    """What the files below `demonstration/` say together, and everything that keeps one of them from being read."""
    found, problems = Demonstration(), []
    for file in sorted(path for path in files if path.startswith(FOLDER) and path.endswith(".yaml")):
        try:
            plain = load(files[file])
        except NotPlainError as error:
            told = said("The file can't be read: {problem}.", problem=error.problem)
            problems.append(Problem(file, told, said("Correct it."), line=error.line))
            continue
        wrong = [*_wrong(plain.data)]
        problems += [Problem(file, problem, _SEE, dotted(path), line=plain.line(path)) for path, problem in wrong]
        if not wrong:
            problems += _take(found, file, plain)
    if sum(len(story.steps) for story in found.stories) > MAX_STEPS:
        told = said("The demonstration has more than {most:,} steps.", most=MAX_STEPS)
        problems.append(Problem("", told, said("Tell less.")))
    return found, problems


def _take(found: Demonstration, file: str, plain: Plain) -> Iterator[Problem]:
    """Add what a sound file says; what another file said already is a problem."""
    data = plain.data or {}

    def place(*path: str | int) -> Place:
        return Place(file, path, plain.line(path))

    for kind, known in (("companies", found.companies), ("people", found.people)):
        for key in data.get(kind, {}):
            if key in known:
                told = said("`{key}` stands in another file of the demonstration too.", key=key)
                remedy = said("Give one of the two another key.")
                yield Problem(file, told, remedy, f"{kind}.{key}", line=place(kind, key).line)
    for key, values in data.get("companies", {}).items():
        found.companies[key] = Company(**{**values, "services": tuple(values.get("services", ()))})
    for key, values in data.get("people", {}).items():
        roles = {role: tuple(departments) for role, departments in values["roles"].items()}
        found.people[key] = Person(**{**values, "roles": roles, "place": place("people", key)})
    for index, ticket in enumerate(data.get("tickets", ())):
        steps = tuple(
            _step(step, place("tickets", index, "steps", number)) for number, step in enumerate(ticket.get("steps", ()))
        )
        found.stories.append(
            Story(
                subject=ticket["subject"], text=ticket.get("text", ""), requester=ticket["requester"],
                by=ticket.get("by", ticket["requester"]), fields=ticket.get("fields", {}), ago=ticket["ago"],
                at=ticket.get("at", ""), steps=steps, place=place("tickets", index),
            )
        )  # fmt: skip


def _step(step: Mapping[str, Any], place: Place) -> Step:
    verb = next(verb for verb in VERBS if verb in step)
    common = {verb, "by", "after", "at"}
    details = {key: value for key, value in step.items() if key not in common}
    by = step[verb] if verb == "watch" else step["by"]
    return Step(verb, step[verb], by, details, step.get("after", ""), step.get("at", ""), place)


def _wrong(data: Any) -> Iterator[tuple[Path, Said]]:
    if data is not None and not isinstance(data, dict):
        keys = ["`companies`", "`people`", "`tickets`"]
        yield (), said("A file of the demonstration is a mapping with {keys}.", keys=keys)
        return
    yield from _SCHEMA.against("", data or {}, ())
    tickets = (data or {}).get("tickets", [])
    for index, ticket in enumerate(tickets if isinstance(tickets, list) else []):
        yield from _wrong_ticket(ticket, ("tickets", index))


def _wrong_ticket(ticket: Any, path: Path) -> Iterator[tuple[Path, Said]]:
    """Each step against the schema of its own verb, so that one says what is wrong with what was meant."""
    if not isinstance(ticket, dict):
        keys = ["`subject`", "`requester`", "`ago`", "`steps`"]
        yield path, said("A ticket is a mapping with {keys}.", keys=keys)
        return
    yield from _SCHEMA.against("ticket", {**ticket, "steps": []}, path)
    steps = ticket.get("steps", [])
    if not isinstance(steps, list):
        yield (*path, "steps"), said("`steps` must be a list.")
        return
    for index, step in enumerate(steps):
        here = (*path, "steps", index)
        verbs = [verb for verb in VERBS if verb in step] if isinstance(step, dict) else []
        if len(verbs) == 1:
            yield from _SCHEMA.against(f"step_{verbs[0]}", step, here)
        else:
            yield here, said("A step is a mapping with exactly one verb of: {verbs}.", verbs=VERBS)
