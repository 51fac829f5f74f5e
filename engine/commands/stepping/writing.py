"""Writes what a step left behind, each kind in one batch. What it means was decided before (`casework`, `rows`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy.exc import IntegrityError

from engine.commands import announcements
from engine.commands.stepping.rows import Left, journal_data, sort_out
from engine.commands.stepping.tickets import write_ticket
from engine.commands.stepping.work import Work
from engine.domain import effects
from engine.domain.casework import Case, Settlement, due_of, facts_of, open_user_task
from engine.domain.effects import Effect
from engine.domain.errors import StepFailed
from engine.domain.events import Event, FactsChanged, VariablesSet
from engine.domain.said import said
from engine.domain.time.dues import due_to_json
from engine.spiff.advancing import Step
from engine.storage import instances, jobs, messages, tickets, timers, user_tasks
from engine.storage.instances import Loaded
from engine.storage.operations import incidents
from engine.storage.tables.user_tasks import NEVER
from engine.storage.tickets import search

#: how long a signal may be on its way to somebody who waits for it
SIGNAL_LIFE = timedelta(hours=24)


class Writing:
    """One step's way into the tables. Made and used by `take_step` alone."""

    def __init__(self, work: Work, loaded: Loaded, event: Event, case: Case, step: Step, settled: Settlement) -> None:
        self.work, self.tx, self.batch, self.now = work, work.tx, work.batch, work.now
        self.loaded, self.case, self.settled = loaded, case, settled
        self.happened, self.state = step.effects, step.state
        #: the tokens whose steps have succeeded by this: the event's, None for a start
        self.moved: set[int | None] = (
            set() if isinstance(event, VariablesSet | FactsChanged) else {getattr(event, "token", None)}
        )
        self.left: Left = sort_out(step.effects)
        self.instance_id: str = loaded.instance["id"]
        self.ticket_id: int = loaded.ticket["id"]
        self.package_id: str = loaded.instance["package_id"]
        #: columns that every row of the instance's has
        self.here = {"instance_id": self.instance_id, "ticket_id": self.ticket_id}

    def write(self) -> None:
        """Write everything, or leave it to the batch. Raises `StepFailed` for what can't stand."""
        self._instance()
        write_ticket(self.work, self.loaded.ticket, self.case, self.settled, self.happened)
        self._user_tasks()
        self._timers()
        self._subscriptions()
        self._jobs()
        self._notes()
        self._messages()
        self._journal()

    def _instance(self) -> None:
        ended, instance = self.left.ended, self.loaded.instance
        values: dict[str, Any] = {"state": self.state, "ended_at": None, "outcome": None}
        if ended:
            values |= {"ended_at": self.now, "outcome": ended.outcome}
            self.work.announce(announcements.instance_ended, **self.here, outcome=ended.outcome)
        if instance["troubled"]:
            values["troubled"] = self._mended(bool(ended))
        instances.save(self.batch, self.instance_id, instance["revision"], values)

    def _mended(self, ended: bool) -> bool:
        """Resolve the incidents that this step makes pointless; gives whether others are still open."""
        by = self.work.actor.id
        if ended:
            incidents.resolve_all(self.tx, self.instance_id, self.now, by)
            return False
        return incidents.resolve_steps(self.tx, self.instance_id, {*self.moved, *self.left.gone}, self.now, by)

    def _user_tasks(self) -> None:
        waiting = self.left.user_tasks
        if waiting.closed:
            self._close_user_tasks([cast(effects.UserTaskClosed, effect) for effect in waiting.closed.values()])
        opened = [cast(effects.UserTaskOpened, effect) for effect in waiting.opened.values()]
        if not opened:
            return
        groups = [open_user_task(effect, self.case) for effect in opened]
        try:
            ids = user_tasks.add(self.tx, list(map(self._user_task, opened, groups)))
        except IntegrityError as error:
            element = opened[0].element
            raise StepFailed(element, said("The user task is assigned to an account that doesn't exist.")) from error
        for user_task_id, effect in zip(ids, opened, strict=True):
            opening = {"user_task_id": user_task_id, "element": effect.element}
            self.work.announce(announcements.user_task_opened, ticket_id=self.ticket_id, **opening)

    def _close_user_tasks(self, closed: Sequence[effects.UserTaskClosed]) -> None:
        outcomes = {effect.token: effect.outcome for effect in closed}
        user_tasks.close(self.batch, self.instance_id, outcomes, self.now, self.work.actor.id)
        for effect in closed:
            told = {"token": effect.token, "element": effect.element, "outcome": effect.outcome}
            self.work.announce(announcements.user_task_closed, **self.here, **told)

    def _user_task(self, effect: effects.UserTaskOpened, groups: Sequence[str]) -> dict[str, Any]:
        assignee = effect.assignee
        if assignee and not (assignee.isascii() and assignee.isdigit() and len(assignee) < 10):
            raise StepFailed(
                effect.element,
                said("Expected an account's number as assignee, but got {assignee}.", assignee=f"{assignee!r:.80}"),
            )
        return {
            "key": effect.id, **self.here, "token": effect.token, "package_id": self.package_id,
            "element": effect.element, "name": effect.name, "form": effect.form, "goal": effect.goal,
            "assignee_id": int(assignee) if assignee else None, "opened_at": self.now, "groups": list(groups),
            "due_at": self._due(effect.goal, "deadline") or NEVER, "warning_at": self._due(effect.goal, "warning"),
        }  # fmt: skip

    def _due(self, goal: str, mark: effects.Mark) -> datetime | None:
        return due_of(effects.Goal(goal, mark), self.case, self.now) if goal else None

    def _timers(self) -> None:
        waiting = self.left.timers
        if waiting.closed:
            timers.remove(self.batch, self.instance_id, waiting.closed)
        timers.arm(self.batch, [self._timer(cast(effects.TimerSet, effect)) for effect in waiting.opened.values()])

    def _timer(self, effect: effects.TimerSet) -> dict[str, Any]:
        goal = effect.due if isinstance(effect.due, effects.Goal) else None
        return {
            "id": effect.id, **self.here, "token": effect.token, "element": effect.element,
            "due": due_to_json(effect.due), "due_at": self.settled.dues[effect.token],
            "goal": goal.goal if goal else "", "mark": goal.mark if goal else "",
        }  # fmt: skip

    def _subscriptions(self) -> None:
        waiting = self.left.subscriptions
        if waiting.closed:
            messages.unsubscribe(self.batch, self.instance_id, waiting.closed)
        opened = [cast(effects.SubscriptionOpened, effect) for effect in waiting.opened.values()]
        if not opened:
            return
        messages.subscribe(self.batch, [
            {
                "id": effect.id, **self.here, "token": effect.token, "package_id": self.package_id,
                "element": effect.element, "message": effect.message, "key": effect.key, "signal": effect.signal,
                "opened_at": self.now,
            }
            for effect in opened
        ])  # fmt: skip
        if wanted := {(effect.message, effect.key) for effect in opened if not effect.signal}:
            messages.wake(self.tx, self.package_id, wanted, self.now)

    def _jobs(self) -> None:
        waiting = self.left.jobs
        if waiting.closed:
            jobs.cancel(self.batch, self.instance_id, waiting.closed, self.now)
        created = [cast(effects.JobCreated, effect) for effect in waiting.opened.values()]
        rows = [self._job(effect, effect.type, effect.parameters, effect.token) for effect in created]
        rows.extend(self._job(effect, "mail", self._mail(effect), None) for effect in self.left.mails)
        if rows:
            jobs.add(self.batch, rows)
            self.work.wakes = True

    def _job(self, effect: Effect, kind: str, payload: Mapping[str, Any], token: int | None) -> dict[str, Any]:
        return {
            "id": effect.id, "type": kind, "payload": payload, "package_id": self.package_id, **self.here,
            "token": token, "element": effect.element, "state": "open", "next_attempt_at": self.now,
            "created_at": self.now,
        }  # fmt: skip

    def _mail(self, effect: effects.MailQueued) -> dict[str, Any]:
        """What a mail is made of, later: the ticket as it stands now, so that the text tells of this moment."""
        ticket = facts_of(self.case)["ticket"]
        return {"template": effect.template, "to": effect.to, "ticket": ticket, "variables": effect.variables}

    def _notes(self) -> None:
        if not self.left.notes:
            return
        by = {"ticket_id": self.ticket_id, "author_id": self.work.actor.id or None, "at": self.now, "public": True}
        notes = self.left.notes
        ids = tickets.add_notes(self.tx, [{**by, "text": note.text, "expects": note.expects} for note in notes])
        changed = {"subject": self.case.ticket["subject"], "company_id": self.case.ticket["company"]}
        written = [(note_id, note.text, True) for note_id, note in zip(ids, notes, strict=True)]
        search.add_notes(self.tx, {**self.loaded.ticket, **changed}, written)

    def _messages(self) -> None:
        rows = [
            self._message(effect, effect.message, effect.data, effect.time_to_live, key=effect.key)
            for effect in self.left.messages
        ]
        if rows:
            messages.add(self.batch, rows)
        if self.left.signals:
            self.batch.flush()  # who waits is read
        for effect, beyond in self.left.signals:
            messages.broadcast(self.tx, self._message(effect, effect.signal, effect.data, SIGNAL_LIFE), beyond)
        self.work.wakes = self.work.wakes or bool(rows or self.left.signals)

    def _message(
        self, effect: Effect, name: str, data: Mapping[str, Any], life: timedelta, key: str = ""
    ) -> dict[str, Any]:
        return {
            "id": effect.id, **self.here, "package_id": self.package_id, "name": name, "key": key, "data": data,
            "state": "waiting", "published_at": self.now, "expires_at": self.now + life, "next_attempt_at": self.now,
            "published_by": self.work.actor.id,
        }  # fmt: skip

    def _journal(self) -> None:
        for effect in self.happened:
            data = journal_data(effect)
            if isinstance(effect, effects.TimerSet) and (due := self.settled.dues[effect.token]):
                data["due_at"] = due.isoformat()
            self.work.journal(data, kind=effect.kind, element=effect.element, **self.here, package_id=self.package_id)
