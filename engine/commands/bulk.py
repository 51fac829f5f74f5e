"""The same for many tickets: assign them, add a note to each. Every ticket has its own transaction and its own fate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from engine.commands import actions, notes, user_tasks
from engine.commands.access import no_ticket
from engine.commands.engine import Engine
from engine.commands.tickets.editing import edit
from engine.domain.actors import Actor
from engine.domain.errors import Invalid, IterError, NotFound
from engine.domain.notes import Expects
from engine.domain.said import said
from engine.domain.storable import TEXT, check_texts
from engine.spiff.versions import PackageVersion
from engine.storage.tickets import standing

#: tickets at a time
MOST = 200
#: the field by which forms name who is to handle a ticket: the built-in one of tickets
_FIELD = "assignee"


@dataclass(frozen=True, slots=True)
class Failed:
    """A ticket with which it couldn't be done. `problem` says why, fit for whoever tried."""

    ticket_id: int
    problem: str


@dataclass(slots=True)
class Report:
    """What became of each ticket."""

    done: list[int] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)


def assign(engine: Engine, actor: Actor, ticket_ids: Iterable[int], account_id: int) -> Report:
    """Give tickets to somebody, each in the way that its process has for that.

    Where the ticket waits for somebody to be named (a user task or an action whose form asks for an `assignee` and
    needs nothing else), that is done, and the process goes on; else the field is edited. Raises `Invalid` for too many.
    """
    return _each(ticket_ids, lambda ticket_id: _assign(engine, actor, ticket_id, account_id))


def note(
    engine: Engine, actor: Actor, ticket_ids: Iterable[int], text: str, public: bool = False,
    expects: Expects = "nobody",
) -> Report:  # fmt: skip
    """Add the same note to tickets. Raises `Invalid` for a text that no note can have, and for too many tickets."""
    check_texts({"text": (text, TEXT, True)})
    return _each(ticket_ids, lambda ticket_id: notes.add(engine, ticket_id, actor, text, public, expects))


def _each(ticket_ids: Iterable[int], do: Callable[[int], object]) -> Report:
    wanted = list(dict.fromkeys(ticket_ids))
    if len(wanted) > MOST:
        told = said("At most {most} tickets at a time.", most=MOST)
        raise Invalid(told, {"tickets": [told]})
    report = Report()
    for ticket_id in wanted:
        try:
            do(ticket_id)
        except IterError as error:
            report.failed.append(Failed(ticket_id, _problem(error)))
        else:
            report.done.append(ticket_id)
    return report


def _problem(error: IterError) -> str:
    """An error in one sentence: of one that is about fields, what is wrong with the first."""
    told = no_ticket() if isinstance(error, NotFound) else error  # nobody is told what a foreign ticket waits for
    fields = error.fields if isinstance(error, Invalid) else {}
    return next((text for texts in fields.values() for text in texts), None) or told.args[0]


def _assign(engine: Engine, actor: Actor, ticket_id: int, account_id: int) -> None:
    """By the first way that is open. What was looked up may have changed meanwhile: each command looks again."""
    given = {_FIELD: account_id}
    with engine.database.read() as tx:
        waits = standing.waits(tx, ticket_id)
        versions = {key: engine.version(key, tx) for key in waits.deployments}
    for task in waits.user_tasks:
        if _asks_for_it(versions[task.deployment_id], task.form) and task.assignee_id in (None, actor.id):
            user_tasks.complete(engine, task.id, given, actor)
            return
    action = _action(versions.get(waits.deployment_id), waits.messages, waits.status, actor)
    if action:
        actions.act(engine, ticket_id, action, given, actor)
    else:
        edit(engine, actor, ticket_id, given)


def _action(version: PackageVersion | None, messages: frozenset[str], status: str, actor: Actor) -> str | None:
    """An action that names somebody else, which the ticket waits for and the actor may take."""
    if version is None:
        return None
    fitting = (
        action.key
        for action in version.package.actions.values()
        if action.message in messages
        and _asks_for_it(version, action.form)
        and actions.allows(actor, version.package, action)
        and actions.is_offered(version.package, action, status)
    )
    return next(fitting, None)


def _asks_for_it(version: PackageVersion, form: str) -> bool:
    """Whether a form asks for an assignee, and needs nothing else."""
    found = version.forms.get(form)
    if found is None or _FIELD not in found.account_fields:
        return False
    needed: Mapping[str, bool] = {item.key: item.rules.required for item in found.fields}
    return not any(required for key, required in needed.items() if key != _FIELD)
