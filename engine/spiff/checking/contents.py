"""Whether an element says what its kind needs, and nothing that its kind doesn't do: it would be passed over unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.checking.problems import at
from engine.spiff.expressions import ExpressionFailed, names_used
from engine.spiff.model import (
    ACTIVITIES,
    THROWING,
    Error,
    Escalation,
    Locals,
    Message,
    MultiInstance,
    Node,
    Process,
    Signal,
)

_NO_USER_TASK = said("Only user tasks take this. Move it to one, or remove it.")
_NO_JOB = said("Make it a service or send task, or remove what belongs to the job.")
_SCRIPT = said("Draw it as a script task before or behind.")
_GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
_NO_MESSAGE = said("Only what sends or awaits a message takes this. Remove it.")


def check_contents(process: Process) -> Iterator[Problem]:
    """What is missing and what is too much, element by element."""
    for node in process.nodes.values():
        yield from _missing(process, node)
        own = node.loop.values.keys() if isinstance(node.loop, Locals) else set()
        for name in sorted((_names_read(node.results) & node.parameters.keys()) | (node.results.keys() & own)):
            told = said("An output parameter reads or sets '{name}', which is an input parameter too.", name=name)
            yield at(process, node, told, said("Give the input parameter another name."))
        if node.before and _listens_beside(process, node):
            told = said(
                "A script before '{label}' would run too late: something else waits beside it.", label=node.label
            )
            yield at(process, node, told, said("Draw it as a script task before."))
        for what, remedy in _surplus(node):
            yield at(process, node, said("Iter doesn't run {what} on '{label}'.", what=what, label=node.label), remedy)


def _names_read(values: Mapping[str, str]) -> set[str]:
    """The names that expressions read; of those that can't be read, none (their own check tells)."""
    found: set[str] = set()
    for text in values.values():
        if text.startswith("="):
            with suppress(ExpressionFailed):
                found |= names_used(text[1:])
    return found


def _listens_beside(process: Process, node: Node) -> bool:
    """Whether it is waited for before a token comes to it: at a boundary, behind an event gateway."""
    sources = (process.nodes.get(process.flows[flow].source) for flow in node.incoming)
    return bool(node.attached_to) or any(source and source.type == "eventBasedGateway" for source in sources)


def _missing(process: Process, node: Node) -> Iterator[Problem]:
    match node.type:
        case "scriptTask" if not node.script.strip():
            yield at(process, node, said("The script is empty."), said("Write it, or make it a task without a type."))
        case "receiveTask" if not node.message:
            yield at(process, node, said("It names no message."), said("Choose the message that it waits for."))
        case "serviceTask" if not node.job and not node.properties:
            yield at(
                process, node, said("It names no job."), said("Give it a topic (external task) or the property job.")
            )
        case "sendTask" if not node.job and not node.message and not node.properties:
            yield at(
                process,
                node,
                said("It sends nothing."),
                said("Choose a message, a topic, or give it the property mail."),
            )


def _surplus(node: Node) -> Iterator[tuple[str, str]]:
    """What the element says and its kind doesn't do, with the remedy."""
    message = bool(node.message) or isinstance(node.event, Message)
    runs_once = node.type in ACTIVITIES and (node.loop is None or isinstance(node.loop, Locals))
    several = isinstance(node.loop, MultiInstance)
    throws = message and node.type in THROWING
    signals = isinstance(node.event, Signal) and node.type in ("intermediateThrowEvent", "endEvent")
    does_jobs = node.type in ("serviceTask", "sendTask") or (
        node.type in ("intermediateThrowEvent", "endEvent") and (node.event is None or throws)
    )
    data = next((name for name in node.properties if name.startswith("data.")), "")
    user_task, decides = node.type == "userTask", node.type == "businessRuleTask"
    carries = message or isinstance(node.event, Signal | Error | Escalation)
    sends = carries and node.type in THROWING
    gets = (carries and not sends) or user_task
    mapped = node.type == "callActivity" or (signals and not node.outputs)
    scripts = node.type not in _GATEWAYS
    found = (
        (bool(node.payload), sends, said("a payload"), _NO_MESSAGE),
        (bool(node.payload_variable), gets, said("a payload variable"), _NO_MESSAGE),
        (bool(node.before or node.after), scripts, said("a script beside it"), _SCRIPT),
        (bool(node.form), user_task, said("a form"), _NO_USER_TASK),
        (bool(node.groups), user_task, said("candidate groups"), _NO_USER_TASK),
        (bool(node.assignee), user_task, said("an assignee"), _NO_USER_TASK),
        ("goal" in node.properties, user_task, said("the property goal"), _NO_USER_TASK),
        (bool(node.job), does_jobs, said("the job '{job}'", job=node.job), _NO_JOB),
        (bool(node.parameters), does_jobs and bool(node.job), said("input parameters"), _NO_JOB),
        (bool(node.results), runs_once, said("output parameters"), _SCRIPT),
        (bool(node.result_variable), decides or (does_jobs and bool(node.job)), said("a result variable"), _NO_JOB),
        (bool(node.decision), decides, said("a decision"), said("Make it a business rule task.")),
        (bool(node.decision_result), decides, said("a decision"), said("Make it a business rule task.")),
        (
            bool(node.inputs or node.outputs),
            mapped,
            said("a mapping"),
            said("Make it a call activity."),
        ),
        ("correlationKey" in node.properties, message, said("the property correlationKey"), _NO_MESSAGE),
        (
            bool({"outputCollection", "outputElement"} & node.properties.keys()),
            several,
            said("a list of results"),
            said("Make it an activity with several instances, or remove it."),
        ),
        (bool(data), throws or signals, said("the property {data}", data=data), _NO_MESSAGE),
    )
    return ((what, remedy) for says, fits, what, remedy in found if says and not fits)
