"""What a scenario says must be so, compared with the world: each difference in words, with its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.said import Said, said
from engine.domain.time.durations import parse_instant
from engine.spiff.scenarios.plain_yaml import Path
from engine.spiff.scenarios.steps import Stage, not_open, offered
from engine.spiff.scenarios.waiting import OpenTask, Sent

Difference = tuple[Path, Said]
#: of what a list or a ticket has nothing
_NONE = said("none")


@dataclass
class Seen:
    """How far `mails`, `notes`, `path` and incidents were looked at."""

    mails: int = 0
    path: int = 0
    notes: int = 0
    incidents: int = 0


def differences(stage: Stage, seen: Seen, expected: Mapping[str, Any]) -> Iterator[Difference]:
    """What differs; empty where all is as expected. Raises `Invalid` for an instant that doesn't exist."""
    for key, value in expected.items():
        if key in _COMPARISONS:
            yield from (((key, *path), problem) for path, problem in _COMPARISONS[key](stage, value))
    yield from _sent(stage, seen, expected)
    yield from _written(stage, seen, expected)
    yield from _passed(stage, seen, expected)
    yield from _stuck(stage, seen, expected)


def _status(stage: Stage, value: str) -> Iterator[Difference]:
    actual = stage.world.case.ticket["status"]
    if actual != value:
        yield (), said("expected the status `{wanted}`, but it is `{actual}`", wanted=value, actual=actual)


def _request_type(stage: Stage, value: str) -> Iterator[Difference]:
    actual = stage.world.case.ticket["request_type"]
    if actual != value:
        yield (), said("expected the request type `{wanted}`, but it is `{actual}`", wanted=value, actual=actual)


def _fields(stage: Stage, value: Mapping[str, Any]) -> Iterator[Difference]:
    ticket = stage.world.case.ticket
    for name, wanted in value.items():
        if name not in ticket:
            yield (name,), said("there is no ticket field `{name}`", name=name)
            continue
        actual = ticket[name]
        if isinstance(actual, datetime):
            wanted = parse_instant(wanted, stage.zone)
        if _emptied(actual) != _emptied(stage.people.id_of(wanted) if name in ("assignee", "requester") else wanted):
            told = said("expected the ticket's {name} to be {wanted}, but it is {actual}",
                        name=name, wanted=_told(wanted), actual=_told(actual))  # fmt: skip
            yield (name,), told


def _emptied(value: Any) -> Any:
    """A field that holds nothing is null or "", as its kind is; a scenario may write either."""
    return None if value == "" else value


def _variables(stage: Stage, value: Mapping[str, Any]) -> Iterator[Difference]:
    variables = stage.world.variables
    for name, wanted in value.items():
        if name not in variables:
            told = said("expected the variable `{name}` to be {wanted}, but there is none",
                        name=name, wanted=_told(wanted))  # fmt: skip
            yield (name,), told
        elif variables[name] != wanted:
            told = said("expected the variable `{name}` to be {wanted}, but it is {actual}",
                        name=name, wanted=_told(wanted), actual=_told(variables[name]))  # fmt: skip
            yield (name,), told


def _deadlines(stage: Stage, value: Mapping[str, str]) -> Iterator[Difference]:
    for goal, wanted in value.items():
        actual = _clock_told(stage, goal)
        expected = _instant_told(stage, wanted) if wanted[:1].isdigit() else wanted
        if actual != expected:
            told = said("expected the deadline of `{goal}` to be {wanted}, but it is {actual}",
                        goal=goal, wanted=expected, actual=actual)  # fmt: skip
            yield (goal,), told


def _clock_told(stage: Stage, goal: str) -> str:
    case = stage.world.case
    clock = case.clocks.get(goal)
    if clock is None:
        return "none"
    if clock.stopped_at is not None:
        if not clock.met:
            return "stopped"
        late = clock.judged_deadline is not None and clock.stopped_at > clock.judged_deadline
        return "missed" if late else "met"
    deadline = clock.deadline(case.calendars_of(clock), case.ticket)
    return "paused" if deadline is None else _at(stage, deadline)


