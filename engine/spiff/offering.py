"""What a package offers to whoever draws in it: what elements may name, and the variables that exist where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.spiff.checking.variables import Variables
from engine.spiff.running.naming import RESERVED
from engine.spiff.versions import Reading

#: names beyond which a list helps nobody
MAX_NAMES = 500


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
    processes = reading.processes.values()
    seen = {process.id: set(variables.seen(process).types) for process in processes}
    own = {
        node.id: _names(set(variables.seen(process, node).types) - seen[process.id])
        for process in processes for node in process.nodes.values() if node.loop is not None
    }  # fmt: skip
    return Offers(
        package=reading.package,
        forms=tuple(sorted(around.form_names if around else reading.forms)),
        mails=tuple(sorted(around.mails if around else reading.mails)),
        goals=tuple(sorted(around.goals)) if around else (),
        decisions={key: decision.title or key for key, decision in sorted(reading.decisions.items())},
        processes={one.id: one.name or one.id for one in processes if not one.parent and not one.drawn_in},
        variables={key: _names(names) for key, names in seen.items()},
        own=own,
    )  # fmt: skip


def _names(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name for name in found if name})[:MAX_NAMES])
