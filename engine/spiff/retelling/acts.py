"""What each command was in a scenario's words: its verb, that time passed, or that no scenario can tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from engine.domain.events import GIVEN
from engine.spiff.retelling.disguise import Disguise
from engine.spiff.retelling.entries import Entry, by_command, command_of
from engine.spiff.retelling.standing import Place, Standing
from engine.spiff.versions import PackageVersion

Data = Mapping[str, Any]
#: a step that somebody took; timers that fired; what comes of the step before by itself; what no scenario tells
Kind = Literal["step", "timer", "follows", "untold"]

#: timers that fire so shortly after one another were due while nothing was working
_TOGETHER = timedelta(minutes=1)
#: kinds of entries that change nothing of the process
_OUTSIDE = frozenset({
    "command", "mail_prepared", "mail_sent", "mail_failed", "message_expired", "job_failed", "incident_raised",
})  # fmt: skip
_REMARKS = {
    "attachments.attach": "Here somebody attached a file; a scenario has none.",
    "instances.set_variables": "Here an operator gave variables other values; no step does that.",
    "instances.cancel": "Here an operator ended a process; no step does that.",
}


@dataclass
class Act:
    """Something that happened, with the entries that tell of it."""

    kind: Kind
    entries: list[Entry] = field(default_factory=list)
    step: dict[str, Any] | None = None
    #: what is to be said of it beside
    remarks: list[str] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.entries[-1].at

    def goes_with(self, before: Act) -> bool:
        """Whether it is told together with what happened before."""
        if self.kind == "timer":
            told = before.at.replace(microsecond=0)
            at_once = self.at.replace(microsecond=0) <= told and before.kind != "untold"
            return at_once or (before.kind == "timer" and self.at - before.at < _TOGETHER)
        return self.kind == "follows"


class Acts:
    """Reads a journal, oldest entry first, and tells what happened."""

    def __init__(self, version: PackageVersion, disguise: Disguise, ticket_id: int) -> None:
        self.version, self.package, self.disguise, self.ticket_id = version, version.package, disguise, ticket_id
        self.standing = Standing(version.package)
        #: incidents by their ids, as they were raised
        self._raised: dict[Any, Entry] = {}

    def read(self, entries: Iterable[Entry]) -> list[Act]:
        """Everything that happened, the opening first."""
        acts: list[Act] = []
        remarks: list[str] = []
        for group in by_command(entries):
            act = self._act(group)
            self._take(group)
            act.entries, act.remarks = group, [*remarks, *act.remarks]
            remarks = []
            if acts and act.goes_with(acts[-1]):
                acts[-1].entries += group
                acts[-1].remarks += act.remarks
            elif act.step or act.kind != "untold" or _moves(group):
                acts.append(act)
            else:
                remarks = act.remarks
        if remarks:
            acts.append(Act("untold", group, remarks=remarks))
        return acts

    def _take(self, group: list[Entry]) -> None:
        for entry in group:
            self.standing.take(entry)
            if entry.kind == "incident_raised" and "event" in entry.data:
                self._raised[entry.data.get("incident")] = entry

    def _act(self, group: list[Entry]) -> Act:
        told, command = group[0].command, command_of(group)
        if command is not None and told in _TELLERS:
            return _TELLERS[told](self, group, command)
        failed = next((entry for entry in group if entry.kind == "incident_raised" and "event" in entry.data), None)
        if command is None and failed is not None and told != "incidents.retry":
            return self._event(failed.data["event"], failed)
        remark = _REMARKS.get(told, f"Here something happened that no step does ({told})." if _moves(group) else "")
        return Act("untold", remarks=[remark] if remark else [])

    def _opened(self, group: list[Entry], command: Entry) -> Act:
        return Act("step", remarks=self._files(command))

    def _completed(self, group: list[Entry], command: Entry) -> Act:
        closed = (entry for entry in group if entry.kind == "user_task_closed" and entry.element == command.element)
        place = next((entry.place for entry in closed if entry.data.get("outcome") == "completed"), ("", 0))
        return self._complete(place, command.data.get("data", {}), command.actor)

    def _complete(self, place: Place, data: Data, actor: int) -> Act:
        task = self.standing.tasks.get(place)
        if task is None:
            return Act("untold", remarks=["Here somebody completed a user task of which nothing is known."])
        beside = [key for key, other in self.standing.tasks.items() if other.element == task.element]
        item = beside.index(place) + 1
        step = {"complete": task.element, "by": self.disguise.doer(actor), "item": item if item > 1 else None}
        return _step(step, data=self.disguise.answers(task.data.get("form", ""), data))

    def _noted(self, group: list[Entry], command: Entry) -> Act:
        data = command.data
        expects = data.get("expects", "nobody")
        act = _step({
            "note": self.disguise.text(str(data.get("text", ""))), "by": self.disguise.doer(command.actor),
            "expects": None if expects == "nobody" else expects, "public": None if data.get("public", True) else False,
        })  # fmt: skip
        act.remarks = self._files(command)
        return act

    def _acted(self, group: list[Entry], command: Entry) -> Act:
        return self._action(str(command.data.get("action", "")), command.data.get("data", {}), command.actor)

    def _action(self, key: str, data: Data, actor: int) -> Act:
        action = self.package.actions.get(key)
        answers = self.disguise.answers(action.form if action else "", data)
        return _step({"action": key, "by": self.disguise.doer(actor)}, data=answers)

    def _edited(self, group: list[Entry], command: Entry) -> Act:
        fields = self.disguise.fields(command.data.get("fields", {}))
        return _step({"edit": fields, "by": self.disguise.doer(command.actor)})

    def _fired(self, group: list[Entry], command: Entry) -> Act:
        return Act("timer")

    def _published(self, group: list[Entry], command: Entry) -> Act:
        return self._message(command.data, self.disguise.values(command.data.get("data", {})))

    def _delivered(self, group: list[Entry], command: Entry) -> Act:
        """What the ticket's own processes sent comes by itself; what came from elsewhere is told."""
        data = command.data
        if any(str(data.get("id", "")).startswith(f"{instance}:") for instance in self.standing.instances):
            return Act("follows")
        waiting = {entry.place for entry in group if entry.kind == "subscription_closed"}
        signal = any(self.standing.awaited(place)[1] for place in waiting)
        brought = self.disguise.values(data.get("data", {}))
        act = _step({"signal": data["message"]}, data=brought) if signal else self._message(data, brought)
        if "data" not in data:
            act.remarks.append("What it brought wasn't kept.")
        return act

    def _message(self, told: Data, brought: Data) -> Act:
        key = str(told.get("key", ""))
        own = self.disguise.text(key) if key != str(self.ticket_id) else None
        return _step({"message": told.get("message", ""), "key": own or None}, data=brought)

    def _job_ended(self, group: list[Entry], command: Entry) -> Act:
        if command.data.get("type") == "mail":
            return Act("untold")
        step = {"job": command.element}
        if command.command == "jobs.fail" or command.data.get("state") == "failed":
            return _step({**step, "fails": "It failed."})
        if command.command == "jobs.report_error":
            return _step({**step, "error": self.disguise.text(str(command.data.get("error", ""))) or "UNKNOWN"})
        return _step(step, result=self.disguise.values(self._result(group, command)))

    def _result(self, group: list[Entry], command: Entry) -> dict[str, Any]:
        """What a job gave: the first variables that its element set."""
        set_there = (entry for entry in group if (entry.kind, entry.element) == ("variables_changed", command.element))
        given = next((dict(entry.data.get("variables", {})) for entry in set_there), {})
        nodes = (process.nodes.get(command.element) for process in self.version.definitions.processes.values())
        name = next((node.result_variable for node in nodes if node is not None), "")
        return dict(given[name]) if isinstance(given.get(name), Mapping) else given

    def _retried(self, group: list[Entry], command: Entry) -> Act:
        failed = self._raised.get(command.data.get("incident"))
        if failed is None or not _moves(group):
            return Act("untold")
        event = dict(failed.data["event"])
        part = GIVEN.get(event["kind"])
        if part:
            event[part] = {**event.get(part, {}), **command.data.get("variables", {})}
        act = self._event(event, failed, again=True)
        act.remarks.append("An operator tried again what had failed; here it is done once more.")
        if command.data.get("instance_variables"):
            act.remarks.append("The operator gave variables other values before; no step does that.")
        return act

    def _event(self, event: Data, failed: Entry, again: bool = False) -> Act:
        """The step that brings an event which failed, or is tried again."""
        place = (failed.instance, int(event.get("token") or 0))
        match event["kind"]:
            case "user_task_completed":
                by = str(event.get("by") or "0")
                return self._complete(place, event.get("data", {}), int(by) if by.isdigit() else 0)
            case "message_received" | "signal_received":
                return self._received(place, event, failed, again)
            case "job_completed" if place in self.standing.jobs:
                return _step(
                    {"job": self.standing.jobs[place].element}, result=self.disguise.values(event.get("result", {}))
                )
            case "job_failed" if place in self.standing.jobs and not again:
                error = self.disguise.text(str(event.get("error") or ""))
                ends = {"error": error} if error else {"fails": "It failed."}
                return _step({"job": self.standing.jobs[place].element, **ends})
            case "timer_due" if not again:
                return Act("timer")
        return Act("untold", remarks=["Here something was done that no step does."])

    def _received(self, place: Place, event: Data, failed: Entry, again: bool) -> Act:
        name, signal = self.standing.awaited(place)
        data = event.get("data", {})
        if failed.command == "messages.deliver" and name in self.standing.thrown and not again:
            return Act("follows")
        if failed.command == "actions.act":
            key = next((action.key for action in self.package.actions.values() if action.message == name), "")
            return self._action(key, data, failed.actor)
        return _step({"signal" if signal else "message": name}, data=self.disguise.values(data))

    def _files(self, command: Entry) -> list[str]:
        return [_REMARKS["attachments.attach"]] if command.data.get("attachments") else []


_TELLERS: dict[str, Callable[[Acts, list[Entry], Entry], Act]] = {
    "tickets.open": Acts._opened, "user_tasks.complete": Acts._completed, "notes.add": Acts._noted,
    "actions.act": Acts._acted, "tickets.edit": Acts._edited, "timers.fire": Acts._fired,
    "messages.publish": Acts._published, "messages.deliver": Acts._delivered, "jobs.complete": Acts._job_ended,
    "jobs.fail": Acts._job_ended, "jobs.report_error": Acts._job_ended, "incidents.retry": Acts._retried,
}  # fmt: skip


def _step(step: Data, **more: Data) -> Act:
    """A step of what is there: nobody, and nothing, is left out."""
    told = {key: value for key, value in step.items() if value is not None}
    return Act("step", step={**told, **{key: dict(value) for key, value in more.items() if value}})


def _moves(group: Iterable[Entry]) -> bool:
    """Whether the process went on."""
    return any(entry.kind not in _OUTSIDE for entry in group)
