"""What each verb of a scenario does to the world. What must be so afterwards stands in `expectations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.actors import Actor, resolve_group
from engine.domain.errors import Invalid
from engine.domain.events import JobCompleted, JobFailed, UserTaskCompleted
from engine.domain.forms import Form
from engine.domain.packages import Action
from engine.domain.said import Said, said
from engine.domain.time.calendars import find_calendar
from engine.domain.time.durations import WorkingDuration, parse_elapsed, parse_instant
from engine.spiff.scenarios.notes import add_note
from engine.spiff.scenarios.people import People
from engine.spiff.scenarios.waiting import OpenTask, Place
from engine.spiff.scenarios.world import World

#: fields that people may edit beside the package's own; the others follow from the process
EDITABLE = frozenset({"subject", "text", "category", "department", "assignee"})

#: how long a message from outside waits for somebody
KEPT = timedelta(hours=24)

Step = Mapping[str, Any]


@dataclass
class Stage:
    """The world with its people."""

    world: World
    people: People

    @property
    def zone(self) -> ZoneInfo:
        """The package's zone."""
        return ZoneInfo(self.world.case.package.time_zone)


def carry_out(stage: Stage, verb: str, step: Step) -> None:
    """Do what the step says. Raises `Invalid` with what keeps it from being done; the world is then as before."""
    _VERBS[verb](stage, step)


def offered(stage: Stage, action: Action) -> bool:
    """Whether an action is offered on the ticket now: by its status, and by somebody waiting for its message."""
    world = stage.world
    status = world.case.package.statuses.get(world.case.ticket["status"])
    if action.statuses and (status is None or not {status.key, status.kind}.intersection(action.statuses)):
        return False
    return not action.message or any(s.message == action.message and not s.signal for s in world.subscriptions.values())


def not_open(world: World, element: str) -> Said:
    """That no user task is open there, and which are."""
    others = [f"`{task.element}`" for task in world.tasks.values()] or said("none")
    return said("expected an open user task at `{element}`, but open are: {others}", element=element, others=others)


def _complete(stage: Stage, step: Step) -> None:
    world, actor = stage.world, stage.people.actor(step.get("by"))
    place, task = _open_task(world, step["complete"], step.get("item", 1))
    _check_may_complete(stage, actor, task)
    data = _checked(stage, task.form, step)
    if data is not None:
        world.send(place[0], UserTaskCompleted(place[1], data, by=str(actor.id)))


def _open_task(world: World, element: str, item: int) -> tuple[Place, OpenTask]:
    found = [(place, task) for place, task in world.tasks.items() if task.element == element]
    if len(found) < item:
        raise Invalid(not_open(world, element))
    return found[item - 1]


def _check_may_complete(stage: Stage, actor: Actor, task: OpenTask) -> None:
    groups = actor.groups(stage.world.case.package)
    if actor.kind == "system" or task.assignee == str(actor.id) or groups.intersection(task.groups):
        return
    raise _not_theirs(actor, task.element, task.groups)


def _not_theirs(actor: Actor, what: str, groups: Sequence[str]) -> Invalid:
    told = said("`{name}` may not do `{what}`: it is for {groups}",
                name=actor.name, what=what, groups=list(groups) or said("nobody"))  # fmt: skip
    return Invalid(told)


def _checked(stage: Stage, name: str, step: Step) -> dict[str, Any] | None:
    """The data as the form accepts them; None where it refused what the scenario says that it must."""
    world, data = stage.world, dict(step.get("data", {}))
    form = world.version.forms.get(name)
    if form is None:
        if data:
            raise Invalid(said("there is no form here, so no data are taken"))
        return data
    data = {key: stage.people.id_of(value) if key in form.account_fields else value for key, value in data.items()}
    package = world.case.package
    calendar = world.case.calendars.get(package.calendar)
    clean, errors = form.check(data, calendar=calendar)
    errors |= _wrong_accounts(stage, form, clean, errors)
    expected = set(step.get("refused", ()))
    if expected != set(errors):
        told = [said("{field}: {texts}", field=field, texts=list(texts)) for field, texts in errors.items()]
        problem = said("expected form `{name}` to refuse {wanted}, but it refused {refused}",
                       name=name, wanted=_listed(expected), refused=told or said("nothing"))  # fmt: skip
        raise Invalid(problem)
    return None if errors else clean


