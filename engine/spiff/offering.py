"""What a package offers to whoever draws in it: what elements may name, and the variables that exist where."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.spiff.checking.variables import Variables
from engine.spiff.running.naming import RESERVED
from engine.spiff.versions import Reading

#: names beyond which a list helps nobody; places for which there are lists
MAX_NAMES, MAX_PLACES = 500, 200


@dataclass(frozen=True, slots=True)
class Offers:
    """Names by what they are of. What can't be read offers nothing."""

    #: None where `package.toml` can't be read
    package: Package | None
    forms: tuple[str, ...]
    mails: tuple[str, ...]
    goals: tuple[str, ...]
    #: id → what it is called
    decisions: Mapping[str, str]
    processes: Mapping[str, str]
    #: process or subprocess → variables that may have a value in it
    variables: Mapping[str, tuple[str, ...]]
    #: element with a loop → what only it has beside
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: what expressions have without anybody setting it
    reserved: tuple[str, ...] = tuple(sorted(RESERVED))

    @property
    def ticket_fields(self) -> tuple[str, ...]:
        """What stands behind `ticket.`."""
        return tuple(sorted({*BUILT_IN_FIELDS, *(self.package.fields if self.package else ())}))


def offers(reading: Reading) -> Offers:
    """What the files of a package offer, as far as they can be read."""
    around = reading.surroundings()
    variables = Variables(reading.processes, around)
    processes = list(reading.processes.values())
    some = processes[:MAX_PLACES]
    loops = [(process, node) for process in some for node in process.nodes.values() if node.loop is not None]
    return Offers(
        package=reading.package,
        forms=tuple(sorted(around.form_names if around else reading.forms)),
        mails=tuple(sorted(around.mails if around else reading.mails)),
        goals=tuple(sorted(around.goals)) if around else (),
        decisions={key: decision.title or key for key, decision in sorted(reading.decisions.items())},
        processes={one.id: one.name or one.id for one in processes if not one.parent and not one.drawn_in},
        variables=_seen({process.id: variables.seen(process).types for process in some}),
        own={
            node.id: _names(_inner(variables.seen(process, node).types).keys() - _inner(variables.seen(process).types))
            for process, node in loops[:MAX_PLACES]
        },
    )  # fmt: skip


def _seen(types: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """The names of each process and subprocess. Those of one root share what they all know: it may be very much."""
    known: dict[int, tuple[str, ...]] = {}
    found = {}
    for key, names in types.items():
        common = names.maps[1] if isinstance(names, ChainMap) else names
        if id(common) not in known:
            known[id(common)] = _names(common)
        found[key] = _names({*known[id(common)], *_inner(names)}) if _inner(names) else known[id(common)]
    return found


def _inner(types: Mapping[str, str]) -> Mapping[str, str]:
    """What is known there alone."""
    return types.maps[0] if isinstance(types, ChainMap) else {}


def _names(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in found if name})[:MAX_NAMES])
