"""What SpiffWorkflow does wrong, as measured (the design's tables of facts): here it runs right, or is refused by name.

One test per row, in the order of the tables, in a module for each of them. This one has what they share: a checked
start, a refusal, short names for events. Rows that are proved elsewhere:

- compaction loses nothing: `token_game`; a late turn costs what an early one did, endless calls: `test_never_wears_out`
- all places where code may stand, what sandboxes let through: `hostile`, `test_expressions`
- nothing stored is evaluated: `corrupted`; every format that there was is read: `test_state`
- event subprocesses inside one another, who catches an error first: `test_handlers`
- a message that comes before its catch, signals to other instances: `tests/integration/messages`
- upgrading a reading transaction on SQLite: `tests/integration/steps/test_racing`; a step against a bare transaction:
  the benchmark; migration between versions isn't made
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from engine.domain.effects import At
from engine.domain.events import (
    UserTaskCompleted,
)
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import (
    NOW,
    Play,
    node,
    process,
    xml,
)

SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
DATE = "<bpmn:timerEventDefinition><bpmn:timeDate>{}</bpmn:timeDate></bpmn:timerEventDefinition>"


def run(*drawn: str, **more: Any) -> Play:
    """Started, after the check found nothing."""
    assert check_diagram("p.bpmn", xml(*drawn)) == []
    return Play(*drawn, **more)


def refuse(said: str, element: str, *drawn: str) -> None:
    """The check names the element and says what to do."""
    problems = check_diagram("p.bpmn", xml(process(*drawn)))
    assert any(p.element == element and said in p.problem and p.remedy for p in problems), problems


def condition(text: str) -> str:
    return f"<bpmn:conditionalEventDefinition><bpmn:condition>{text}</bpmn:condition></bpmn:conditionalEventDefinition>"


def done(play: Play, element: str, **data: object) -> None:
    play.send(UserTaskCompleted(play.token("user", element), data))


def boundary(id_: str, on: str, event: str, *, interrupting: bool = True) -> str:
    return node("boundaryEvent", id_, event, attachedToRef=on, cancelActivity="true" if interrupting else "false")


def timers(play: Play) -> list[timedelta]:
    """How long after the start each timer that was set is due."""
    return [e.due.instant - NOW for e in play.of("timer_set") if isinstance(e.due, At)]
