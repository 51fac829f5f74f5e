"""From what is kept of a ticket to a scenario that goes the same way, as far as a scenario can tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain.actors import Actor
from engine.domain.errors import Conflict
from engine.domain.said import said
from engine.domain.time.zones import find_zone
from engine.spiff.expressions import Sandbox
from engine.spiff.retelling.acts import Act, Acts
from engine.spiff.retelling.disguise import Disguise
from engine.spiff.retelling.entries import Entry, by_command
from engine.spiff.retelling.moments import Moment, moments_of
from engine.spiff.retelling.proving import prove
from engine.spiff.retelling.standing import told_at
from engine.spiff.retelling.writing import lines_of, remarks_of
from engine.spiff.scenarios.opening import TICKET_ID, number_of
from engine.spiff.scenarios.plain_yaml import MAX_BYTES
from engine.spiff.versions import PackageVersion

#: tries to find how far a ticket can be told: a shorter scenario holds other jobs back
_TRIES = 3
_HEAD = "Made from what happened to a ticket. People and texts are invented; choices, numbers and days are its own."
_LONG = "the ticket's story is too long for one scenario"


@dataclass(frozen=True, slots=True)
class Lived:
    """What is kept of a ticket: its journal's entries, the oldest first, and the accounts that they name."""

    ticket_id: int
    number: str
    requester: int | None
    entries: Sequence[Entry]
    people: Mapping[int, Actor]
    #: the journal goes on after these entries
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Retold:
    """A scenario; `path`: the elements that the ticket entered as far as it is told, `problem`: why no further."""

    content: str
    path: tuple[str, ...]
    problem: str = ""


def retell(version: PackageVersion, lived: Lived, sandbox: Sandbox) -> Retold:
    """The ticket as a scenario of its version: it runs as it stands, on the ticket's way.

    Where it can't be told any further, it ends there and says why. Raises `Conflict` where nothing can be told.
    """
    entries = _told(lived)
    if not entries or entries[0].command != "tickets.open":
        raise Conflict(said("The journal doesn't say how this ticket was opened."))
    known = {lived.number: number_of(version.package, entries[0].at), str(lived.ticket_id): str(TICKET_ID)}
    disguise = Disguise(version, lived.people, known)
    given = _given(version, disguise, entries[0], lived.requester)
    acts = Acts(version, disguise, lived.ticket_id).read(entries)
    moments = list(moments_of(version, disguise, acts))
    given["given"] = {"people": disguise.given(), **given["given"]}
    way = [entry.element for entry in entries if entry.kind == "element_entered"]
    kept, problem = _kept(version, given, moments, way, sandbox)
    if lived.goes_on and not problem:
        problem = _LONG
    content = "\n".join(_written({"title": _title(version, acts[: len(kept)]), **given}, kept, problem)) + "\n"
    return Retold(content, tuple(way[: kept[-1].entered]), problem)


def _told(lived: Lived) -> list[Entry]:
    """The entries of commands that are known to be whole."""
    groups = list(by_command(lived.entries))
    return [entry for group in (groups[:-1] if lived.goes_on else groups) for entry in group]


def _given(version: PackageVersion, disguise: Disguise, opening: Entry, account_id: int | None) -> dict[str, Any]:
    said_then = {"subject": opening.data.get("subject", ""), "text": opening.data.get("text", "")}
    fields = disguise.fields({**said_then, **opening.data.get("fields", {})})
    requester = disguise.person(account_id)
    return {
        "at": told_at(opening.at, find_zone(version.package.time_zone)),
        "given": {
            **({"requester": requester} if requester else {}),
            "ticket": {name: value for name, value in fields.items() if value not in (None, "")},
        },
    }


def _kept(
    version: PackageVersion, given: dict[str, Any], moments: list[Moment], way: Sequence[str], sandbox: Sandbox
) -> tuple[list[Moment], str]:
    """The moments that go the ticket's way, and why the next doesn't. Raises `Conflict` where none does."""
    kept, problem = _that_fit(moments)
    for _ in range(_TRIES):
        scenario = {**given, "steps": [step for moment in kept for step in moment.steps]}
        proof = prove(version, scenario, kept, way, sandbox)
        problem = proof.problem or problem
        if proof.kept == len(kept):
            return kept, problem
        kept = kept[: proof.kept]
        if not kept:
            break
    raise Conflict(said("This ticket can't be retold as a scenario: {problem}.", problem=problem))


def _that_fit(moments: list[Moment]) -> tuple[list[Moment], str]:
    """As many as a file takes, with room for what stands around them."""
    size = 0
    for number, moment in enumerate(moments):
        size += sum(len(line.encode()) + 1 for line in _steps([moment]))
        if size > MAX_BYTES - 20_000:
            return moments[:number], _LONG
    return moments, ""


def _title(version: PackageVersion, acts: Sequence[Act]) -> str:
    """The user tasks that were done, by what the diagrams call them."""
    nodes = {key: node for process in version.definitions.processes.values() for key, node in process.nodes.items()}
    done = (nodes.get(act.step["complete"]) for act in acts if act.step and "complete" in act.step)
    labels = list(dict.fromkeys(node.label for node in done if node is not None))
    return f"As a ticket went: {', '.join(labels[:6])}" if labels else "As a ticket went"


def _written(given: Mapping[str, Any], moments: Sequence[Moment], problem: str) -> Iterator[str]:
    yield from remarks_of([_HEAD])
    yield from lines_of(given)
    if steps := list(_steps(moments)):
        yield "steps:"
        yield from steps
    if problem:
        yield from remarks_of([f"The ticket went on, but from here a scenario can't tell it: {problem}."], 2)
    yield from lines_of({"expect": moments[-1].end})


def _steps(moments: Sequence[Moment]) -> Iterator[str]:
    for moment in moments:
        yield from remarks_of(moment.remarks, 2)
        for step in moment.told():
            yield from lines_of(step, 2, "- ")
