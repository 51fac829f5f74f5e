"""Moves a ticket, which is locked, with all that runs on it: all or nothing. What may be moved, the seam says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.commands.stepping import Work, load_case
from engine.commands.stepping.writing import Writing
from engine.domain.casework import Case, Settlement, due_of, open_user_task
from engine.domain.effects import Goal, UserTaskOpened
from engine.domain.events import FactsChanged
from engine.spiff.advancing import Step
from engine.spiff.migrating import Mapped, Moved, TicketVerdict, judge, judge_ticket
from engine.storage import instances, jobs, tickets, user_tasks
from engine.storage.instances import Loaded
from engine.storage.operations import migrations
from engine.storage.tables.user_tasks import NEVER

Row = Mapping[str, Any]


def move(work: Work, ticket: Row, policy_id: int, deployment_id: int, mapping: Mapped) -> TicketVerdict:
    """The verdict on a locked ticket; where it is safe, the ticket goes on by the deployment from now on.

    A fixed number of statements, and a few for each instance. Raises what a step raises where a row can't be written.
    """
    engine, tx, ticket_id = work.engine, work.tx, ticket["id"]
    rows = [row for row in migrations.instances(tx, [ticket_id], lock=True) if row["deployment_id"] != deployment_id]
    if not rows and ticket["deployment_id"] == deployment_id:
        return TicketVerdict()
    clocks = tickets.clocks(tx, ticket_id)
    case = load_case(engine, tx, ticket, deployment_id, policy_id, clocks)
    new, own = engine.version(deployment_id, tx), engine.version(ticket["deployment_id"], tx).package.fields
    verdicts = {
        row["id"]: judge(
            row["process"], row["state"], engine.version(row["deployment_id"], tx), new, mapping, case, work.now,
            engine.sandbox,
        )
        for row in rows
    }  # fmt: skip
    verdict = judge_ticket(case, own, verdicts, new, [name for _, name in migrations.mails(tx, [ticket_id])])
    if verdict.kind == "safe":
        for row in rows:
            loaded = Loaded(row, ticket, policy_id, {}, clocks=clocks)
            _Moving(work, loaded, case, deployment_id).write(verdict)
        tickets.change(tx, ticket_id, {"deployment_id": deployment_id})
        _journal(work, ticket, rows, deployment_id, mapping)
    return verdict


class _Moving:
    """One instance on its way into the tables."""

    def __init__(self, work: Work, loaded: Loaded, case: Case, deployment_id: int) -> None:
        self.work, self.loaded, self.case, self.deployment_id = work, loaded, case, deployment_id
        self.instance_id: str = loaded.instance["id"]

    def write(self, verdict: TicketVerdict) -> None:
        """Write it, or leave it to the batch. One that hasn't begun has nothing but its version."""
        instances.lead(self.work.batch, self.instance_id, self.deployment_id)
        if self.instance_id in verdict.moved:
            self._write(verdict.moved[self.instance_id], verdict.dues[self.instance_id])

    def _write(self, moved: Moved, dues: Mapping[int, datetime | None]) -> None:
        settled = Settlement({}, (), dues, rearm=False)
        step = Step(moved.state, moved.effects, ended=False)
        Writing(self.work, self.loaded, FactsChanged(), self.case, step, settled).write()
        if moved.user_tasks:
            opened = user_tasks.opened(self.work.tx, self.instance_id)
            for effect in moved.user_tasks:
                if effect.token in opened:
                    self._show(opened[effect.token], effect)
        jobs.place(self.work.batch, self.instance_id, moved.elements)

    def _show(self, row: Row, effect: UserTaskOpened) -> None:
        """The user task shows what the new version says; whose it is, and what is typed into it, stays."""
        shown = {
            "element": effect.element, "name": effect.name, "form": effect.form, "goal": effect.goal,
            "groups": list(open_user_task(effect, self.case)), "due_at": row["due_at"],
            "warning_at": row["warning_at"],
        }  # fmt: skip
        if effect.goal != row["goal"]:
            shown |= {
                "due_at": self._due(Goal(effect.goal)) or NEVER,
                "warning_at": self._due(Goal(effect.goal, "warning")),
            }
        if any(row[name] != value for name, value in shown.items()):
            user_tasks.show(self.work.batch, row, shown)

    def _due(self, goal: Goal) -> datetime | None:
        return due_of(goal, self.case, self.work.now) if goal.goal else None


def _journal(work: Work, ticket: Row, rows: Sequence[Row], deployment_id: int, mapping: Mapped) -> None:
    """One entry for the ticket, and which of its instances were moved from which version."""
    told = {
        "from_deployments": sorted({row["deployment_id"] for row in rows} or {ticket["deployment_id"]}),
        "to_deployment": deployment_id,
        "instances": [row["id"] for row in rows],
        "mapping": [[*place, element] for place, element in sorted(mapping.items())],
    }  # fmt: skip
    work.journal(told, ticket_id=ticket["id"], package_id=ticket["package_id"])
