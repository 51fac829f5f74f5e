"""Events of a ticket in whole sentences: who did what, and what came of it. What happened, `engine.queries` says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import g
from jinja2 import Environment

from engine.domain.said import Said
from engine.queries.tickets.timeline import Event, Fact
from web.pages.formatting import fact as worded
from web.pages.frame import N_
from web.texts import say

#: command → what it is told as; `{who}` did it, `{what}` is what it was done to, `{other}` somebody else
HEADLINES = {
    "tickets.open": N_("{who} opened the ticket"),
    "tickets.edit": N_("{who} changed fields by hand"),
    "tickets.watch": N_("{who} watches the ticket"),
    "tickets.unwatch": N_("{who} no longer watches the ticket"),
    "tickets.migrate": N_("{who} moved the ticket to another version of its process"),
    "notes.add": N_("{who} wrote a note"),
    "attachments.attach": N_("{who} attached a file"),
    "user_tasks.claim": N_("{who} took on “{what}”"),
    "user_tasks.release": N_("{who} gave back “{what}”"),
    "user_tasks.hand_over": N_("{who} handed over “{what}”"),
    "user_tasks.complete": N_("{who} completed “{what}”"),
    "actions.act": N_("{who} chose “{what}”"),
    "timers.fire": N_("The time came: “{what}”"),
    "messages.deliver": N_("A message arrived: “{what}”"),
    "messages.publish": N_("A message arrived: “{what}”"),
    "messages.broadcast": N_("A signal went out to all"),
    "messages.expire": N_("A message came that nobody waited for"),
    "jobs.complete": N_("Done outside: “{what}”"),
    "jobs.report_error": N_("“{what}” has reported an error"),
    "jobs.fail": N_("“{what}” couldn't be done"),
    "jobs.settle": N_("The process couldn't go on"),
    "jobs.retry": N_("{who} had “{what}” tried again"),
    "mails.prepare": N_("Mail was written"),
    "mails.sent": N_("Mail was sent"),
    "mails.keep": N_("Mail was kept"),
    "mails.fail": N_("Mail couldn't be sent"),
    "mails.retry": N_("{who} had mail sent again"),
    "incidents.retry": N_("{who} tried again what had failed"),
    "incidents.resolve": N_("{who} closed an incident"),
    "instances.cancel": N_("{who} cancelled the process"),
    "instances.set_variables": N_("{who} changed values in the process"),
}
#: the same where somebody else is meant
_WITH_OTHER = {
    "tickets.watch": N_("{who} involved {other}"),
    "tickets.unwatch": N_("{who} took {other} off the ticket"),
    "user_tasks.hand_over": N_("{who} handed over “{what}” to {other}"),
}
#: the same where what it was done to has no name: the process stood still before
_WITHOUT_NAME = {
    "timers.fire": N_("The time came"),
    "jobs.complete": N_("A job was done"),
    "jobs.report_error": N_("A job has reported an error"),
    "jobs.fail": N_("A job couldn't be done"),
    "jobs.retry": N_("{who} had a job tried again"),
    "messages.deliver": N_("A message arrived"),
    "messages.publish": N_("A message arrived"),
}
_ICONS = {
    "tickets.open": "circle-plus",
    "tickets.edit": "pencil",
    "tickets.watch": "eye",
    "tickets.unwatch": "eye-off",
    "tickets.migrate": "arrow-forward-up",
    "notes.add": "message",
    "attachments.attach": "paperclip",
    "user_tasks.claim": "hand-grab",
    "user_tasks.release": "arrow-back-up",
    "user_tasks.hand_over": "arrow-forward-up",
    "user_tasks.complete": "circle-check",
    "actions.act": "bolt",
    "timers.fire": "clock",
    "messages.deliver": "mail-opened",
    "messages.publish": "mail-opened",
    "jobs.fail": "alert-triangle",
    "jobs.settle": "alert-triangle",
    "jobs.retry": "refresh",
    "mails.prepare": "mail",
    "mails.sent": "mail",
    "mails.fail": "mail-x",
    "mails.retry": "refresh",
    "incidents.retry": "refresh",
    "incidents.resolve": "check",
    "instances.cancel": "ban",
    "instances.set_variables": "edit",
}
#: icon("circle-plus") icon("pencil") icon("eye") icon("eye-off") icon("message") icon("paperclip") icon("hand-grab")
#: icon("arrow-back-up") icon("arrow-forward-up") icon("circle-check") icon("bolt") icon("clock") icon("mail-opened")
#: icon("mail") icon("mail-x") icon("refresh") icon("check") icon("ban") icon("edit") icon("point"): for the bundler
#: kind of fact → its sentence; `{what}` is its label, `{value}` its value in words
_SENTENCES = {
    "field": N_("{what}: {value}"),
    "answer": N_("{what}: {value}"),
    "opened": N_("To be done: “{what}”"),
    "completed": N_("Done: “{what}”"),
    "dropped": N_("No longer to be done: “{what}”"),
    "clock_paused": N_("Deadline “{what}”: paused"),
    "clock_due": N_("Deadline “{what}”: {value}"),
    "clock_met": N_("Deadline “{what}”: met"),
    "clock_late": N_("Deadline “{what}”: done, but late"),
    "clock_stopped": N_("Deadline “{what}”: no longer counts"),
    "mail": N_("“{what}” to {value}"),
    "mail_sent": N_("“{what}” has gone out to {value}"),
    "mail_failed": N_("“{what}” to {value} couldn't be sent"),
    "incident": N_("Incident at “{what}”: {value}"),
    "job_failed": N_("An attempt failed at “{what}”: {value}"),
    "entered": N_("Passed: “{what}”"),
    "waits": N_("“{what}” waits until {value}"),
    "file": N_("File: {what}"),
}
_ENDED = {
    "completed": N_("The process has come to its end"),
    "cancelled": N_("The process was cancelled"),
    "failed": N_("The process has failed"),
}
#: people whose names are told of a mail
MOST_NAMED = 4
#: what the subject of a mail about a ticket begins with
_NUMBER = re.compile(r"^\[[^\]]{1,40}\]\s*")
#: fields whose new value is told beside the headline
_BRIEF = ("Status", "Request type", "Category", "Department", "Assignee")


def install(environment: Environment) -> None:
    """The functions `headline`, `sentence`, `brief`, `details` and `event_icon` of templates."""
    environment.globals.update(
        headline=headline, sentence=sentence, brief=brief, details=details, event_icon=event_icon
    )


def headline(event: Event) -> str:
    """Who did what, in the reader's language; Iter itself where nobody did."""
    texts = _WITH_OTHER if event.other and event.command in _WITH_OTHER else HEADLINES
    texts = _WITHOUT_NAME if not event.label and event.command in _WITHOUT_NAME else texts
    text = texts.get(event.command, N_("{who}: {command}"))
    values = {"who": event.actor_name or "Iter", "what": event.label, "other": event.other, "command": event.command}
    return _mail(event) or say(text, g.visit.language, **values)


