"""Small diagrams for tests, written as short as they can be said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from engine.domain.effects import Effect
from engine.domain.events import Event, Started
from engine.spiff.advancing import Step, advance
from engine.spiff.decisions import Decision
from engine.spiff.definitions import Definitions
from engine.spiff.expressions import Sandbox
from engine.spiff.parsing.bpmn import Diagram, read_diagram
from engine.spiff.state import variables

NOW = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
SANDBOX = Sandbox()

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="defs">'
    '<bpmn:message id="msg_m" name="m"/><bpmn:message id="msg_n" name="n"/><bpmn:error id="err" errorCode="E1"/>'
    '<bpmn:signal id="sig" name="alarm"/><bpmn:escalation id="esc" escalationCode="X1"/>'
)
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>{}</bpmn:timeDuration></bpmn:timerEventDefinition>"
CYCLE = "<bpmn:timerEventDefinition><bpmn:timeCycle>{}</bpmn:timeCycle></bpmn:timerEventDefinition>"
MESSAGE = '<bpmn:messageEventDefinition messageRef="msg_{}"/>'
ERROR = '<bpmn:errorEventDefinition errorRef="err"/>'
ANY_ERROR = "<bpmn:errorEventDefinition/>"
TERMINATE = "<bpmn:terminateEventDefinition/>"


def node(kind: str, id_: str, inner: str = "", properties: Mapping[str, str] | None = None, **attributes: str) -> str:
    """One flow node; `properties` become camunda properties."""
    written = "".join(f' {name.replace("__", ":")}="{value}"' for name, value in attributes.items())
    lines = "".join(f'<camunda:property name="{k}" value="{v}"/>' for k, v in (properties or {}).items())
    extensions = f"<bpmn:extensionElements><camunda:properties>{lines}</camunda:properties></bpmn:extensionElements>"
    return f'<bpmn:{kind} id="{id_}" name="{id_}"{written}>{extensions if properties else ""}{inner}</bpmn:{kind}>'


def flow(source: str, target: str, condition: str = "") -> str:
    """A sequence flow without an id of its own."""
    inner = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    return f'<bpmn:sequenceFlow sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def path(*ids: str) -> str:
    """Flows through all of the elements."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def process(*parts: str, id_: str = "p") -> str:
    """A process with a start `s` and an end `e`; in one that isn't `p` they are called `<id>_s` and `<id>_e`."""
    mark = "" if id_ == "p" else f"{id_}_"
    return (
        f'<bpmn:process id="{id_}" isExecutable="true">'
        + node("startEvent", f"{mark}s")
        + node("endEvent", f"{mark}e")
        + "".join(parts)
        + "</bpmn:process>"
    )


def xml(*processes: str) -> bytes:
    """A file with these processes."""
    return (_HEAD + "".join(processes) + "</bpmn:definitions>").encode()


@lru_cache(maxsize=1)
def read_once(path: str, content: bytes) -> Diagram:
    """The same is often played twice in a row, to be compared."""
    return read_diagram(path, content)


class Play:
    """An instance in memory: events go in, what waits can be asked for by its element."""

    def __init__(
        self,
        *processes: str,
        variables: Mapping[str, Any] | None = None,
        ticket: Mapping[str, Any] | None = None,
        decisions: Mapping[str, Decision] | None = None,
        now: datetime = NOW,
    ) -> None:
        diagram = read_once("p.bpmn", xml(*processes))
        assert not diagram.problems, diagram.problems
        self.definitions = Definitions("h", diagram.processes, decisions or {}, "Europe/Rome")
        self.facts = {"ticket": dict(ticket or {})}
        self.now = now
        self.effects: list[Effect] = []
        self.state: bytes | None = None
        self.ended = False
        self.waiting: dict[tuple[str, str], int] = {}
        self.send(Started("i", "p", "7", variables or {}))

    def send(self, event: Event) -> Step:
        """One step; keeps its state and effects."""
        step = advance(self.definitions, self.state, event, self.facts, self.now, SANDBOX)
        self.state, self.ended = step.state, step.ended
        self.effects += step.effects
        for effect in step.effects:
            kind = {"user_task_opened": "user", "timer_set": "timer", "subscription_opened": "message"}.get(effect.kind)
            kind = "job" if effect.kind == "job_created" else kind
            if kind:
                self.waiting[kind, effect.element] = effect.token
            gone = {"user_task_closed": "user", "timer_cancelled": "timer", "subscription_closed": "message"}
            gone["job_cancelled"] = "job"
            if (what := gone.get(effect.kind)) and self.waiting.get((what, effect.element)) == effect.token:
                del self.waiting[what, effect.element]
        return step

    def token(self, kind: str, element: str) -> int:
        """The token that waits there."""
        return self.waiting[kind, element]

    @property
    def open(self) -> set[str]:
        """What waits, as `kind:element`."""
        return {f"{kind}:{element}" for kind, element in self.waiting}

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the instance's own scope."""
        return variables(self.state or b"")[0]

    @property
    def path(self) -> list[str]:
        """The elements in the order in which they were entered."""
        return [effect.element for effect in self.effects if effect.kind == "element_entered"]

    def of(self, kind: str) -> list[Any]:
        """All effects of a kind."""
        return [effect for effect in self.effects if effect.kind == kind]