def _warnings(stage: Stage, value: Mapping[str, str]) -> Iterator[Difference]:
    case = stage.world.case
    for goal, wanted in value.items():
        clock = case.clocks.get(goal)
        due = clock.warning_at(case.calendars_of(clock), case.ticket) if clock else None
        actual = _at(stage, due) if due else "none"
        expected = _instant_told(stage, wanted) if wanted != "none" else wanted
        if actual != expected:
            told = said("expected the warning of `{goal}` at {wanted}, but it is {actual}",
                        goal=goal, wanted=expected, actual=actual)  # fmt: skip
            yield (goal,), told


def _open_tasks(stage: Stage, value: list[Any]) -> Iterator[Difference]:
    wanted = [item if isinstance(item, dict) else {"element": item} for item in value]
    left = list(stage.world.tasks.values())
    for index, item in enumerate(wanted):
        candidates = [task for task in left if task.element == item["element"]]
        if not candidates:
            yield (index,), not_open(stage.world, item["element"])
            continue
        fitting = next((task for task in candidates if not list(_unlike(stage, task, item))), candidates[0])
        left.remove(fitting)
        for problem in _unlike(stage, fitting, item):
            yield (index,), problem
    for task in left:
        told = said("expected no user task at `{element}`, but one is open for {groups}",
                    element=task.element, groups=list(task.groups) or said("nobody"))  # fmt: skip
        yield (), told


def _unlike(stage: Stage, task: OpenTask, wanted: Mapping[str, Any]) -> Iterator[Said]:
    actual: dict[str, Any] = {"form": task.form, "goal": task.goal, "assignee": task.assignee}
    if "groups" in wanted and set(wanted["groups"]) != set(task.groups):
        yield said("expected `{element}` to be for {wanted}, but it is for {actual}",
                   element=task.element, wanted=_told(wanted["groups"]), actual=_told(list(task.groups)))  # fmt: skip
    for name in ("form", "goal", "assignee"):
        if name in wanted:
            value = stage.people.id_of(wanted[name]) if name == "assignee" else wanted[name]
            if str("" if value is None else value) != actual[name]:
                yield said("expected `{name}` of `{element}` to be {wanted}, but it is {actual}",
                           name=name, element=task.element, wanted=_told(wanted[name]),
                           actual=_told(actual[name]))  # fmt: skip


def _sent(stage: Stage, seen: Seen, expected: Mapping[str, Any]) -> Iterator[Difference]:
    if "mails" not in expected:
        return
    sent = stage.world.happened.mails[seen.mails :]
    seen.mails = len(stage.world.happened.mails)
    wanted = [item if isinstance(item, dict) else {"template": item} for item in expected["mails"]]
    if len(sent) != len(wanted) or any(list(_unlike_mail(stage, *pair)) for pair in zip(sent, wanted, strict=True)):
        mails = [
            said("{template} to {to} at {instant}", template=mail.template, to=mail.to, instant=_at(stage, mail.at))
            for mail in sent
        ]
        told = said("expected the mails {wanted}, but sent were: {sent}",
                    wanted=_told(expected["mails"]), sent=mails or _NONE)  # fmt: skip
        yield ("mails",), told


def _written(stage: Stage, seen: Seen, expected: Mapping[str, Any]) -> Iterator[Difference]:
    if "notes" not in expected:
        return
    written = stage.world.happened.notes[seen.notes :]
    seen.notes = len(stage.world.happened.notes)
    if written != expected["notes"]:
        told = said("expected the notes {wanted}, but the process wrote: {written}",
                    wanted=_told(expected["notes"]), written=_told(written))  # fmt: skip
        yield ("notes",), told


