"""How a ticket stood after each entry of its journal, told as a scenario's expectations tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.errors import Invalid
from engine.domain.packages import Package
from engine.domain.ticket_fields import FIXED, accept
from engine.domain.time.durations import parse_instant
from engine.domain.time.zones import find_zone
from engine.spiff.retelling.entries import Entry

Place = tuple[str, int]
#: fields that are expected under keys of their own
_OWN_KEYS = ("status", "request_type")


@dataclass
class Standing:
    """The ticket while its journal is read."""

    package: Package
    #: what waits, by instance and token: user tasks, jobs and subscriptions as they were opened
    tasks: dict[Place, Entry] = field(default_factory=dict)
    jobs: dict[Place, Entry] = field(default_factory=dict)
    subscriptions: dict[Place, Entry] = field(default_factory=dict)
    #: names of the messages that the ticket's own processes sent
    thrown: set[str] = field(default_factory=set)
    #: instance → whether it has ended
    instances: dict[str, bool] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    deadlines: dict[str, str] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    incidents: list[str] = field(default_factory=list)

    def take(self, entry: Entry) -> None:
        """What one more entry tells."""
        data = entry.data
        if entry.instance:
            self.instances[entry.instance] = entry.kind == "instance_ended" or self.instances.get(entry.instance, False)
        match entry.kind:
            case "element_entered":
                self.path.append(entry.element)
            case "message_thrown" | "signal_thrown":
                self.thrown.add(str(data.get("message") or data.get("signal")))
            case "ticket_changed":
                self.fields |= self._accepted(data.get("fields", {}))
            case "clock_changed":
                self.deadlines[data["goal"]] = self._deadline(data)
            case "mail_queued":
                self.mails.append(str(data.get("template", "")))
            case "incident_raised" if "event" in data:
                self.incidents.append(entry.element)
            case "command" if entry.command == "tickets.edit":
                self.fields |= self._accepted(data.get("fields", {}))
            case _:
                self._wait(entry)

    def _wait(self, entry: Entry) -> None:
        what, _, how = entry.kind.rpartition("_")
        waiting = {"user_task": self.tasks, "job": self.jobs, "subscription": self.subscriptions}.get(what, {})
        if how in ("opened", "created"):
            waiting[entry.place] = entry
        elif how in ("closed", "cancelled"):
            waiting.pop(entry.place, None)

    def awaited(self, place: Place) -> tuple[str, bool]:
        """The name of the message that a token waits for, and whether it is a signal's; empty for none."""
        found = self.subscriptions.get(place)
        return (str(found.data.get("message", "")), bool(found.data.get("signal"))) if found else ("", False)

    def snapshot(self) -> dict[str, Any]:
        """How it stands: what a scenario may expect of it at any time."""
        ended = bool(self.instances) and all(self.instances.values())
        return {
            "status": self.fields.get("status", ""),
            "request_type": self.fields.get("request_type", ""),
            "ticket": {name: value for name, value in self.fields.items() if self._is_told(name)},
            "open_tasks": [task.element for task in self.tasks.values()],
            "deadlines": dict(self.deadlines),
            "ended": ended,
        }

    def waited_for(self) -> list[str]:
        """The messages and signals that somebody waits for."""
        return sorted({self.awaited(place)[0] for place in self.subscriptions})

    def _accepted(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the ticket keeps them."""
        found = {}
        for name, value in fields.items():
            try:
                found[name] = accept(self.package, name, value)
            except Invalid:
                found[name] = value
        return found

    def _is_told(self, name: str) -> bool:
        """Texts are replaced: what came of them can't be expected."""
        known = self.package.fields.get(name)
        plain = known.type != "text" if known else name in ("category", "department", "assignee", "requester")
        return plain and name not in (*_OWN_KEYS, *FIXED)

    def _deadline(self, clock: Mapping[str, Any]) -> str:
        due = datetime.fromisoformat(clock["deadline_at"]) if clock.get("deadline_at") else None
        if clock.get("stopped_at"):
            late = due is not None and datetime.fromisoformat(clock["stopped_at"]) > due
            return ("missed" if late else "met") if clock.get("met") else "stopped"
        if due is None or clock.get("paused_since"):
            return "paused"
        return told_at(due, find_zone(self.package.time_zone), "minutes")


def told_at(instant: datetime, zone: ZoneInfo, exactly: str = "seconds") -> str:
    """An instant as scenarios write it: in the package's zone, with seconds only where there are some."""
    floor = instant.astimezone(UTC).replace(microsecond=0)
    local = floor.astimezone(zone)
    spec = "minutes" if exactly == "minutes" or not local.second else "seconds"
    plain = local.replace(tzinfo=None).isoformat(timespec=spec)
    return plain if parse_instant(plain, zone) in (floor, floor.replace(second=0)) else local.isoformat(timespec=spec)
