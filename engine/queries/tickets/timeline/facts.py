"""From the journal's entries of one command to one event: who did what, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row

from engine.domain.packages import Package, goal_label, text
from engine.queries.elements import label_of
from engine.queries.tickets import naming
from engine.spiff.versions import PackageVersion

Kind = Literal[
    "field", "answer", "opened", "completed", "dropped", "clock_paused", "clock_due", "clock_met", "clock_late",
    "clock_stopped", "mail", "mail_failed", "mail_sent", "incident", "job_failed", "ended", "entered", "waits", "file",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that came of a command. `label` is what it is about, in words; `value` a text, number or instant."""

    kind: Kind
    label: str
    value: Any = ""
    #: what the field held before, where that is known
    before: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One command with what came of it; `actor` 0 is Iter itself."""

    #: id of the newest of its entries in the journal, and of the oldest
    id: int
    first: int
    at: datetime
    actor: int
    actor_name: str
    command: str
    #: what it was done to or with: a user task, an action, a timer
    label: str = ""
    #: name of somebody else whom it is about
    other: str = ""
    #: why, in the words of who did it
    reason: str = ""
    #: the note that it wrote
    note: int | None = None
    facts: tuple[Fact, ...] = ()
    #: texts that it wrote on the ticket as notes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """What is needed to tell events: the version that the ticket runs on, the reader's language, people's names."""

    version: PackageVersion
    language: str
    people: Mapping[int, str] = field(default_factory=dict)

    @property
    def package(self) -> Package:
        """The package of the version."""
        return self.version.package

    def event(self, rows: Sequence[Row[Any]]) -> Event:
        """The event that the entries of one command, newest first, tell of."""
        newest = rows[0]
        command = next((row for row in rows if row.kind == "command"), None)
        notes = tuple(row.data.get("text", "") for row in reversed(rows) if row.kind == "note_written")
        facts = _sorted(list(self._facts(list(reversed(rows)), notes)))
        about = self._about(command) if command is not None else {}
        return Event(
            id=newest.id, first=rows[-1].id, at=newest.at, actor=newest.actor_id, actor_name=newest.actor_name or "",
            command=newest.command, facts=facts, notes=notes, **about,
        )  # fmt: skip

    def _about(self, row: Row[Any]) -> dict[str, Any]:
        data = row.data
        about: dict[str, Any] = {"reason": str(data.get("reason") or ""), "note": data.get("note")}
        if row.command == "actions.act":
            action = self.package.actions.get(data.get("action", ""))
            label = text(action.label, self.language, self.package.language) if action else data.get("action", "")
            return {**about, "label": label}
        if row.element:
            about["label"] = self._element(row)
        other = data.get("to") or data.get("account")
        return {**about, "other": self.people.get(other, "") if isinstance(other, int) else ""}

    def _facts(self, rows: Sequence[Row[Any]], notes: Sequence[str]) -> Iterator[Fact]:
        """In the order in which they came; of several values of one field, and of one clock, the last."""
        changed: dict[str, Any] = {}
        for row in rows:
            changed |= row.data.get("fields", {}) if row.kind in ("ticket_changed", "command") else {}
        last = {row.data["goal"]: row.id for row in rows if row.kind == "clock_changed" and "goal" in row.data}
        for row in rows:
            if row.kind == "command":
                yield from self._said(row, notes)
            elif row.kind == "ticket_changed":
                yield from self._fields({name: changed.pop(name) for name in row.data["fields"] if name in changed})
            elif row.kind != "clock_changed" or last.get(row.data.get("goal")) == row.id:
                yield from self._fact(row)

    def _said(self, row: Row[Any], notes: Sequence[str]) -> Iterator[Fact]:
        """What who did it said: fields by hand, the answers of a form, files."""
        data = row.data
        if row.command == "tickets.edit":
            yield from self._fields(data.get("fields", {}), data.get("before", {}))
        form = naming.form_of(self.version, row.element) if row.command == "user_tasks.complete" else ""
        if row.command == "actions.act" and (action := self.package.actions.get(data.get("action", ""))):
            form = action.form
        if form and isinstance(data.get("data"), Mapping):
            for label, value in naming.given_answers(self.version, form, data["data"], self.people, self.language):
                if value not in notes:
                    yield Fact("answer", label, value)
        for file in data.get("attachments", []):
            yield Fact("file", str(file.get("name", "")), file.get("id"))

    def _fields(self, fields: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Iterator[Fact]:
        for name, value in fields.items():
            if value in (None, "") and before is None:
                continue  # what was empty before, most likely
            label = naming.field_label(self.package, name, self.language)
            values = (value, (before or {}).get(name))
            yield Fact("field", label, *(
                naming.shown(self.package, name, each, self.language, self.people) for each in values
            ))  # fmt: skip

    def _fact(self, row: Row[Any]) -> Iterator[Fact]:
        data = row.data
        match row.kind:
            case "user_task_opened":
                yield Fact("opened", self._element(row))
            case "user_task_closed":
                done = data.get("outcome") == "completed"
                if not done or row.command != "user_tasks.complete":
                    yield Fact("completed" if done else "dropped", self._element(row))
            case "clock_changed":
                yield self._clock(data)
            case "mail_prepared" | "mail_sent" | "mail_failed":
                kind: Any = {"mail_prepared": "mail"}.get(row.kind, row.kind)
                account = naming.account_id(str(data.get("mail", "")).rpartition(":")[2])
                to = self.people.get(account) or str(data.get("recipient", ""))
                yield Fact(kind, str(data.get("subject", "")), to)
            case "incident_raised" | "job_failed":
                yield Fact("incident" if row.kind == "incident_raised" else "job_failed", self._element(row),
                           str(data.get("problem", "")))  # fmt: skip
            case "instance_ended":
                yield Fact("ended", str(data.get("outcome", "")))
            case "element_entered":
                yield Fact("entered", self._element(row))
            case "timer_set" if data.get("due_at"):
                yield Fact("waits", self._element(row), datetime.fromisoformat(data["due_at"]))

    def _clock(self, data: Mapping[str, Any]) -> Fact:
        label = goal_label(self.package, data["goal"], self.language)
        due: Any = datetime.fromisoformat(data["deadline_at"]) if data.get("deadline_at") else ""
        if data.get("stopped_at"):
            late = bool(due) and datetime.fromisoformat(data["stopped_at"]) > due
            return Fact(("clock_late" if late else "clock_met") if data.get("met") else "clock_stopped", label, due)
        return Fact("clock_paused", label) if data.get("paused_since") else Fact("clock_due", label, due)

    def _element(self, row: Row[Any]) -> str:
        return label_of(self.version, row.element, row.data.get("process", ""))


#: what is told first
_ORDER: tuple[Kind, ...] = (
    "answer", "file", "field", "completed", "dropped", "opened", "ended", "incident", "job_failed",
    "clock_met", "clock_late", "clock_stopped", "clock_paused", "clock_due", "mail", "mail_failed", "mail_sent",
    "waits", "entered",
)  # fmt: skip


def _sorted(facts: list[Fact]) -> tuple[Fact, ...]:
    """By kind; an answer that became a field is told once."""
    fields = [fact.value for fact in facts if fact.kind == "field"]
    kept = (fact for fact in facts if fact.kind != "answer" or fact.value not in fields)
    return tuple(sorted(kept, key=lambda fact: _ORDER.index(fact.kind)))


def accounts_in(rows: Sequence[Row[Any]], version: PackageVersion) -> set[int]:
    """The accounts that the entries name, beside who did them."""
    found: set[Any] = set()
    for row in rows:
        data = row.data
        fields = data.get("fields", {}) if row.kind in ("command", "ticket_changed") else {}
        earlier = data.get("before", {}) if row.kind == "command" else {}
        found |= {held.get(name) for name in naming.PEOPLE for held in (fields, earlier) if isinstance(held, Mapping)}
        found.add(str(data.get("mail", "")).rpartition(":")[2])
        if row.kind == "command":
            found |= {data.get("to"), data.get("account"), *_answered(row, version)}
    return {naming.account_id(account) for account in found} - {0}


def _answered(row: Row[Any], version: PackageVersion) -> Iterator[Any]:
    answers = row.data.get("data")
    if isinstance(answers, Mapping):
        keys = {key for form in version.forms.values() for key in form.account_fields}
        yield from (value for key, value in answers.items() if key in keys)
