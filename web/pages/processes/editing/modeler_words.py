"""What the modeler says: the properties of elements in the owner's language, and the templates that it offers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from web.pages.frame import N_
from web.pages.visiting import Visit

#: shipped with Iter: the same that the Camunda Modeler reads
TEMPLATES = Path(__file__).parents[4] / "workflows" / "element-templates"

_GROUPS = {
    "iter-who": N_("Who does it, and how"),
    "iter-call": N_("Called process"),
    "iter-decision": N_("Decision"),
    "iter-job": N_("Job"),
    "iter-ticket": N_("Ticket"),
    "iter-clocks": N_("Service levels"),
    "iter-mail": N_("Mail on entering"),
}
#: property → what it is called, and what to write there
_PROPERTIES = {
    "form": (N_("Form"), ""),
    "groups": (N_("Groups"), N_("Who may take it, separated by commas. Empty: those of the lane.")),
    "assignee": (N_("Assigned to"), N_("For example =ticket.assignee")),
    "goal": (N_("Deadline shown in the inbox"), ""),
    "calledElement": (N_("Process"), ""),
    "decision": (N_("Decision"), ""),
    "resultVariable": (N_("Variable for the result"), N_("Empty: each output becomes a variable.")),
    "job": (N_("Kind of job"), N_("Its parameters stand under Inputs.")),
    "status": (N_("Status from here on"), ""),
    "requestType": (N_("Request type from here on"), ""),
    "step": (N_("Step that the customer sees"), ""),
    "correlationKey": (N_("Whom the message is for"), N_("Empty: the ticket.")),
    "note": (N_("Note on leaving"), N_("A text, or = and an expression. Everybody sees it.")),
    "noteExpects": (N_("The note expects an answer from"), ""),
    "clockStart": (N_("Clocks that start"), N_("Goals, separated by spaces.")),
    "clockMeet": (N_("Clocks that are met"), N_("What was promised is done.")),
    "clockStop": (N_("Clocks that stop"), N_("The promise no longer holds.")),
    "mail": (N_("Mail text"), ""),
    "mailTo": (N_("To whom"), N_("involved, staff, requester, assignee or group:<group>. Empty: involved.")),
}
_PICKS = {
    "expects": {"customer": N_("the customer"), "staff": N_("us"), "nobody": N_("nobody")},
    "job": {"webhook": N_("Call another system (webhook)")},
}


def words(visit: Visit) -> dict[str, Any]:
    """All of it, for the script."""
    say = visit.say
    return {
        "groups": {key: say(text) for key, text in _GROUPS.items()},
        "properties": {
            key: {"label": say(label), "hint": say(hint) if hint else ""} for key, (label, hint) in _PROPERTIES.items()
        },
        "picks": {
            of: [{"value": value, "name": say(name)} for value, name in some.items()] for of, some in _PICKS.items()
        },
        "nothing": say("(nothing)"),
        "suggestions": say("Suggestions"),
        "templates": [_in_language(template, visit.language) for template in _templates()],
    }


@cache
def _templates() -> list[dict[str, Any]]:
    return [json.loads(path.read_bytes()) for path in sorted(TEMPLATES.glob("*.json"))]


def _in_language(value: Any, language: str) -> Any:
    """The templates' texts are in two languages: `Modulo · Form`."""
    if isinstance(value, dict):
        return {key: _in_language(part, language) for key, part in value.items()}
    if isinstance(value, list):
        return [_in_language(part, language) for part in value]
    if isinstance(value, str) and value.count(" · ") == 1:
        return value.split(" · ")[0 if language == "it" else 1]
    return value
