"""What is said of an instance that is drawn. Plain values; nothing is read here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Passage:
    """A token came to an element."""

    at: datetime
    process: str
    #: what the process is called
    process_name: str
    element: str
    #: what the element is called; its id where it has no name
    label: str
    named: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """An element that was passed, once or more."""

    element: str
    label: str
    count: int
    #: of all elements of the instance, the how-manieth to be come to first
    order: int
    #: when it was come to, the last ones, newest first
    times: list[datetime]


@dataclass(frozen=True, slots=True)
class Stand:
    """A token that is at an element."""

    token: int
    process: str
    element: str
    label: str
    #: what it waits for: user_task, timer, message, job, join, events; scope: for what is inside the element
    waits: str
    #: None where it came longer ago than is looked for
    since: datetime | None
    #: when it goes on by itself, or what is attached to it takes it away or warns: (what it is called, when)
    dues: list[tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class Stuck:
    """An open incident at an element."""

    incident: int
    process: str
    element: str
    label: str
    problem: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One diagram of the instance: its own, or one of a process that it has called."""

    #: path of the file in the package
    file: str
    #: what its process is called
    name: str
    passed: list[Passed] = field(default_factory=list)
    #: how often tokens took each flow
    flows: dict[str, int] = field(default_factory=dict)
    stands: list[Stand] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    #: call activities on it, and the sheet of what each calls
    calls: dict[str, str] = field(default_factory=dict)
    #: what is written on it, as the reader's language says it: {as it was drawn: translated}
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Way:
    """An instance drawn."""

    instance: str
    ticket: int
    number: str
    deployment_id: int
    #: what the process is called
    name: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    #: its own diagram first, then those of called processes in the order in which they were come to
    sheets: list[Sheet]
    #: the latest passages, oldest first
    passages: list[Passage]
    #: it passed more elements than are looked for: the earliest are neither drawn nor counted
    cut: bool
    #: its state can't be read: where it stands isn't known
    unreadable: str = ""

    @property
    def stands(self) -> list[Stand]:
        """Where it stands, on all sheets; not the activities around."""
        return [stand for sheet in self.sheets for stand in sheet.stands if stand.waits != "scope"]

    @property
    def stuck(self) -> list[Stuck]:
        """Its open incidents, on all sheets."""
        return [stuck for sheet in self.sheets for stuck in sheet.stuck]
