"""How Iter stands at one look: what stands still, what waits outside, whether a worker looks for what is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from engine.domain.actors import Actor
from engine.queries.operations.counting import Count, count
from engine.queries.operations.instances import RUNNING, TROUBLED
from engine.queries.operations.timers import overdue
from engine.queries.reading import Reader, Source, reading
from engine.storage.operations import workers
from engine.storage.tables import Incident, Instance, Job, Mail, Message, Ticket, Timer, WorkerBeat

#: a worker that wasn't seen for so long doesn't look any more
SILENCE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of the packages that the reader operates, up to a limit each; the rest is the whole installation's."""

    incidents: Count
    running: Count
    troubled: Count
    jobs_waiting: Count
    jobs_failed: Count
    mails_waiting: Count
    mails_failed: Count
    mails_kept: Count
    timers: Count
    timers_overdue: Count
    messages_waiting: Count
    #: since when the oldest open incident stands, the oldest job and mail wait, the most overdue timer is due
    oldest_incident: datetime | None
    oldest_job: datetime | None
    oldest_mail: datetime | None
    oldest_timer: datetime | None
    #: when a worker last looked; None where there was none
    worker_seen: datetime | None
    workers: int
    #: a worker was seen lately
    worker_looks: bool


def overview(engine: Source, actor: Actor) -> Overview:
    """All of it, by three statements."""
    now = engine.clock()
    with reading(engine, actor) as reader:
        counts = count(reader.tx, _counted(reader, now))
        oldest = reader.tx.execute(select(*(part.label(name) for name, part in _oldest(reader).items()))).one()
        alive = WorkerBeat.seen_at >= now - SILENCE
        seen = reader.tx.execute(select(func.max(WorkerBeat.seen_at), func.count().filter(alive))).one()
        found: dict[str, Any] = {**counts, **oldest._mapping}
        return Overview(**found, worker_seen=seen[0], workers=seen[1], worker_looks=seen[1] > 0)


def a_worker_looks(engine: Source) -> bool:
    """Whether a worker was seen lately."""
    with engine.database.read() as tx:
        seen = workers.last_seen(tx)
    return seen is not None and engine.clock() - seen <= SILENCE


def _counted(reader: Reader, now: datetime) -> Mapping[str, Select[Any]]:
    def of(table: Any, *conditions: Any) -> Select[Any]:
        return select(table.id).where(reader.where_may("operate", table.package_id), *conditions)

    timers = (
        select(Timer.id)
        .join(Ticket, Ticket.id == Timer.ticket_id)
        .where(reader.where_may("operate", Ticket.package_id), Timer.due_at.is_not(None))
    )
    return {
        "incidents": of(Incident, Incident.state == "open"),
        "running": of(Instance, RUNNING),
        "troubled": of(Instance, TROUBLED),
        "jobs_waiting": of(Job, Job.state == "open"),
        "jobs_failed": of(Job, Job.state == "failed"),
        "mails_waiting": of(Mail, Mail.state == "open"),
        "mails_failed": of(Mail, Mail.state == "failed"),
        "mails_kept": of(Mail, Mail.state == "kept"),
        "timers": timers,
        "timers_overdue": timers.where(overdue(now)),
        "messages_waiting": of(Message, Message.state == "waiting"),
    }


def _oldest(reader: Reader) -> Mapping[str, Any]:
    def first(column: Any, package: Any, *conditions: Any) -> Any:
        statement = select(column).where(reader.where_may("operate", package), *conditions)
        return statement.order_by(column).limit(1).scalar_subquery()

    return {
        "oldest_incident": select(Incident.raised_at)
        .where(reader.where_may("operate", Incident.package_id), Incident.state == "open")
        .order_by(Incident.id)
        .limit(1)
        .scalar_subquery(),
        "oldest_job": first(Job.created_at, Job.package_id, Job.state == "open"),
        "oldest_mail": first(Mail.created_at, Mail.package_id, Mail.state == "open"),
        "oldest_timer": select(Timer.due_at)
        .join(Ticket, Ticket.id == Timer.ticket_id)
        .where(reader.where_may("operate", Ticket.package_id), Timer.due_at.is_not(None))
        .order_by(Timer.due_at)
        .limit(1)
        .scalar_subquery(),
    }
