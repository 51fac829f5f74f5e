"""What to do about an incident, in words for who operates Iter. Doing it is the commands' business."""

from __future__ import annotations

from typing import Literal

from engine.domain.said import Said, said

#: what kind of fault an incident is
Cause = Literal[
    "diagram",  # an expression, a table or a rule of the diagram can't be applied to these values
    "state",  # what is stored of the instance can't be read
    "fault",  # Iter itself made a mistake
    "job",  # another system didn't do what an element asked for
    "text",  # a mail's text can't be written
    "mail",  # the mail server didn't take a mail
]
#: events whose step may stay undone: the token still waits, and may be moved in the ordinary way
RESUMED = frozenset({"user_task_completed", "message_received", "signal_received"})


def remedy(cause: str, element_type: str = "", event: str = "") -> list[Said]:
    """What to do, step by step. `element_type` is the BPMN type of the element that failed, `event` the kept event."""
    match cause:
        case "state":
            return _STATE
        case "fault":
            return _FAULT
        case "job":
            return _JOB
        case "text":
            return _TEXT
        case "mail":
            return _MAIL
    return [_LOOK.get(element_type, _EXPRESSION), _CHANGE if event != "timer_due" else _CHANGE_INSTANCE, _DRAW]


_LOOK = {
    "scriptTask": said("The script reads or computes something that these values don't allow."),
    "businessRuleTask": said("The decision table has no answer for these values, or can't compare them."),
    "exclusiveGateway": said("No condition holds for these values, or one of them can't be evaluated."),
    "inclusiveGateway": said("No condition holds for these values, or one of them can't be evaluated."),
    "userTask": said("Whom the task is for, or what it sets on the ticket, can't be found out from these values."),
}
_EXPRESSION = said("An expression of the element can't be evaluated with these values, or the ticket can't take them.")
_CHANGE = said("Compare the values below with what the element needs, change them, and try again.")
_CHANGE_INSTANCE = said("Compare the variables of the process with what the element needs, change them, and try again.")
_DRAW = said(
    "So that it doesn't come again, have the diagram mended and deployed. Running tickets keep the version that they "
    "started with."
)
_JOB = [
    said("Another system didn't do what the element asked of it. Its answer stands above: have it mended there."),
    said("Then try again: the attempts begin anew, with the same idempotency key."),
    said("If such an end is to be expected, draw an error boundary event on the element in the next version."),
]
_MAIL = [
    said("The mail server didn't take the mail. Where the address is wrong, change it in the account."),
    said("Where the server can't be reached, look at ITER_SMTP_URL and at the server itself."),
    said("Then try again: the mail goes to the account's present address, under the same Message-ID."),
]
_TEXT = [
    said("The text of a mail can't be written from what the ticket holds. Nobody was told anything."),
    said("The ticket keeps the version that it started with: tell the people by a note, and resolve the incident."),
    said("So that it doesn't come again, have the mail's text mended and deployed."),
]
_STATE = [
    said("What is stored of the process can't be read by this version of Iter."),
    said("If a newer Iter ran on this database before, install that one, and try again."),
    said("Otherwise restore a backup, or cancel the process and start it anew on the ticket."),
]
_FAULT = [
    said("Iter itself made a mistake here; nothing was lost. Its log says more, at the time when it failed last."),
    said("Report it. Install a version in which it is mended, and try again."),
]
