"""How a user task ended: who did what with it when. For whoever comes too late with an answer of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, select

from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.domain.forms import Form
from engine.domain.said import said
from engine.queries.reading import Reader, Source, reading
from engine.queries.tickets.naming import given_answers
from engine.queries.visibility import visible_user_tasks
from engine.storage.tables import Account, Instance, JournalEntry, Ticket, UserTask

#: who has an open one, or closed it
_WHO = case((UserTask.state == "open", UserTask.assignee_id), else_=UserTask.closed_by)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A user task that is closed, or whose it is."""

    #: open | completed | cancelled | failed
    state: str
    #: who has it, or closed it; empty for nobody and for the system
    name: str
    #: that is who asks
    me: bool
    closed_at: datetime | None
    #: (label, value) of what was filled in, in the form's order; a value as text where the form gives it a label
    values: list[tuple[str, Any]]


def outcome(engine: Source, actor: Actor, user_task_id: int) -> Outcome:
    """What became of a user task that the actor may see. Raises `NotFound`."""
    with reading(engine, actor) as reader:
        row = reader.tx.execute(
            select(
                UserTask.state, UserTask.form, UserTask.assignee_id, UserTask.closed_at, UserTask.closed_by,
                Instance.deployment_id, Account.name, JournalEntry.data,
            )
            .join(Ticket, Ticket.id == UserTask.ticket_id)
            .join(Instance, Instance.id == UserTask.instance_id)
            .outerjoin(Account, Account.id == _WHO)
            .outerjoin(JournalEntry, _completion())
            .where(UserTask.id == user_task_id, visible_user_tasks(reader))
            .limit(1)
        ).one_or_none()  # fmt: skip
        if row is None:
            raise NotFound(said("There is no such user task."))
        version = engine.version(row.deployment_id, reader.tx)
        data = (row.data or {}).get("data") or {}
        people = _names(reader, version.forms.get(row.form), data)
        values = given_answers(version, row.form, data, people, reader.language)
        who = row.assignee_id if row.state == "open" else row.closed_by
        return Outcome(row.state, row.name or "", bool(who) and who == actor.id, row.closed_at, values)


def _completion() -> Any:
    """The journal's entry with what was filled in."""
    return and_(
        JournalEntry.ticket_id == UserTask.ticket_id,
        JournalEntry.instance_id == UserTask.instance_id,
        JournalEntry.command == "user_tasks.complete",
        JournalEntry.kind == "command",
        JournalEntry.element == UserTask.element,
        JournalEntry.at == UserTask.closed_at,
        UserTask.state == "completed",
    )


def _names(reader: Reader, form: Form | None, data: Mapping[str, Any]) -> dict[int, str]:
    """The people that were chosen in the form."""
    accounts = [data[key] for key in form.account_fields if data.get(key)] if form else []
    if not accounts:
        return {}
    statement = select(Account.id, Account.name).where(Account.id.in_(accounts))
    return {row.id: row.name for row in reader.tx.execute(statement)}
