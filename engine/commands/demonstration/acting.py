"""What each verb of a demonstration does: it calls the command that the person would cause. When, says `filling`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from engine.commands import actions, incidents, messages, notes, tickets, user_tasks
from engine.commands.demonstration import files
from engine.commands.engine import Engine
from engine.commands.files import attachments
from engine.commands.stepping import StepKept
from engine.domain.actors import Actor
from engine.domain.errors import Invalid
from engine.domain.time.calendars import Calendar
from engine.domain.time.durations import WorkingDuration
from engine.spiff.demonstration import Step, Story
from engine.spiff.versions import PackageVersion
from engine.storage import demonstration as store


@dataclass
class Stage:
    """Who acts, on what, under which package version; the engine's clock says when."""

    engine: Engine
    version: PackageVersion
    people: Mapping[str, Actor]
    calendar: Calendar

    def actor(self, name: str) -> Actor:
        """Somebody by their key. Raises `Invalid`."""
        if name not in self.people:
            raise Invalid(f"There is nobody called `{name}`.")
        return self.people[name]

    def open(self, story: Story) -> tickets.Opened:
        """Open a story's ticket. Raises what `tickets.open` does."""
        requester = self.actor(story.requester).id if story.by != story.requester else None
        package = self.version.package
        fields = self.values(story.fields, ())
        return tickets.open(self.engine, self.actor(story.by), package.id, story.subject, story.text, fields, requester)

    def act(self, ticket_id: int, step: Step) -> None:
        """Do a step of a ticket's story. Raises what the command does."""
        _VERBS[step.verb](self, ticket_id, self.actor(step.by), step)

    def values(self, given: Mapping[str, Any], accounts: Any) -> dict[str, Any]:
        """Data as commands take them: people by their numbers, `{in: P5D}` as the day so many working days later."""
        return {key: self._value(value, key in accounts) for key, value in given.items()}

    def _value(self, value: Any, is_account: bool) -> Any:
        if isinstance(value, dict) and value.keys() == {"in"}:
            ahead = self.calendar.add(self.engine.clock(), WorkingDuration.parse(str(value["in"])))
            return ahead.astimezone(self.calendar.zone).date().isoformat()
        return self.actor(value).id if is_account and isinstance(value, str) else value

    def filled_in(self, form: str, step: Step) -> dict[str, Any]:
        """A step's data for a form."""
        known = self.version.forms.get(form)
        return self.values(step.details.get("data", {}), known.account_fields if known else ())

    def user_task(self, ticket_id: int, element: str) -> int:
        """The open user task at an element. Raises `Invalid`."""
        with self.engine.database.read() as tx:
            found = store.user_task(tx, ticket_id, element)
        if found is None:
            raise Invalid(f"No user task is open at `{element}`.")
        return found


def _complete(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    nodes = (process.nodes.get(step.what) for process in stage.version.definitions.processes.values())
    form = next((node.form for node in nodes if node is not None), "")
    task = stage.user_task(ticket_id, step.what)
    user_tasks.complete(stage.engine, task, stage.filled_in(form, step), actor)


def _note(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    expects = step.details.get("expects", "nobody")
    notes.add(stage.engine, ticket_id, actor, step.what.strip(), step.details.get("public", True), expects)


def _attach(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    content = BytesIO(files.make(step.what, step.details.get("text", step.what)))
    public = step.details.get("public", True)
    attachments.attach(stage.engine, actor, ticket_id, step.what, content, public=public)


def _action(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    known = stage.version.package.actions.get(step.what)
    actions.act(stage.engine, ticket_id, step.what, stage.filled_in(known.form if known else "", step), actor)


def _edit(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    tickets.edit(stage.engine, actor, ticket_id, stage.values(step.what, ("assignee",)))


def _message(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    """As another system would send it. Where the story says so, it is one that the process can't use."""
    data = stage.values(step.details.get("data", {}), ())
    try:
        messages.publish(stage.engine, stage.version.package.id, step.what, str(ticket_id), data, actor)
    except StepKept:
        if not step.details.get("incident"):
            raise


def _mend(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    with stage.engine.database.read() as tx:
        found = store.incident(tx, ticket_id)
    if found is None:
        raise Invalid("No incident is open.")
    incidents.retry(stage.engine, found, actor, stage.values(step.what, ()))


def _claim(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    user_tasks.claim(stage.engine, stage.user_task(ticket_id, step.what), actor)


def _hand_over(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    to = stage.actor(step.details["to"]).id
    user_tasks.hand_over(stage.engine, stage.user_task(ticket_id, step.what), to, actor)


def _watch(stage: Stage, ticket_id: int, actor: Actor, step: Step) -> None:
    tickets.watch(stage.engine, actor, ticket_id)


_VERBS: dict[str, Callable[[Stage, int, Actor, Step], None]] = {
    "complete": _complete, "note": _note, "attach": _attach, "action": _action, "edit": _edit, "message": _message,
    "mend": _mend, "claim": _claim, "hand_over": _hand_over, "watch": _watch,
}  # fmt: skip
