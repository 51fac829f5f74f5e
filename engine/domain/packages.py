"""What a process package says about its company: statuses, roles, calendars, numbers, texts. Pure data.

Read and checked from `package.toml` by `engine.domain.package_files`. Reference: `docs/reference/package.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.domain.time.calendars import Calendar

#: texts by language code
Label = Mapping[str, str]
StatusKind = Literal["waiting_us", "waiting_customer", "open", "closed", "cancelled"]
Permission = Literal[
    "open_ticket", "open_ticket_for", "note", "note_internal", "decide", "hand_over",
    "edit_policy", "deploy", "operate", "accounts", "publish",
]  # fmt: skip

#: fields that every ticket has; a package declares its own beside them
BUILT_IN_FIELDS = (
    "id", "number", "subject", "text", "status", "request_type", "category", "department",
    "assignee", "requester", "company", "opened_at",
)  # fmt: skip

_SEQUENCE = re.compile(r"\{sequence(?::0?(\d{1,2}))?\}")


def goal_label(package: Package, goal: str, language: str) -> str:
    """What a goal is called; its key where the package doesn't say."""
    named = package.goals.get(goal)
    return text(named.label, language, package.language) if named else goal.replace("_", " ")


def text(label: Label, *languages: str) -> str:
    """The label in the first of the languages that it has, else in any."""
    for language in languages:
        if language in label:
            return label[language]
    return next(iter(label.values()), "")


def format_number(pattern: str, year: int, sequence: int) -> str:
    """`MR-{year}-{sequence:05}` filled in. Not by `str.format`: the pattern isn't ours."""
    filled = _SEQUENCE.sub(lambda match: str(sequence).zfill(int(match[1] or 0)), pattern)
    return filled.replace("{year}", str(year))


@dataclass(frozen=True, slots=True)
class Choice:
    """A key with what it is called: a request type, a category, a department, a step, a field's choice."""

    key: str
    label: Label


@dataclass(frozen=True, slots=True)
class Status:
    """A state of a ticket. `kind` is all that Iter knows of it."""

    key: str
    kind: StatusKind
    colour: str
    label: Label


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a ticket beside the built-in ones."""

    key: str
    type: Literal["text", "number", "boolean", "date", "datetime", "choice"]
    label: Label
    visible_to: tuple[str, ...] = ("staff",)
    choices: tuple[Choice, ...] = ()
    #: who may fill it in when opening a ticket; to see a field is not to set it
    given_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is in this package, what they see of it and what they may do."""

    key: str
    label: Label
    kind: Literal["staff", "customer"]
    sees: Literal["own_company", "departments", "all"]
    may: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NoteRule:
    """Which message a note is."""

    by: Literal["staff", "customer"]
    expects: Literal["staff", "customer", "nobody"]
    message: str


@dataclass(frozen=True, slots=True)
class Action:
    """What people may do with a ticket beside their user tasks: publishes `message` or starts `process`."""

    key: str
    label: Label
    roles: tuple[str, ...]
    message: str = ""
    process: str = ""
    form: str = ""
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What people are told while they open a ticket."""

    #: each helps to write a request that can be worked on at once
    hints: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The sender of a package's mails, the template for notes, and who is involved in every ticket."""

    sender: str
    note: str = ""
    #: groups that are involved in every ticket of the package
    involved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Package:
    """All of a `package.toml`."""

    id: str
    language: str
    title: Label
    process: str
    time_zone: str
    calendar: str
    number: str
    mail: MailSettings
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    request_types: Mapping[str, Choice] = field(default_factory=dict)
    categories: Mapping[str, Choice] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)
    departments: Mapping[str, Choice] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    #: lane's name → groups
    lanes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    steps: tuple[Choice, ...] = ()
    #: what service level goals are called; one that isn't here is called by its key
    goals: Mapping[str, Choice] = field(default_factory=dict)
    notes: tuple[NoteRule, ...] = ()
    actions: Mapping[str, Action] = field(default_factory=dict)
    closed_note: Literal["refuse", "reopen"] = "refuse"
    opening: Opening = field(default_factory=Opening)