def _wrong_accounts(stage: Stage, form: Form, clean: Mapping[str, Any], errors: Mapping[str, Any]) -> dict[str, Any]:
    """Accounts that don't exist or aren't in the group that the form names."""
    wrong: dict[str, list[str]] = {}
    for key, group in form.account_fields.items():
        person, wanted = stage.people.by_id(clean[key]), resolve_group(group, stage.world.case.ticket)
        groups = person.groups(stage.world.case.package) if person else frozenset()
        if clean[key] is not None and key not in errors and wanted not in groups:
            wrong[key] = [said("not an account of {group}", group=wanted or group)]
    return wrong


def _note(stage: Stage, step: Step) -> None:
    add_note(stage.world, stage.people.actor(step.get("by")), step)


def _action(stage: Stage, step: Step) -> None:
    world, actor = stage.world, stage.people.actor(step.get("by"))
    action = world.case.package.actions.get(step["action"])
    if action is None:
        raise Invalid(said("there is no action `{name}` in package.toml", name=step["action"]))
    roles = {role.key for role in actor.roles(world.case.package)}
    if actor.kind != "system" and not roles.intersection(action.roles):
        raise _not_theirs(actor, action.key, action.roles)
    if not offered(stage, action):
        told = said("`{name}` isn't offered now: the status doesn't fit, or nobody waits for it", name=action.key)
        raise Invalid(told)
    data = _checked(stage, action.form, step)
    if data is None:
        return
    if action.message:
        world.tell(action.message, data)
    else:
        world.start(action.process, data)


def _message(stage: Stage, step: Step) -> None:
    world = stage.world
    key = str(step.get("key", world.key))
    world.publish(step["message"], key, step.get("data", {}), KEPT)


def _signal(stage: Stage, step: Step) -> None:
    stage.world.broadcast(step["signal"], step.get("data", {}))


def _pass(stage: Stage, step: Step) -> None:
    stage.world.pass_until(parse_elapsed(step["pass"]).after(stage.world.now, stage.zone))


def _pass_working(stage: Stage, step: Step) -> None:
    case = stage.world.case
    calendar = find_calendar(case.calendars, step.get("calendar", case.package.calendar))
    stage.world.pass_until(calendar.add(stage.world.now, WorkingDuration.parse(step["pass_working"])))


def _until(stage: Stage, step: Step) -> None:
    end = parse_instant(step["until"], stage.zone)
    if end < stage.world.now:
        now = f"{stage.world.now.astimezone(stage.zone):%Y-%m-%dT%H:%M}"
        raise Invalid(said("it is {now} already; time doesn't go back", now=now))
    stage.world.pass_until(end)


def _job(stage: Stage, step: Step) -> None:
    world = stage.world
    place = next((place for place, element in world.jobs.items() if element == step["job"]), None)
    if place is None:
        told = said("expected a job at `{element}`, but waiting are: {others}",
                    element=step["job"], others=_listed(set(world.jobs.values())))  # fmt: skip
        raise Invalid(told)
    if "fails" in step or "error" in step:
        world.send(place[0], JobFailed(place[1], step.get("fails", ""), step.get("error", "")))
    else:
        world.send(place[0], JobCompleted(place[1], step.get("result", {})))


def _edit(stage: Stage, step: Step) -> None:
    allowed = EDITABLE | stage.world.case.package.fields.keys()
    if others := set(step["edit"]) - allowed:
        told = said("{names} can't be edited by hand; what can: {allowed}",
                    names=_listed(others), allowed=_listed(set(allowed)))  # fmt: skip
        raise Invalid(told)
    stage.world.change({name: stage.people.id_of(value) for name, value in step["edit"].items()})


def _listed(names: set[str]) -> Said | list[str]:
    return [f"`{name}`" for name in sorted(names)] or said("nothing")


_VERBS: dict[str, Callable[[Stage, Step], None]] = {
    "complete": _complete, "note": _note, "action": _action, "message": _message, "signal": _signal, "pass": _pass,
    "pass_working": _pass_working, "until": _until, "job": _job, "edit": _edit,
    "expect": lambda stage, step: None,
}  # fmt: skip
