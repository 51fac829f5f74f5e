"""How a ticket stands: whose turn it is, what comes next, and by when; from its diagram, in the customer's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, and_, select

from engine.domain.actors import Actor
from engine.domain.errors import CorruptState
from engine.domain.packages import Package, goal_label, text
from engine.domain.visibility import may_take
from engine.queries.elements import user_task_name
from engine.queries.members import members
from engine.queries.reading import Reader, Source, reading
from engine.queries.tickets.rows import TURNS
from engine.queries.tickets.visible import ticket_row
from engine.spiff.ahead import Ahead, look_ahead
from engine.storage.tables import Account, Clock, Instance, Note, UserTask

Party = Literal["staff", "customer"]
#: a question is looked for among so many notes, the newest
_NEWEST = 50


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the customer's words; those that a ticket left out don't stand in its line."""

    key: str
    label: str
    state: Literal["passed", "present", "ahead"]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that is open; customers see those of their own side."""

    id: int
    element: str
    name: str
    #: name of its form, empty for none
    form: str
    party: Party
    assignee: int | None
    assignee_name: str
    #: the reader has it, or may take it
    mine: bool
    takeable: bool


@dataclass(frozen=True, slots=True)
class Question:
    """The note that waits for the customer's answer."""

    note: int
    author_name: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a ticket stands now."""

    turn: Literal["staff", "customer", "nobody"]
    steps: tuple[Step, ...]
    #: the steps that may come next: one of them will
    next_labels: tuple[str, ...]
    #: by when the company owes its next answer; None where the customer is to move, or every clock is paused
    by: datetime | None
    #: what is promised by then
    goal: str
    #: the company is to move, but its clocks wait
    paused: bool
    tasks: tuple[OpenTask, ...]
    #: asked of the customer, as long as it is their turn
    question: Question | None
    #: names of those who may do what the customer is asked to do (decide on a quote, …)
    deciders: tuple[str, ...]

    @property
    def decision(self) -> OpenTask | None:
        """What the customer is to decide, or to fill in."""
        return next((task for task in self.tasks if task.party == "customer"), None)


def standing(engine: Source, actor: Actor, ticket_id: int, language: str = "") -> Standing:
    """How a ticket stands, as the actor may know it, with labels in the language. Raises `NotFound`.

    Two statements, the ticket's own among them; one or two more while the customer is to move. None of them grows
    with the ticket's history.
    """
    with reading(engine, actor, language) as reader:
        ticket = ticket_row(reader, ticket_id)
        package = engine.version(ticket.deployment_id, reader.tx).package
        kind = package.statuses[ticket.status].kind if ticket.status in package.statuses else ""
        turn = TURNS.get(kind, "nobody")
        running = reader.tx.execute(_running(ticket_id)).all()
        tasks = _tasks(reader, package, ticket, running)
        ours = turn == "staff"
        return Standing(
            turn=turn, steps=tuple(_line(package, ticket, language)),
            next_labels=_next(reader, package, ticket, running, language), by=ticket.deadline_at if ours else None,
            goal=goal_label(package, ticket.deadline_goal, language) if ours and ticket.deadline_goal else "",
            paused=ours and ticket.deadline_at is None and _is_paused(reader, ticket_id), tasks=tasks,
            question=_question(reader, ticket_id) if turn == "customer" else None,
            deciders=_deciders(reader, package, ticket, running),
        )  # fmt: skip


def _is_paused(reader: Reader, ticket_id: int) -> bool:
    paused = (Clock.ticket_id == ticket_id, Clock.stopped_at.is_(None), Clock.paused_since.is_not(None))
    return reader.tx.execute(select(Clock.goal).where(*paused).limit(1)).first() is not None


def _running(ticket_id: int) -> Any:
    """The instances that run, each with its open user tasks: one row per user task, one for an instance without."""
    opened = and_(UserTask.instance_id == Instance.id, UserTask.state == "open")
    return (
        select(
            Instance.id.label("instance"), Instance.deployment_id, Instance.state, UserTask.id, UserTask.element,
            UserTask.name, UserTask.form, UserTask.groups, UserTask.assignee_id, Account.name.label("assignee_name"),
        )
        .outerjoin(UserTask, opened)
        .outerjoin(Account, Account.id == UserTask.assignee_id)
        .where(Instance.ticket_id == ticket_id, Instance.ended_at.is_(None))
        .order_by(Instance.started_at, Instance.id, UserTask.id)
    )  # fmt: skip


def _line(package: Package, ticket: Row[Any], language: str) -> Iterable[Step]:
    """The package's steps in their order, without those before the present one that the ticket never came to."""
    keys = [step.key for step in package.steps]
    here = keys.index(ticket.step) if ticket.step in keys else -1
    for index, step in enumerate(package.steps):
        if index >= here or not ticket.steps_passed or step.key in ticket.steps_passed:
            state: Any = "passed" if index < here else "present" if index == here else "ahead"
            yield Step(step.key, text(step.label, language, package.language), state)


