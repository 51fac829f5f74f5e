"""What kinds of files and elements are called."""

from __future__ import annotations

from collections.abc import Iterable

from flask import g

from engine.domain.packages import Package
from web.pages.frame import N_
from web.pages.rendering import label

#: by what a file is, in the order in which they are shown
FILES = {
    "decision": N_("Decision tables"),
    "form": N_("Forms"),
    "mail": N_("Mail texts"),
    "package": N_("What the package says"),
    "translation": N_("Translations"),
    "scenario": N_("Scenarios"),
    "demonstration": N_("Demonstration"),
    "text": N_("Notes"),
}
#: the same with diagrams, for drafts
ALL_FILES = {"diagram": N_("Diagrams"), **FILES}
#: what a new file is, and what a draft does to one
NEW_FILES = {
    "diagram": N_("Diagram"), "form": N_("Form"), "decision": N_("Decision table"), "mail": N_("Mail text"),
    "scenario": N_("Scenario"),
}  # fmt: skip
#: what would become of a ticket that is moved to another version
VERDICTS = {"safe": N_("moves as it is"), "choice": N_("needs a choice"), "impossible": N_("can't be moved")}
CHANGES = {"added": N_("new"), "changed": N_("changed"), "removed": N_("removed"), "moved": N_("moved")}
#: BPMN's elements
ELEMENTS = {
    "startEvent": N_("Start event"),
    "endEvent": N_("End event"),
    "intermediateCatchEvent": N_("Waiting event"),
    "intermediateThrowEvent": N_("Throwing event"),
    "boundaryEvent": N_("Boundary event"),
    "userTask": N_("User task"),
    "manualTask": N_("Manual task"),
    "task": N_("Task"),
    "scriptTask": N_("Script"),
    "serviceTask": N_("Job"),
    "sendTask": N_("Sending"),
    "receiveTask": N_("Receiving"),
    "businessRuleTask": N_("Decision"),
    "callActivity": N_("Called process"),
    "subProcess": N_("Subprocess"),
    "exclusiveGateway": N_("Exclusive gateway"),
    "inclusiveGateway": N_("Inclusive gateway"),
    "parallelGateway": N_("Parallel gateway"),
    "eventBasedGateway": N_("Event gateway"),
}
#: hit policies of decision tables
HIT_POLICIES = {
    "U": N_("One rule at most matches."),
    "A": N_("All rules that match say the same."),
    "P": N_("Of the rules that match, the answer that counts most."),
    "F": N_("The first rule that matches."),
    "R": N_("All rules that match, in their order."),
    "O": N_("All rules that match, what counts most first."),
    "C": N_("All rules that match."),
}
AGGREGATIONS = {"+": N_("The sum of all rules that match."), "<": N_("The least of all rules that match."),
                ">": N_("The greatest of all rules that match."), "#": N_("How many rules match.")}  # fmt: skip
SOURCES = {"folder": N_("from a folder"), "api": N_("by the API"), "browser": N_("here")}
#: whoever is something to the ticket, and what a role is of
_GROUPS = {"requester": N_("who asked"), "assignee": N_("who is assigned")}
_OF = {"department": N_("of the ticket's department"), "company": N_("of the ticket's company")}


def groups_label(package: Package, groups: Iterable[str]) -> str:
    """What the groups of a user task are called, one behind the other."""
    return ", ".join(_group_label(package, group) for group in groups)


def _group_label(package: Package, group: str) -> str:
    """What a group of user tasks is called: `agent@department` → "Agent of the ticket's department"."""
    role, at, of = group.partition("@")
    if role in _GROUPS:
        return str(g.visit.say(_GROUPS[role]))
    known = label(package.roles[role].label, package.language) if role in package.roles else role
    if not at:
        return known
    department = package.departments.get(of)
    told = g.visit.say(_OF[of]) if of in _OF else label(department.label, package.language) if department else of
    return f"{known} ({told})"
