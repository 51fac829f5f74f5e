"""Whether the steps go the ticket's way in memory, and how far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.domain.errors import IterError
from engine.spiff.expressions import Sandbox
from engine.spiff.retelling.moments import Moment
from engine.spiff.scenarios.expectations import Seen, differences
from engine.spiff.scenarios.format import Scenario, verb_of
from engine.spiff.scenarios.opening import open_world
from engine.spiff.scenarios.people import People
from engine.spiff.scenarios.plain_yaml import Plain
from engine.spiff.scenarios.steps import Stage, carry_out
from engine.spiff.versions import PackageVersion


@dataclass(frozen=True, slots=True)
class Proof:
    """How many moments went as they did, and what kept the next one from it; empty where all did."""

    kept: int
    problem: str = ""


def prove(
    version: PackageVersion,
    scenario: Mapping[str, Any],
    moments: Sequence[Moment],
    way: Sequence[str],
    sandbox: Sandbox,
) -> Proof:
    """Go through the moments. Expectations that don't hold are taken away from them, with a remark instead.

    `way`: the elements that the ticket entered, in order.
    """
    kept = 0
    try:
        people = People(version.package, scenario["given"].get("people", {}))
        stage = Stage(open_world(version, Scenario("", scenario, Plain()), people, sandbox), people)
        seen = Seen()
        for moment in moments:
            _go(stage, seen, moment, way)
            kept += 1
        if moments:
            _take_away(moments[-1], moments[-1].end, stage, seen)
    except IterError as error:
        return Proof(kept, " ".join(str(error).split()))
    return Proof(kept)


class _Elsewhere(IterError):
    """The scenario left the ticket's way."""

    code = "elsewhere"


def _go(stage: Stage, seen: Seen, moment: Moment, way: Sequence[str]) -> None:
    for step in moment.steps:
        stage.world.effort.spend()
        carry_out(stage, verb_of(step), step)
    been = stage.world.happened.path
    if list(way[: moment.entered]) != been:
        raise _Elsewhere(_parting(way[: moment.entered], been))
    _take_away(moment, moment.expect, stage, seen)


def _take_away(moment: Moment, expected: dict[str, Any], stage: Stage, seen: Seen) -> None:
    """What isn't so goes out of the expectations. A step that failed here alone is another way. Raises `_Elsewhere`."""
    for path, problem in list(differences(stage, seen, expected)):
        if path[0] == "incidents":
            raise _Elsewhere(problem)
        key, *inside = map(str, path)
        if inside and isinstance(expected[key], dict):
            expected[key].pop(inside[0], None)
        else:
            expected.pop(key, None)
        moment.remarks.append(f"This isn't so here: {problem}.")
    for name in [name for name, value in expected.items() if value == {}]:
        del expected[name]


def _parting(way: Sequence[str], been: Sequence[str]) -> str:
    same = next((n for n, (one, other) in enumerate(zip(way, been, strict=False)) if one != other), None)
    same = min(len(way), len(been)) if same is None else same
    there, here = (f"came to `{path[same]}`" if same < len(path) else "stayed where it was" for path in (way, been))
    return f"the ticket {there}, but the scenario {here}"
