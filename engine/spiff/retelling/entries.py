"""The journal's entries of a ticket, and which of them belong to one command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: commands that tell themselves after all that came of them; editing does in between
_LAST = frozenset({"jobs.complete", "jobs.fail", "jobs.report_error"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One command, or one effect of it; `instance` is empty for what belongs to none."""

    at: datetime
    actor: int
    command: str
    kind: str
    element: str
    instance: str
    data: Mapping[str, Any]

    @property
    def token(self) -> int:
        """The token that it is about; 0 for none."""
        return int(self.data.get("token") or 0)

    @property
    def place(self) -> tuple[str, int]:
        """The instance and its token."""
        return self.instance, self.token


def by_command(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries of each command, oldest first, as they were written."""
    group: list[Entry] = []
    for entry in entries:
        if group and (_told_by(entry) != _told_by(group[0]) or _is_whole(group) or _begins(entry, group)):
            yield group
            group = []
        group.append(entry)
    if group:
        yield group


def command_of(group: Iterable[Entry]) -> Entry | None:
    """The entry that says what somebody did; None where it was undone, since it failed."""
    return next((entry for entry in group if entry.kind == "command"), None)


def _told_by(entry: Entry) -> tuple[Any, ...]:
    return entry.at, entry.actor, entry.command


def _is_whole(group: list[Entry]) -> bool:
    """Nothing follows on a command that tells itself last, nor on a step that failed and was undone."""
    last = group[-1]
    if last.command in _LAST:
        return last.kind == "command"
    return last.kind == "incident_raised" and command_of(group) is None


def _begins(entry: Entry, group: list[Entry]) -> bool:
    return entry.kind == "command" and command_of(group) is not None