def _next(
    reader: Reader, package: Package, ticket: Row[Any], running: Iterable[Row[Any]], language: str
) -> tuple[str, ...]:
    ahead = Ahead()
    for instance, deployment_id, state in {(row.instance, row.deployment_id, row.state) for row in running}:
        if instance and state:
            definitions = reader.engine.version(deployment_id, reader.tx).definitions
            try:
                ahead |= look_ahead(definitions, state, ticket.step)
            except CorruptState:  # an incident tells of it
                continue
    return tuple(text(step.label, language, package.language) for step in package.steps if step.key in ahead.steps)


def _tasks(reader: Reader, package: Package, ticket: Row[Any], running: Iterable[Row[Any]]) -> tuple[OpenTask, ...]:
    actor, staff = reader.actor, reader.is_staff(package)
    row: Any = ticket._mapping
    found = []
    for task in running:
        if task.id is None:
            continue
        party = _party(package, ticket, task)
        if party == "customer" or staff:
            free = task.assignee_id in (None, actor.id)
            takeable = free and (task.assignee_id == actor.id or may_take(actor, package, task.groups, row))
            mine = task.assignee_id == actor.id
            name = user_task_name(reader, task.deployment_id, task.element, task.name)
            found.append(
                OpenTask(task.id, task.element, name, task.form, party, task.assignee_id,
                         task.assignee_name or "", mine, takeable)
            )  # fmt: skip
    return tuple(found)


def _party(package: Package, ticket: Row[Any], task: Row[Any]) -> Party:
    """Whose user task it is: the customer's where one of its groups is."""
    requester = f"account:{ticket.requester_id}"
    roles = (package.roles.get(group.partition("@")[0]) for group in task.groups)
    if requester in task.groups or any(role.kind == "customer" for role in roles if role):
        return "customer"
    return "customer" if not task.groups and task.assignee_id == ticket.requester_id is not None else "staff"


def _question(reader: Reader, ticket_id: int) -> Question | None:
    newest = select(Note.id).where(Note.ticket_id == ticket_id).order_by(Note.id.desc()).limit(_NEWEST)
    statement = (
        select(Note.id, Account.name, Note.at, Note.text)
        .outerjoin(Account, Account.id == Note.author_id)
        .where(Note.id.in_(newest), Note.public, Note.expects == "customer")
        .order_by(Note.id.desc())
        .limit(1)
    )
    row = reader.tx.execute(statement).one_or_none()
    return Question(row.id, row.name or "", row.at, row.text) if row else None


def _deciders(reader: Reader, package: Package, ticket: Row[Any], running: Sequence[Row[Any]]) -> tuple[str, ...]:
    """The customer's people who may take what the customer is asked; one statement where anything is."""
    asked = [task for task in running if task.id is not None and _party(package, ticket, task) == "customer"]
    if not asked:
        return ()
    theirs = Account.id == ticket.requester_id
    if ticket.company_id is not None:
        theirs |= Account.company_id == ticket.company_id
    row: Any = ticket._mapping
    return tuple(
        person.name
        for person in members(reader, package, theirs)
        if any(task.assignee_id in (None, person.id) and may_take(person, package, task.groups, row) for task in asked)
    )
