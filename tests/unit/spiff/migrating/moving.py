"""Instances that are played on one drawing, and migrated to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.spiff.definitions import Definitions
from engine.spiff.migrating import Verdict, migrate
from engine.spiff.parsing.bpmn import read_diagram
from tests.unit.spiff.drawing import MESSAGE, SANDBOX, TIMER, Play, node, xml

READ = MESSAGE.format("m")
DAY = TIMER.format("P1D")


def drawn(*processes: str) -> Definitions:
    """The definitions of another version."""
    diagram = read_diagram("p.bpmn", xml(*processes))
    assert not diagram.problems, diagram.problems
    return Definitions("other", diagram.processes, {}, "Europe/Rome")


def judge(
    play: Play, new: Definitions, mapping: Mapping[tuple[str, str], str] | None = None, now: datetime | None = None
) -> Verdict:
    """What is said of the instance as it stands."""
    return migrate(play.definitions, new, play.state or b"", mapping or {}, play.facts, now or play.now, SANDBOX)


def move(play: Play, new: Definitions, **more: Any) -> Verdict:
    """The instance goes on by the new definitions; what waits is known to it."""
    verdict = judge(play, new, **more)
    assert verdict.moved, verdict.findings
    play.definitions, play.state = new, verdict.moved.state
    return verdict


def said_of(verdict: Verdict) -> list[tuple[str, str, str]]:
    """What was found: kind, element, why."""
    return [(finding.kind, finding.element, finding.problem) for finding in verdict.findings]


def boundary(id_: str, on: str, event: str, *, interrupting: bool = True) -> str:
    """A boundary event."""
    return node("boundaryEvent", id_, event, attachedToRef=on, cancelActivity="true" if interrupting else "false")
