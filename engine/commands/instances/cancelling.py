"""End an instance from outside, with all that it waits for; also one that can't be read or hasn't begun."""

from __future__ import annotations

from engine.commands import announcements
from engine.commands.engine import Engine
from engine.commands.instances.finding import operated_instance
from engine.commands.stepping import Work, take_step, working
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, CorruptState
from engine.domain.events import Cancelled
from engine.domain.said import said
from engine.domain.storable import LINE, check_texts
from engine.storage import instances, jobs, messages, timers, user_tasks
from engine.storage.instances import Loaded
from engine.storage.operations import incidents
from engine.storage.tables import Job, Subscription, Timer, UserTask


def cancel(engine: Engine, instance_id: str, actor: Actor, reason: str) -> None:
    """Cancel an instance with all of its tokens; the ticket stays as it is. For who operates the package.

    Raises `Invalid`, `NotFound`, `Forbidden`, `Conflict` where it has ended.
    """
    check_texts({"reason": (reason, LINE, True)})
    with working(engine, actor, "instances.cancel") as work:
        loaded = operated_instance(work, instance_id)
        work.journal({"reason": reason}, **work.where(loaded))
        if loaded.instance["state"] is None:
            _end(work, loaded)
            return
        before = work.mark()
        try:
            with work.tx.begin_nested():
                take_step(work, loaded, Cancelled(reason))
        except CorruptState:
            work.return_to(before)
            _end(work, loaded)


def _end(work: Work, loaded: Loaded) -> None:
    """End it without asking its state, which is not there or can't be read: by the rows of what it waits for."""
    instance = loaded.instance
    if instance["ended_at"] is not None:
        raise Conflict(said("The process has ended."))
    values = {"ended_at": work.now, "outcome": "cancelled", "troubled": False}
    instances.save(work.batch, instance["id"], instance["revision"], values)
    _take_away(work, instance["id"])
    incidents.resolve_all(work.tx, instance["id"], work.now, work.actor.id)
    where = work.where(loaded)
    work.journal({"outcome": "cancelled", "unread": True}, kind="instance_ended", **where)
    ended = {"ticket_id": instance["ticket_id"], "instance_id": instance["id"]}
    work.announce(announcements.instance_ended, **ended, outcome="cancelled")


def _take_away(work: Work, instance_id: str) -> None:
    waiting = instances.waiting(work.tx, instance_id)
    closed = dict.fromkeys(waiting[UserTask], "cancelled")
    if closed:
        user_tasks.close(work.batch, instance_id, closed, work.now, work.actor.id)
    timers.remove(work.batch, instance_id, waiting[Timer])
    messages.unsubscribe(work.batch, instance_id, waiting[Subscription])
    jobs.cancel(work.batch, instance_id, waiting[Job], work.now)
