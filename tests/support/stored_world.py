"""A scenario's world in a database: what `World` says of a ticket is asked of rows, what happens is done by commands.

It looks like `World` to whoever compares (`expectations`). Time passes as for demonstrations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from engine.commands import actions, messages, notes, tickets, user_tasks
from engine.commands.access import hold_ticket
from engine.commands.demonstration.passing import VirtualTime
from engine.commands.engine import Engine
from engine.commands.outbox import jobs
from engine.commands.stepping import StepKept, load_case, working
from engine.domain.actors import SYSTEM, Actor
from engine.domain.casework import Case
from engine.domain.errors import Invalid
from engine.domain.time.durations import parse_instant
from engine.spiff.scenarios.format import Scenario
from engine.spiff.scenarios.opening import held_elements
from engine.spiff.scenarios.people import People
from engine.spiff.scenarios.steps import carry_out as carry_out_in_memory
from engine.spiff.scenarios.waiting import Happened, OpenTask, Running, Sent, Subscription
from engine.spiff.scenarios.world import Effort, World
from engine.spiff.versions import PackageVersion
from engine.storage import packages
from engine.storage.tables import (
    Account,
    Base,
    Company,
    Incident,
    Instance,
    Job,
    JournalEntry,
    Membership,
    UserTask,
)
from engine.storage.tables import Subscription as SubscriptionRow

Step = Mapping[str, Any]


class StoredWorld(VirtualTime):
    """One ticket with its people in a database that was empty but for the package."""

    def __init__(self, engine: Engine, version: PackageVersion, scenario: Scenario, people: People) -> None:
        self.version, self.people, self.effort = version, people, Effort(lambda: 0.0)
        super().__init__(engine, parse_instant(scenario.data["at"], ZoneInfo(version.package.time_zone)))
        self.held = frozenset(held_elements(scenario.data.get("steps", [])))
        given = scenario.data.get("given", {})
        with self.engine.database.read() as tx:
            self.engine.remember(packages.current(tx, version.package.id).deployment_id, version)
        self._add_people()
        fields = {name: people.id_of(value) for name, value in given.get("ticket", {}).items()}
        texts = fields.pop("subject", "A ticket"), fields.pop("text", "")
        requester = people.requester(given.get("requester"))
        opened = tickets.open(self.engine, SYSTEM, version.package.id, *texts, fields, requester.id)
        self.tickets.append(opened.ticket_id)
        self.settle()

    def _add_people(self) -> None:
        people = self.people.by_name.values()
        at = {"created_at": self.now}
        with self.engine.database.begin() as tx:
            if companies := sorted({person.company for person in people if person.company}):
                tx.execute(insert(Company), [{"id": n, "name": f"Company {n}", **at} for n in companies])
            tx.execute(insert(Account), [
                {"id": p.id, "email": f"p{p.id}@example.com", "name": p.name, "kind": p.kind, "company_id": p.company,
                 **at} for p in people
            ])  # fmt: skip
            tx.execute(insert(Membership), [
                {"account_id": p.id, "package_id": m.package, "role": m.role, "departments": list(m.departments)}
                for p in people for m in p.memberships
            ])  # fmt: skip

    # What may be asked ------------------------------------------------------------------------------------------

    @property
    def ticket(self) -> int:
        return self.tickets[0]

    @cached_property
    def case(self) -> Case:
        with working(self.engine, SYSTEM, "look") as work:
            held = hold_ticket(work, self.ticket)
            return load_case(self.engine, work.tx, held.row, held.row["deployment_id"], held.policy_id)

    def rows(self, table: type[Base], *where: Any, by: Any = None) -> list[Any]:
        with self.engine.database.read() as tx:
            order = by if by is not None else table.__table__.primary_key.columns[0]
            return list(tx.execute(select(table.__table__).where(*where).order_by(order)))

    @property
    def tasks(self) -> dict[int, OpenTask]:
        return {
            row.id: OpenTask(row.element, tuple(row.groups), str(row.assignee_id or ""), row.form, row.goal)
            for row in self.rows(UserTask, UserTask.state == "open")
        }

    @property
    def subscriptions(self) -> dict[str, Subscription]:
        rows = self.rows(SubscriptionRow)
        return {row.id: Subscription(row.element, row.message, row.key, row.signal) for row in rows}

    @property
    def instances(self) -> list[Running]:
        rows = self.rows(Instance, by=Instance.started_at)
        return [Running(row.id, row.state, row.ended_at is not None) for row in rows]

    @property
    def variables(self) -> dict[str, Any]:
        variables: Any = World.variables
        return dict(variables.fget(self))

    @cached_property
    def happened(self) -> Happened:
        """By the journal. A note's mail goes out behind what the note has caused."""
        happened, behind = Happened(), list[Sent]()
        for entry in self.rows(JournalEntry, JournalEntry.ticket_id == self.ticket):
            match entry.kind:
                case "command":
                    happened.mails += behind
                    behind = [self._mail_of(entry)] if entry.command == "notes.add" else []
                case "element_entered":
                    happened.path.append(entry.element)
                case "mail_queued":
                    happened.mails.append(Sent(entry.data["template"], entry.data["to"], entry.at))
                case "note_written":
                    happened.notes.append(entry.data["text"])
        happened.mails += behind
        happened.incidents = [(row.element, row.problem) for row in self.rows(Incident)]
        return happened

    def _mail_of(self, note: Any) -> Sent:
        to = "involved" if note.data["public"] else "staff"
        return Sent(self.version.package.mail.note, to, note.at)

    # What may be done -------------------------------------------------------------------------------------------

    def settle(self) -> None:
        super().settle()
        for read_once in ("case", "happened"):
            self.__dict__.pop(read_once, None)

    def _do(self, job_id: str) -> None:
        (job,) = self.rows(Job, Job.id == job_id)
        if job.element not in self.held:
            super()._do(job_id)
            return
        with self.engine.database.begin() as tx:
            tx.execute(update(Job).where(Job.id == job_id).values(next_attempt_at=None))


