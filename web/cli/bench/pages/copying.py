"""Copies of tickets with all that hangs on them, as rows: other ids, times, people and texts. No statement here."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from engine.domain.words import document
from engine.storage.tables import (
    Base,
    Clock,
    Instance,
    Involvement,
    JournalEntry,
    Note,
    SearchDocument,
    Subscription,
    Ticket,
    Timer,
    UserTask,
    UserTaskGroup,
)
from web.cli.bench.pages.invented import Invention

Row = dict[str, Any]
Rows = dict[type[Base], list[Row]]

#: what is copied, in an order in which foreign keys allow it to be written
COPIED: tuple[type[Base], ...] = (
    Ticket, Involvement, Clock, Note, Instance, UserTask, UserTaskGroup, Timer, Subscription, JournalEntry,
    SearchDocument,
)  # fmt: skip
#: one copy in so many keeps its whole journal, the others the beginning
WHOLE_JOURNAL, JOURNAL = 100, 8
_PEOPLE = ("requester_id", "assignee_id", "opened_by", "account_id", "author_id", "closed_by", "actor_id")
_IN_GROUP = re.compile(r"^(account:|\w+@)(\d+)$")


@dataclass
class Places:
    """Who and what takes the place of what in one copy."""

    accounts: Mapping[int, int]
    companies: Mapping[int, int]
    later: timedelta
    ticket: int
    number: str
    instances: dict[str, str] = field(default_factory=dict)
    rows: dict[tuple[type[Base], int], int] = field(default_factory=dict)

    def person(self, account: int | None) -> int | None:
        """Whoever takes an account's place."""
        return self.accounts.get(account, account) if account else account

    def text(self, value: str) -> str:
        """An id that an instance's is part of."""
        for old, new in self.instances.items():
            value = value.replace(old, new)
        return value

    def group(self, name: str) -> str:
        """`account:12` and `role@7` in the copy."""
        found = _IN_GROUP.match(name)
        if not found:
            return name
        people = self.accounts if found[1] == "account:" else self.companies
        return f"{found[1]}{people.get(int(found[2]), int(found[2]))}"


class Copier:
    """Makes copies; the database's ids are given out by `next_id`."""

    def __init__(self, invention: Invention, made: Random, now: datetime, next_id: Callable[[type[Base]], int]) -> None:
        self._invention, self._made, self._now, self._next_id = invention, made, now, next_id

    def copy(self, pattern: Rows, places: Places, whole: bool) -> Rows:
        """The rows of one copy."""
        copied: Rows = {}
        for instance in pattern[Instance]:
            places.instances[instance["id"]] = str(uuid.UUID(int=self._made.getrandbits(128), version=4))
        for table in COPIED[:-1]:
            rows = pattern[table]
            if table is JournalEntry and not whole:
                rows = rows[:JOURNAL]
            copied[table] = [self._row(table, row, places) for row in rows]
        copied[SearchDocument] = self._documents(copied)
        return copied

    def _row(self, table: type[Base], row: Row, places: Places) -> Row:
        new = {name: self._moved(value, places.later) for name, value in row.items()}
        for name in _PEOPLE:
            if name in new:
                new[name] = places.person(new[name])
        if "ticket_id" in new:
            new["ticket_id"] = places.ticket
        if new.get("instance_id"):
            new["instance_id"] = places.instances[row["instance_id"]]
        own = _OWN.get(table)
        if own:
            own(self, row, new, places)
        return new

    def _moved(self, value: Any, later: timedelta) -> Any:
        return value + later if isinstance(value, datetime) and value.year < 9999 else value

    def _ticket(self, row: Row, new: Row, places: Places) -> None:
        subject = f"{row['subject']} ({self._invention.words(2)})"
        text = f"{row['text']}\n\n{self._invention.sentence()} {self._invention.sentence()}"
        company = places.companies.get(row["company_id"], row["company_id"])
        new.update(id=places.ticket, number=places.number, subject=subject, text=text, company_id=company)

    def _note(self, row: Row, new: Row, places: Places) -> None:
        new.update(id=self._next_id(Note), text=f"{row['text']}\n\n{self._invention.sentence()}")

    def _clock(self, row: Row, new: Row, places: Places) -> None:
        instants = ("started_at", "paused_since", "stopped_at", "judged_deadline")
        content = dict(row["content"])
        for name in instants:
            if content.get(name):
                content[name] = (datetime.fromisoformat(content[name]) + places.later).isoformat()
        new["content"] = content

    def _instance(self, row: Row, new: Row, places: Places) -> None:
        new["id"] = places.instances[row["id"]]
        if row["state"]:
            state = json.loads(places.text(row["state"].decode()))
            new["state"] = json.dumps({**state, "key": str(places.ticket)}, separators=(",", ":")).encode()

    def _user_task(self, row: Row, new: Row, places: Places) -> None:
        new.update(id=self._next_id(UserTask), key=places.text(row["key"]))
        new["groups"] = [places.group(group) for group in row["groups"]]
        places.rows[UserTask, row["id"]] = new["id"]

    def _user_task_group(self, row: Row, new: Row, places: Places) -> None:
        new.update(user_task_id=places.rows[UserTask, row["user_task_id"]], group=places.group(row["group"]))

    def _timer(self, row: Row, new: Row, places: Places) -> None:
        new["id"] = places.text(row["id"])
        if new["due_at"] and new["due_at"] <= self._now:
            new["due_at"] = None  # the copies lie there to be looked at: nothing of them is due

    def _subscription(self, row: Row, new: Row, places: Places) -> None:
        new["id"] = places.text(row["id"])

    def _entry(self, row: Row, new: Row, places: Places) -> None:
        new["id"] = self._next_id(JournalEntry)

    def _documents(self, copied: Rows) -> list[Row]:
        (ticket,) = copied[Ticket]
        about = (ticket["number"], ticket["subject"])
        rows = [(None, True, document(*about, ticket["text"], ticket["company_id"]))]
        rows += [
            (note["id"], note["public"], document(*about, note["text"], ticket["company_id"], note["public"]))
            for note in copied[Note]
        ]
        return [
            {"ticket_id": ticket["id"], "note_id": note_id, "public": public, "words": words}
            for note_id, public, words in rows
        ]


_OWN: Mapping[type[Base], Callable[[Copier, Row, Row, Places], None]] = {
    Ticket: Copier._ticket, Note: Copier._note, Clock: Copier._clock, Instance: Copier._instance,
    UserTask: Copier._user_task, UserTaskGroup: Copier._user_task_group, Timer: Copier._timer,
    Subscription: Copier._subscription, JournalEntry: Copier._entry,
}  # fmt: skip
