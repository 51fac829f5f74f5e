"""Whether everything that an element names exists in its package: forms, decisions, statuses, goals, mails, …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.domain.errors import Problem
from engine.domain.forms import Form
from engine.domain.package_files.references import group_problem
from engine.domain.packages import Package
from engine.domain.policies import Policy
from engine.domain.said import Said, said
from engine.spiff.checking.problems import at
from engine.spiff.decisions import Decision
from engine.spiff.model import Node, Process

#: built-in ticket fields that a diagram may set
SETTABLE = frozenset({"subject", "status", "request_type", "category", "department", "assignee"})
#: what a diagram may say in properties; `set.` and `data.` are prefixes
KNOWN_PROPERTIES = frozenset(
    {
        "status",
        "requestType",
        "step",
        "clockStart",
        "clockMeet",
        "clockStop",
        "mail",
        "mailTo",
        "note",
        "noteExpects",
        "outputCollection",
        "outputElement",
        "goal",
        "correlationKey",
    }
)
_EXPECTED = frozenset({"staff", "customer", "nobody"})
_RECIPIENTS = frozenset({"involved", "staff", "requester", "assignee"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a package has beside its diagrams."""

    package: Package
    processes: Mapping[str, Process]
    decisions: Mapping[str, Decision]
    forms: Mapping[str, Form]
    #: names of all form files, of those too that have problems of their own
    form_names: frozenset[str]
    mails: frozenset[str]
    policy: Policy | None
    #: types of jobs that somebody does
    jobs: frozenset[str]
    #: the variables that scenarios start processes with, by process
    started_with: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def goals(self) -> frozenset[str]:
        """The goals that the policy knows."""
        return frozenset(row.goal for row in self.policy.rows) if self.policy else frozenset()


def check_references(process: Process, around: Surroundings) -> Iterator[Problem]:
    """The names in one process that lead nowhere."""
    for node in process.nodes.values():
        yield from _properties(process, node, around)
        yield from _activity(process, node, around)
        yield from _groups(process, node, around)


def _groups(process: Process, node: Node, around: Surroundings) -> Iterator[Problem]:
    """Groups that don't exist, and lanes of user tasks for which the package names none."""
    recipient = node.properties.get("mailTo", "")
    mailed = [recipient.removeprefix("group:")] if recipient.startswith("group:") else []
    for group in (*node.groups, *mailed):
        if problem := group_problem(group, around.package):
            yield at(process, node, said("The group '{group}' {problem}", group=group, problem=problem[0]), problem[1])
    lane = _lane(process, node, around)
    if node.type == "userTask" and not node.groups and lane and lane not in around.package.lanes:
        yield at(
            process,
            node,
            said("package.toml says of no group that it works in the lane '{lane}'.", lane=lane),
            said("Add the lane under [lanes], or name groups at the user task."),
        )


def _lane(process: Process, node: Node, around: Surroundings) -> str:
    """The lane that a node stands in; lanes inherit into embedded subprocesses."""
    while not node.lane and process.parent and process.parent in around.processes:
        host = next((key for key in around.processes[process.parent].nodes if key == process.id), None)
        process = around.processes[process.parent]
        if host is None:
            break
        node = process.nodes[host]
    return node.lane


def _properties(process: Process, node: Node, around: Surroundings) -> Iterator[Problem]:
    package = around.package
    kinds: dict[str, tuple[str, frozenset[str]]] = {
        "status": (said("status"), frozenset(package.statuses)),
        "requestType": (said("request type"), frozenset(package.request_types)),
        "step": (said("step"), frozenset(step.key for step in package.steps)),
        "mail": (said("mail text"), around.mails),
    }
    goals = (said("goal"), around.goals)
    kinds |= {"goal": goals, "clockStart": goals, "clockMeet": goals, "clockStop": goals}
    for name, value in node.properties.items():
        if name in kinds:
            what, known = kinds[name]
            many = name.startswith("clock")
            for part in value.split() if many else [value]:
                if part and not (part.startswith("=") and not many) and part not in known:
                    yield _missing(process, node, said("{what} '{part}'", what=what, part=part), known)
        elif name.startswith("set."):
            yield from _setting(process, node, name.removeprefix("set."), package)
        elif name not in KNOWN_PROPERTIES and not name.startswith("data."):
            yield at(
                process,
                node,
                said("Iter doesn't know the property '{name}'.", name=name),
                said("Known: {names}.", names=sorted(KNOWN_PROPERTIES)),
            )
    expects = node.properties.get("noteExpects", "nobody")
    if expects not in _EXPECTED:
        yield _missing(
            process, node, said("party '{expects}' that a note could expect an answer from", expects=expects), _EXPECTED
        )
    recipient = node.properties.get("mailTo", "")
    if recipient and recipient not in _RECIPIENTS and not recipient.startswith(("group:", "=")):
        yield _missing(process, node, said("recipient '{recipient}'", recipient=recipient), _RECIPIENTS)
    if recipient and not node.properties.get("mail"):
        told = said("It has a recipient, but names no mail text.")
        yield at(process, node, told, said("Choose the mail text, or remove the recipient."))


def _setting(process: Process, node: Node, field: str, package: Package) -> Iterator[Problem]:
    if field not in SETTABLE and field not in package.fields:
        yield _missing(process, node, said("ticket field '{field}'", field=field), SETTABLE | frozenset(package.fields))


def _activity(process: Process, node: Node, around: Surroundings) -> Iterator[Problem]:
    match node.type:
        case "userTask":
            yield from _form(process, node, around)
        case "businessRuleTask":
            yield from _decision(process, node, around)
        case "callActivity":
            yield from _called(process, node, around)
    if node.job and node.job not in around.jobs:
        yield _missing(process, node, said("job type '{job}'", job=node.job), around.jobs)


def _decision(process: Process, node: Node, around: Surroundings) -> Iterator[Problem]:
    if not node.decision:
        yield at(process, node, said("It names no decision."), said("Choose a decision of the package (decisionRef)."))
    elif node.decision not in around.decisions:
        yield _missing(
            process, node, said("decision '{decision}'", decision=node.decision), frozenset(around.decisions)
        )
    elif (
        around.decisions[node.decision].collects
        and len(around.decisions[node.decision].outputs) > 1
        and not node.result_variable
    ):
        yield at(
            process, node, said("Its decision collects rows of several outputs."), said("Give it a result variable.")
        )


def _called(process: Process, node: Node, around: Surroundings) -> Iterator[Problem]:
    if not node.called:
        yield at(process, node, said("It names no process."), said("Choose the process that it calls."))
        return
    called = around.processes.get(node.called)
    if called is None or called.parent:
        known = frozenset(p.id for p in around.processes.values() if not p.parent)
        yield _missing(process, node, said("process '{called}'", called=node.called), known)


def _form(process: Process, node: Node, around: Surroundings) -> Iterator[Problem]:
    if node.form and node.form not in around.form_names:
        yield _missing(process, node, said("form '{form}'", form=node.form), around.form_names)


def _missing(process: Process, node: Node, what: Said, known: frozenset[str]) -> Problem:
    listed = ", ".join(sorted(known)[:12]) or said("none yet")
    return at(
        process,
        node,
        said("There is no {what}.", what=what),
        said("Choose one that exists ({listed}), or add it to the package.", listed=listed),
    )