def carry_out(stage: Any, verb: str, step: Step) -> None:
    """Do what a step says by the server's commands."""
    world: StoredWorld = stage.world
    try:
        if verb in _VERBS:
            _VERBS[verb](world, stage.people.actor(step.get("by")), step)
        else:
            carry_out_in_memory(stage, verb, step)
    except StepKept:
        pass  # the incident tells
    world.settle()


def _complete(world: StoredWorld, actor: Actor, step: Step) -> None:
    found = [key for key, task in world.tasks.items() if task.element == step["complete"]]
    if len(found) < step.get("item", 1):
        raise Invalid(f"no open user task at {step['complete']}")
    task_id = found[step.get("item", 1) - 1]
    _refusing(step, lambda data: user_tasks.complete(world.engine, task_id, data, actor), world)


def _action(world: StoredWorld, actor: Actor, step: Step) -> None:
    _refusing(step, lambda data: actions.act(world.engine, world.ticket, step["action"], data, actor), world)


def _refusing(step: Step, do: Callable[[dict[str, Any]], object], world: StoredWorld) -> None:
    """Persons' names stand for their accounts; where fields are to be refused, exactly those have to be."""
    data = {name: world.people.id_of(value) for name, value in step.get("data", {}).items()}
    try:
        do(data)
        refused: set[str] = set()
    except Invalid as error:
        refused = set(error.fields)
    if refused != set(step.get("refused", ())):
        raise Invalid(f"refused were {sorted(refused)}")


def _note(world: StoredWorld, actor: Actor, step: Step) -> None:
    notes.add(world.engine, world.ticket, actor, step["note"], step.get("public", True), step.get("expects", "nobody"))


def _message(world: StoredWorld, _actor: Actor, step: Step) -> None:
    key = str(step.get("key", world.ticket))
    messages.publish(
        world.engine, world.version.package.id, step["message"], key, step.get("data", {}), SYSTEM, timedelta(hours=24)
    )


def _signal(world: StoredWorld, _actor: Actor, step: Step) -> None:
    messages.broadcast(world.engine, world.version.package.id, step["signal"], step.get("data", {}), SYSTEM)


def _job(world: StoredWorld, _actor: Actor, step: Step) -> None:
    found = world.rows(Job, Job.element == step["job"], Job.state == "open")
    if not found:
        raise Invalid(f"no job at {step['job']}")
    if "error" in step:
        jobs.report_error(world.engine, found[0].id, step["error"], step.get("fails", ""))
    elif "fails" in step:
        jobs.fail(world.engine, found[0].id, step["fails"], permanent=True)
    else:
        jobs.complete(world.engine, found[0].id, step.get("result", {}))


def _edit(world: StoredWorld, actor: Actor, step: Step) -> None:
    fields = {name: world.people.id_of(value) for name, value in step["edit"].items()}
    tickets.edit(world.engine, actor, world.ticket, fields)


_VERBS: dict[str, Callable[[StoredWorld, Actor, Step], None]] = {
    "complete": _complete, "note": _note, "action": _action, "message": _message, "signal": _signal, "job": _job,
    "edit": _edit,
}  # fmt: skip