def _mail(event: Event) -> str:
    """Mails that were written or sent at once: their subjects without the ticket's number, and to whom."""
    mails = [fact for fact in event.facts if fact.kind in ("mail", "mail_sent")]
    if not mails or event.command not in ("mails.prepare", "mails.sent"):
        return ""
    subjects = dict.fromkeys(_NUMBER.sub("", fact.label) for fact in mails)
    people = list(dict.fromkeys(str(fact.value) for fact in mails))
    more = [f"+{len(people) - MOST_NAMED}"] if len(people) > MOST_NAMED else []
    text = N_("Mail {what} to {people}") if event.command == "mails.prepare" else N_("Mail {what} went out to {people}")
    told = ", ".join(say(N_("“{subject}”"), g.visit.language, subject=subject) for subject in subjects)
    return say(text, g.visit.language, what=told, people=", ".join([*people[:MOST_NAMED], *more]))


def sentence(fact: Fact) -> str:
    """One thing that came of it, in the reader's language."""
    language = g.visit.language
    if fact.kind == "ended":
        return say(_ENDED.get(fact.label, fact.label), language)
    label = say(fact.label, language) if isinstance(fact.label, Said) else fact.label
    if fact.kind == "field" and fact.before not in ("", fact.value):
        told = N_("{what}: {value}, before: {before}") if fact.value != "" else N_("{what}: empty, before: {before}")
        return say(told, language, what=label, value=worded(fact.value), before=worded(fact.before))
    if fact.kind == "field" and fact.value == "":
        return say(N_("{what}: empty"), language, what=label)
    return say(_SENTENCES[fact.kind], language, what=label, value=worded(fact.value))


def brief(event: Event) -> list[str]:
    """What changed about the ticket, in few words, to stand beside the headline."""
    built_in = [fact for fact in event.facts if fact.kind == "field" and isinstance(fact.label, Said)]
    return [worded(fact.value) for fact in _in_order(built_in) if fact.value]


def details(event: Event) -> list[Fact]:
    """What came of it, without what the headline tells already."""
    told = bool(_mail(event)) and len(event.facts) <= MOST_NAMED
    return [] if told else list(event.facts)


def event_icon(event: Event) -> str:
    """The name of the event's icon."""
    return _ICONS.get(event.command, "point")


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    known: dict[Any, Fact] = {str(fact.label): fact for fact in facts}
    return [known[name] for name in _BRIEF if name in known]
