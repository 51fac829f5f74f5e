"""What events are about: times, messages, signals, conditions, links, errors, escalations; and where each may stand."""

from __future__ import annotations

from typing import Any

from engine.domain.said import said
from engine.spiff.model import (
    Conditional,
    Error,
    Escalation,
    EventDefinition,
    Link,
    Message,
    Signal,
    Terminate,
    Timer,
)
from engine.spiff.parsing.dialects import BPMN, CAMUNDA
from engine.spiff.parsing.extensions import CARRIED, Extensions, read_extensions, refuse_extensions
from engine.spiff.parsing.refused import REFUSED_EVENTS
from engine.spiff.parsing.reporting import Findings
from engine.spiff.parsing.xml import Element, local

#: which event definitions may stand where (BPMN 2.0, table 10.93); None: an event without one
PLACES: dict[str, tuple[type[Any] | None, ...]] = {
    "startEvent": (None,),
    "endEvent": (None, Message, Signal, Error, Escalation, Terminate),
    "intermediateCatchEvent": (Message, Timer, Signal, Conditional, Link),
    "intermediateThrowEvent": (None, Message, Signal, Escalation, Link),
    "boundaryEvent": (Message, Timer, Signal, Conditional, Error, Escalation),
}
#: what is declared at the root of a file and referred to by `<kind>Ref`
_REFERENCES = ("message", "signal", "error", "escalation")
#: the start of an event subprocess
_TRIGGERS = PLACES["boundaryEvent"]