def _unlike_mail(stage: Stage, mail: Sent, wanted: Mapping[str, Any]) -> Iterator[str]:
    if mail.template != wanted["template"] or mail.to != wanted.get("to", mail.to):
        yield "another"
    if "at" in wanted and _instant_told(stage, wanted["at"]) != _at(stage, mail.at):
        yield "at another time"
    if "between" in wanted:
        first, last = (parse_instant(text, stage.zone) for text in wanted["between"])
        if not first <= mail.at <= last:
            yield "at another time"


def _passed(stage: Stage, seen: Seen, expected: Mapping[str, Any]) -> Iterator[Difference]:
    path = stage.world.happened.path
    if "path" in expected:
        since, rest = path[seen.path :], iter(path[seen.path :])
        seen.path = len(path)
        missing = next((element for element in expected["path"] if element not in rest), None)
        if missing is not None:
            told = said("expected `{element}` on the path, in that order, but it was: {path}",
                        element=missing, path=" → ".join(since) or said("empty"))  # fmt: skip
            yield ("path",), told
    entered = set(path) if "not_entered" in expected else set()
    for element in expected.get("not_entered", ()):
        if element in entered:
            told = said("expected nothing to come to `{element}`, but it was entered", element=element)
            yield ("not_entered",), told


def _stuck(stage: Stage, seen: Seen, expected: Mapping[str, Any]) -> Iterator[Difference]:
    new = stage.world.happened.incidents[seen.incidents :]
    seen.incidents = len(stage.world.happened.incidents)
    if sorted(element for element, _ in new) != sorted(expected.get("incidents", [])):
        found = [said("`{element}`: {problem}", element=element, problem=problem) for element, problem in new]
        told = said("expected incidents at {wanted}, but there were: {found}",
                    wanted=_told(expected.get("incidents", [])), found=found or _NONE)  # fmt: skip
        yield ("incidents",), told


def _waits_for(stage: Stage, value: list[str]) -> Iterator[Difference]:
    waiting = sorted({subscription.message for subscription in stage.world.subscriptions.values()})
    for message in value:
        if message not in waiting:
            told = said("expected somebody to wait for `{message}`, but waited for are: {waiting}",
                        message=message, waiting=_told(waiting))  # fmt: skip
            yield (), told


def _actions(stage: Stage, value: list[str]) -> Iterator[Difference]:
    now = sorted(a.key for a in stage.world.case.package.actions.values() if offered(stage, a))
    if now != sorted(value):
        told = said("expected the actions {wanted} to be offered, but they are {actual}",
                    wanted=_told(value), actual=_told(now))  # fmt: skip
        yield (), told


def _ended(stage: Stage, value: bool) -> Iterator[Difference]:
    if all(instance.ended for instance in stage.world.instances) != value:
        goes_on = said("expected the process to have ended, but it goes on")
        yield (), goes_on if value else said("expected the process to go on, but it has ended")


def _now(stage: Stage, value: str) -> Iterator[Difference]:
    if _instant_told(stage, value) != _at(stage, stage.world.now):
        told = said("expected it to be {wanted}, but it is {actual}",
                    wanted=_instant_told(stage, value), actual=_at(stage, stage.world.now))  # fmt: skip
        yield (), told


def _instant_told(stage: Stage, text: str) -> str:
    return _at(stage, parse_instant(text, stage.zone))


def _at(stage: Stage, instant: datetime) -> str:
    return instant.astimezone(stage.zone).isoformat(timespec="minutes")


def _told(value: Any) -> str | list[Any]:
    """A value for a text."""
    if isinstance(value, list):
        return [_told(item) for item in value] or _NONE
    return said("empty") if value in (None, "") else f"`{value}`"


_COMPARISONS: dict[str, Callable[[Stage, Any], Iterator[Difference]]] = {
    "status": _status, "request_type": _request_type, "ticket": _fields, "variables": _variables,
    "deadlines": _deadlines, "warnings": _warnings, "open_tasks": _open_tasks, "waits_for": _waits_for,
    "actions": _actions, "ended": _ended, "now": _now,
}  # fmt: skip
