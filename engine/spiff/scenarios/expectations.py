"""What a scenario says must be so, compared with the world: each difference in words, with its place in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.domain.time.durations import parse_instant
from engine.spiff.scenarios.plain_yaml import Path
from engine.spiff.scenarios.steps import Stage, offered
from engine.spiff.scenarios.waiting import OpenTask, Sent

Difference = tuple[Path, str]


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


def _key(name: str) -> Callable[[Stage, Any], Iterator[Difference]]:
    def compare(stage: Stage, value: Any) -> Iterator[Difference]:
        actual = stage.world.case.ticket[name]
        if actual != value:
            yield (), f"expected the {name.replace('_', ' ')} `{value}`, but it is `{actual}`"

    return compare


def _fields(stage: Stage, value: Mapping[str, Any]) -> Iterator[Difference]:
    ticket = stage.world.case.ticket
    for name, wanted in value.items():
        if name not in ticket:
            yield (name,), f"there is no ticket field `{name}`"
            continue
        actual = ticket[name]
        if isinstance(actual, datetime):
            wanted = parse_instant(wanted, stage.zone)
        if _emptied(actual) != _emptied(stage.people.id_of(wanted) if name in ("assignee", "requester") else wanted):
            yield (name,), f"expected the ticket's {name} to be {_told(wanted)}, but it is {_told(actual)}"


def _emptied(value: Any) -> Any:
    """A field that holds nothing is null or "", as its kind is; a scenario may write either."""
    return None if value == "" else value


def _variables(stage: Stage, value: Mapping[str, Any]) -> Iterator[Difference]:
    variables = stage.world.variables
    for name, wanted in value.items():
        if name not in variables:
            yield (name,), f"expected the variable `{name}` to be {_told(wanted)}, but there is none"
        elif variables[name] != wanted:
            yield (name,), f"expected the variable `{name}` to be {_told(wanted)}, but it is {_told(variables[name])}"


def _deadlines(stage: Stage, value: Mapping[str, str]) -> Iterator[Difference]:
    for goal, wanted in value.items():
        actual = _clock_told(stage, goal)
        expected = _instant_told(stage, wanted) if wanted[:1].isdigit() else wanted
        if actual != expected:
            yield (goal,), f"expected the deadline of `{goal}` to be {expected}, but it is {actual}"


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
            yield (goal,), f"expected the warning of `{goal}` at {expected}, but it is {actual}"


def _open_tasks(stage: Stage, value: list[Any]) -> Iterator[Difference]:
    wanted = [item if isinstance(item, dict) else {"element": item} for item in value]
    left = list(stage.world.tasks.values())
    for index, item in enumerate(wanted):
        candidates = [task for task in left if task.element == item["element"]]
        if not candidates:
            others = ", ".join(f"`{task.element}`" for task in stage.world.tasks.values()) or "none"
            yield (index,), f"expected an open user task at `{item['element']}`, but open are: {others}"
            continue
        fitting = next((task for task in candidates if not list(_unlike(stage, task, item))), candidates[0])
        left.remove(fitting)
        for problem in _unlike(stage, fitting, item):
            yield (index,), problem
    for task in left:
        yield (), f"expected no user task at `{task.element}`, but one is open for {', '.join(task.groups) or 'nobody'}"


def _unlike(stage: Stage, task: OpenTask, wanted: Mapping[str, Any]) -> Iterator[str]:
    actual: dict[str, Any] = {"form": task.form, "goal": task.goal, "assignee": task.assignee}
    if "groups" in wanted and set(wanted["groups"]) != set(task.groups):
        yield f"expected `{task.element}` to be for {_told(wanted['groups'])}, but it is for {_told(list(task.groups))}"
    for name in ("form", "goal", "assignee"):
        if name in wanted:
            value = stage.people.id_of(wanted[name]) if name == "assignee" else wanted[name]
            if str("" if value is None else value) != actual[name]:
                told = f"{_told(wanted[name])}, but it is {_told(actual[name])}"
                yield f"expected the {name} of `{task.element}` to be {told}"


def _sent(stage: Stage, seen: Seen, expected: Mapping[str, Any]) -> Iterator[Difference]:
    if "mails" not in expected:
        return
    sent = stage.world.happened.mails[seen.mails :]
    seen.mails = len(stage.world.happened.mails)
    wanted = [item if isinstance(item, dict) else {"template": item} for item in expected["mails"]]
    if len(sent) != len(wanted) or any(list(_unlike_mail(stage, *pair)) for pair in zip(sent, wanted, strict=True)):
        told = ", ".join(f"{mail.template} to {mail.to} at {_at(stage, mail.at)}" for mail in sent) or "none"
        yield ("mails",), f"expected the mails {_told(expected['mails'])}, but sent were: {told}"


def _written(stage: Stage, seen: Seen, expected: Mapping[str, Any]) -> Iterator[Difference]:
    if "notes" not in expected:
        return
    written = stage.world.happened.notes[seen.notes :]
    seen.notes = len(stage.world.happened.notes)
    if written != expected["notes"]:
        yield ("notes",), f"expected the notes {_told(expected['notes'])}, but the process wrote: {_told(written)}"


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
            yield (
                ("path",),
                f"expected `{missing}` on the path, in that order, but it was: {' → '.join(since) or 'empty'}",
            )
    entered = set(path) if "not_entered" in expected else set()
    for element in expected.get("not_entered", ()):
        if element in entered:
            yield ("not_entered",), f"expected nothing to come to `{element}`, but it was entered"


def _stuck(stage: Stage, seen: Seen, expected: Mapping[str, Any]) -> Iterator[Difference]:
    new = stage.world.happened.incidents[seen.incidents :]
    seen.incidents = len(stage.world.happened.incidents)
    if sorted(element for element, _ in new) != sorted(expected.get("incidents", [])):
        told = "; ".join(f"`{element}`: {problem}" for element, problem in new) or "none"
        yield ("incidents",), f"expected incidents at {_told(expected.get('incidents', []))}, but there were: {told}"


def _waits_for(stage: Stage, value: list[str]) -> Iterator[Difference]:
    waiting = sorted({subscription.message for subscription in stage.world.subscriptions.values()})
    for message in value:
        if message not in waiting:
            yield (), f"expected somebody to wait for `{message}`, but waited for are: {_told(waiting)}"


def _actions(stage: Stage, value: list[str]) -> Iterator[Difference]:
    now = sorted(a.key for a in stage.world.case.package.actions.values() if offered(stage, a))
    if now != sorted(value):
        yield (), f"expected the actions {_told(value)} to be offered, but they are {_told(now)}"


def _ended(stage: Stage, value: bool) -> Iterator[Difference]:
    if all(instance.ended for instance in stage.world.instances) != value:
        yield (
            (),
            "expected the process to have ended, but it goes on" if value else "expected it to go on, but it ended",
        )


def _now(stage: Stage, value: str) -> Iterator[Difference]:
    if _instant_told(stage, value) != _at(stage, stage.world.now):
        yield (), f"expected it to be {_instant_told(stage, value)}, but it is {_at(stage, stage.world.now)}"


def _instant_told(stage: Stage, text: str) -> str:
    return _at(stage, parse_instant(text, stage.zone))


def _at(stage: Stage, instant: datetime) -> str:
    return instant.astimezone(stage.zone).isoformat(timespec="minutes")


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_told(item) for item in value) or "none"
    return "empty" if value in (None, "") else f"`{value}`"


_COMPARISONS: dict[str, Callable[[Stage, Any], Iterator[Difference]]] = {
    "status": _key("status"), "request_type": _key("request_type"), "ticket": _fields, "variables": _variables,
    "deadlines": _deadlines, "warnings": _warnings, "open_tasks": _open_tasks, "waits_for": _waits_for,
    "actions": _actions, "ended": _ended, "now": _now,
}  # fmt: skip