class Events:
    """Reads the event definitions of one file; keeps what is declared at its root."""

    def __init__(self, root: Element, findings: Findings) -> None:
        self.findings = findings
        self.messages = _declared(root, "message", "name")
        self.signals = _declared(root, "signal", "name")
        self.errors = _declared(root, "error", "errorCode")
        self.escalations = _declared(root, "escalation", "escalationCode")
        self.carried = {
            e.get("id", ""): self._carried(e) for kind in _REFERENCES for e in root.findall(f"{{{BPMN}}}{kind}")
        }
        self.problems = {
            e.get("id", ""): e.get(f"{{{CAMUNDA}}}errorMessage", "") for e in root.findall(f"{{{BPMN}}}error")
        }

    def read(self, element: Element, node_type: str, *, starts_handler: bool = False) -> EventDefinition | None:
        """What an event is about, None for nothing. `starts_handler`: it is the start of an event subprocess."""
        definitions = definitions_of(element)
        if len(definitions) > 1:
            self.findings.refuse(element, said("several event definitions"), said("Draw one event each."))
        event: EventDefinition | None = None
        for child in definitions:
            if local(child) in REFUSED_EVENTS:
                self.findings.refuse(child, *REFUSED_EVENTS[local(child)], holder=element)
                return None
            event = self._definition(element, child)
        allowed = _TRIGGERS if starts_handler else PLACES[node_type]
        if not any(event is None if kind is None else isinstance(event, kind) for kind in allowed):
            what = said("without a trigger") if event is None else said("with a {local}", local=local(definitions[0]))
            self.findings.refuse(
                element,
                said("a {node_type} {what}", node_type=node_type, what=what),
                said("Choose another kind of event for this place."),
            )
        return event

    def _carried(self, declared: Element) -> Extensions:
        """What is said of the payload where a message, signal, error or escalation is declared."""
        read = CARRIED | {"errorMessage"}
        self.findings.problems.extend(refuse_extensions(self.findings.path, declared, declared, read))
        return read_extensions(self.findings.path, declared)[0]

    def reference(self, element: Element) -> str:
        """The id of the message, signal, error or escalation that a task or an event refers to; empty for none."""
        parts = (element, *definitions_of(element))
        return next(
            (part.get(f"{kind}Ref", "") for part in parts for kind in _REFERENCES if part.get(f"{kind}Ref")), ""
        )

    def message_name(self, element: Element, holder: Element | None = None) -> str:
        """The message that an element refers to; an event (with a `holder`) has to."""
        return self._named(element, "messageRef", self.messages, holder)

    def _definition(self, element: Element, child: Element) -> EventDefinition | None:
        match local(child):
            case "timerEventDefinition":
                return self._timer(element, child)
            case "messageEventDefinition":
                return Message(self.message_name(child, element))
            case "signalEventDefinition":
                return Signal(self._named(child, "signalRef", self.signals, element))
            case "conditionalEventDefinition":
                return self._conditional(element, child)
            case "linkEventDefinition":
                return self._link(element, child)
            case "errorEventDefinition":
                return self._error(element, child)
            case "escalationEventDefinition":
                return self._escalation(element, child)
            case "terminateEventDefinition":
                return Terminate()
        self.findings.refuse(
            child, said("a {local}", local=local(child)), said("Choose another kind of event."), holder=element
        )
        return None

    def _timer(self, element: Element, child: Element) -> Timer | None:
        parts = [(p, k) for k in ("date", "duration", "cycle") for p in child.findall(f"{{{BPMN}}}time{k.title()}")]
        if len(parts) != 1 or not (parts[0][0].text or "").strip():
            self.findings.tell(
                element, said("The timer names no time."), said("Give it a date, a duration or a cycle (PT1H).")
            )
            return None
        part, kind = parts[0]
        return Timer(kind, (part.text or "").strip())  # type: ignore[arg-type]

    def _conditional(self, element: Element, child: Element) -> Conditional | None:
        condition = child.find(f"{{{BPMN}}}condition")
        text = "" if condition is None else (condition.text or "").strip()
        if condition is None or not text:
            self.findings.tell(
                element, said("The conditional event has no condition."), said("Write when it happens: amount > 100.")
            )
            return None
        self.findings.refuse_language(condition, element)
        if child.get(f"{{{CAMUNDA}}}variableName") or child.get(f"{{{CAMUNDA}}}variableEvents"):
            self.findings.refuse(
                element,
                said("a condition that is asked for some variables only"),
                said("Remove the variable: the condition is asked whenever a value that it reads has changed."),
            )
        return Conditional(text)

    def _link(self, element: Element, child: Element) -> Link | None:
        name = " ".join(child.get("name", "").split())
        if not name:
            self.findings.tell(element, said("The link has no name."), said("Give both of its ends the same name."))
            return None
        return Link(name)

    def _error(self, element: Element, child: Element) -> Error:
        reference = child.get("errorRef", "")
        if reference and reference not in self.errors:
            self.findings.tell(
                element, said("The error '{reference}' doesn't exist.", reference=reference), said("Choose one.")
            )
        if local(element) == "endEvent" and not self.errors.get(reference):
            self.findings.tell(
                element, said("The error end event names no error code."), said("Choose an error that has a code.")
            )
        code, told = (child.get(f"{{{CAMUNDA}}}error{part}Variable", "") for part in ("Code", "Message"))
        problem = self.problems.get(reference, "")
        if "${" in problem or "#{" in problem:
            self.findings.refuse(
                element,
                said("the text '{problem}', which is computed", problem=problem[:80]),
                said("Give the error a text that is always so."),
            )
        return Error(self.errors.get(reference) or "", code, told, problem)

    def _escalation(self, element: Element, child: Element) -> Escalation:
        reference = child.get("escalationRef", "")
        if reference and reference not in self.escalations:
            told = said("The escalation '{reference}' doesn't exist.", reference=reference)
            self.findings.tell(element, told, said("Choose one."))
        thrown = local(element) in ("endEvent", "intermediateThrowEvent")
        if thrown and not self.escalations.get(reference):
            self.findings.tell(
                element,
                said("The event names no escalation code."),
                said("Choose an escalation that has a code."),
            )
        return Escalation(self.escalations.get(reference) or "", child.get(f"{{{CAMUNDA}}}escalationCodeVariable", ""))

    def _named(self, element: Element, attribute: str, declared: dict[str, str], holder: Element | None) -> str:
        """The name of the message or signal that is referred to."""
        reference, message = element.get(attribute, ""), attribute == "messageRef"
        if not reference:
            if holder is not None:
                told = said("The event names no message.") if message else said("The event names no signal.")
                remedy = said("Choose a message, or create one.") if message else said("Choose a signal.")
                self.findings.tell(holder, told, remedy)
            return ""
        name = declared.get(reference) or ""
        at = element if holder is None else holder
        if not name:
            told = (
                said("The message '{reference}' doesn't exist.", reference=reference)
                if message
                else said("The signal '{reference}' doesn't exist.", reference=reference)
            )
            self.findings.tell(at, told, said("Choose one."))
        elif "${" in name or "#{" in name:
            self.findings.refuse(
                at, said("the name '{name}', which is computed", name=name), said("Give it a name that is always so.")
            )
        return name


def definitions_of(element: Element) -> list[Element]:
    """The event definitions inside an event."""
    return [child for child in element if local(child).endswith("EventDefinition")]


def _declared(root: Element, kind: str, attribute: str) -> dict[str, str]:
    """What a file declares at its root, by id."""
    return {e.get("id", ""): e.get(attribute, "") for e in root.findall(f"{{{BPMN}}}{kind}")}
