"""A diagram as we understand it: processes, nodes, flows. Plain values; no XML and no SpiffWorkflow in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

NodeType = Literal[
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "task",
    "manualTask",
    "userTask",
    "scriptTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
    "subProcess",
    "callActivity",
]

ACTIVITIES = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "subProcess",
        "callActivity",
    }
)
#: that send what their event or message is about
THROWING = frozenset({"sendTask", "intermediateThrowEvent", "endEvent"})


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer as it was drawn: an ISO 8601 text, or an expression."""

    kind: Literal["date", "duration", "cycle"]
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal by its name: it reaches all who wait for it (BPMN 2.0, 10.5.1)."""

    name: str


@dataclass(frozen=True, slots=True)
class Conditional:
    """Happens when the condition becomes true; again only after it has been false (BPMN 2.0, 10.5.2)."""

    condition: str


@dataclass(frozen=True, slots=True)
class Link:
    """Two links of one name in one process are the two ends of a sequence flow (BPMN 2.0, 10.5.1)."""

    name: str


@dataclass(frozen=True, slots=True)
class Error:
    """A BPMN error; an empty code catches every error (BPMN 2.0, 10.5.1)."""

    code: str
    #: variables that a catching event gives the code and the problem to, empty for none
    code_variable: str = ""
    problem_variable: str = ""
    #: what is told of it where it is thrown, empty for the thrower's label
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Escalation:
    """A BPMN escalation; an empty code catches every one. Nobody has to catch it (BPMN 2.0, 10.5.7)."""

    code: str
    #: variable that a catching event gives the code to, empty for none
    code_variable: str = ""


@dataclass(frozen=True, slots=True)
class Terminate:
    """Ends the scope that it stands in, with all of its tokens."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """How a message is correlated: by the values that its payload holds (BPMN 2.0, 8.3.2)."""

    #: name of the correlation key: the messages of one conversation have the same
    key: str
    #: by correlation property: the expression that takes its value out of the payload
    retrieval: Mapping[str, str]
    #: by correlation property: the expression that takes it from the variables of who waits; empty: what the
    #: conversation said so far
    context: Mapping[str, str] = field(default_factory=dict)


EventDefinition = Timer | Message | Signal | Conditional | Link | Error | Escalation | Terminate
#: events that are looked for when they are thrown; the others are waited for
Thrown = Error | Escalation


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """The activity runs again while the condition holds, `maximum` times at most (0: no limit; BPMN 2.0, 10.3.8)."""

    condition: str = ""
    test_before: bool = False
    maximum: int = 0
    scripts_inside: bool = False


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """The activity runs once for each item of a list, or so many times (BPMN 2.0, 10.3.8)."""

    sequential: bool = False
    #: expression for how many; empty where a list says it
    cardinality: str = ""
    #: expression for the list, and the name that each instance has its item under
    collection: str = ""
    item: str = ""
    #: variable of each instance that is its result, and the name of the list of all results; empty for none
    result: str = ""
    results: str = ""
    #: no further instance when this holds after one; the others are cancelled
    completion: str = ""
    #: scripts before and after the activity run for each instance, not once for all of them
    scripts_inside: bool = False


@dataclass(frozen=True, slots=True)
class Locals:
    """The activity runs once, in a scope of its own in which variables have values (`camunda:inputParameter`)."""

    #: by name: text or `=expression`, in the order in which they get their values
    values: Mapping[str, str]
    scripts_inside: bool = True


Loop = StandardLoop | MultiInstance | Locals
#: what a decision's result becomes, as Camunda names it; empty: as Iter gives it
DecisionResult = Literal["", "singleEntry", "singleResult", "collectEntries", "resultList"]


@dataclass(frozen=True, slots=True)
class Mapped:
    """One line of a call activity's mapping: `source` (a name or an expression) becomes `target`; or all."""

    source: str = ""
    target: str = ""
    expression: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. One that has no id in the file gets `source->target`."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node with all that Iter reads of it (`docs/reference/extension-properties.md`)."""

    id: str
    type: NodeType
    name: str = ""
    line: int = 0
    lane: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    #: ids of flows, in the order of the file
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    #: id of the default flow, empty for none
    default: str = ""
    event: EventDefinition | None = None
    #: boundary events: the activity that they sit on
    attached_to: str = ""
    interrupting: bool = True
    script: str = ""
    #: scripts that run when it is entered, and when its work is done
    before: str = ""
    after: str = ""
    form: str = ""
    groups: tuple[str, ...] = ()
    assignee: str = ""
    #: type of the job that a service task is, empty for none
    job: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    #: variables that get values when its work is done, by their names
    results: Mapping[str, str] = field(default_factory=dict)
    decision: str = ""
    #: form in which a decision's result is wanted: a value of `DecisionResult`
    decision_result: DecisionResult = ""
    result_variable: str = ""
    #: message that a send or receive task names
    message: str = ""
    #: expression for the record that is thrown with the event
    payload: str = ""
    #: variable that gets all that comes in, empty: each key becomes a variable
    payload_variable: str = ""
    correlation: Correlation | None = None
    #: process that a call activity calls
    called: str = ""
    #: a call activity without a mapping: what the called process declares goes in and out, else everything
    hands_over: bool = False
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()
    #: how often an activity runs, and in what scope; None: once, in the scope around it
    loop: Loop | None = None
    #: an event subprocess: not reached by a flow, but started by the event of its start
    event_triggered: bool = False

    @property
    def calls(self) -> bool:
        """Whether a process with variables of its own runs inside it."""
        return self.type == "callActivity" and self.loop is None

    @property
    def message_name(self) -> str:
        """The message that it sends or waits for, empty for none."""
        return self.event.name if isinstance(self.event, Message) else self.message

    @property
    def label(self) -> str:
        """What a person calls it: its name, else its id."""
        return " ".join(self.name.split()) or self.id


@dataclass(frozen=True, slots=True)
class Process:
    """A process, or an embedded subprocess (then `parent` is the scope that it stands in)."""

    id: str
    file: str
    name: str = ""
    executable: bool = True
    parent: str = ""
    line: int = 0
    nodes: Mapping[str, Node] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)

    #: variables that it needs and gives where it is called; None where it doesn't say
    takes: tuple[str, ...] | None = None
    gives: tuple[str, ...] | None = None
    #: variables that it declares: its data objects and properties
    declared: frozenset[str] = frozenset()
    #: ids of elements that were refused by name: what leads to them is no further mistake
    refused: frozenset[str] = frozenset()
    #: what only runs inside an activity that has a loop: it isn't drawn, and its elements are those of this process
    drawn_in: str = ""

    @property
    def start(self) -> Node | None:
        """Its start event; the check sees to it that there is exactly one. What isn't drawn has one node."""
        if self.drawn_in:
            return next(iter(self.nodes.values()))
        return next((node for node in self.nodes.values() if node.type == "startEvent"), None)

    def boundaries(self, node_id: str) -> Iterator[Node]:
        """The boundary events on a node, in the order of the file."""
        return (node for node in self.nodes.values() if node.attached_to == node_id)

    @property
    def event_subprocesses(self) -> list[Node]:
        """The event subprocesses that stand in it, in the order of the file."""
        return [node for node in self.nodes.values() if node.event_triggered]


def handed_over(names: tuple[str, ...] | None) -> tuple[Mapped, ...]:
    """The mapping that a called process declares; everything where it declares nothing."""
    return (Mapped(everything=True),) if names is None else tuple(Mapped(name, name) for name in names)
