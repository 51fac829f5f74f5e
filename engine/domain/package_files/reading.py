"""From the tables of `package.toml` to a `Package`. What refers to what is checked in `references`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any, get_args

from engine.domain.errors import Problem
from engine.domain.package_files.calendars import read_calendars, read_time_zone
from engine.domain.package_files.references import check_references
from engine.domain.package_files.source import parse
from engine.domain.package_files.tables import KEY, LANGUAGE, Table, options
from engine.domain.packages import (
    Action,
    Choice,
    Field,
    MailSettings,
    NoteRule,
    Opening,
    Package,
    Permission,
    Role,
    Status,
    StatusKind,
)
from engine.domain.said import said

FILE = "package.toml"
PARTIES = ("staff", "customer", "nobody")
#: what people read before they write, and how long each hint may be
MAX_HINTS, MAX_HINT = 6, 240
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PROCESS = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,254}")
_NUMBER = re.compile(r"(?:[^{}]|\{year\})*\{sequence(?::0?[1-9][0-9]?)?\}(?:[^{}]|\{year\})*")


def read_package(files: Mapping[str, bytes]) -> tuple[Package | None, list[Problem]]:
    """What the package's files say of the company, and every problem found in one pass.

    `files` are paths inside the package with their contents. The package is None where `package.toml` is missing,
    isn't TOML, or has a problem.
    """
    if FILE not in files:
        return None, [
            Problem(FILE, said("The package has no package.toml."), said("Add it; see docs/reference/package.md."))
        ]
    tree, source = parse(FILE, files[FILE])
    if tree is None:
        return None, source.problems
    root = Table(source, (), tree)
    package = _package(root)
    root.close()
    check_references(package, source, files)
    return (None if source.problems else package), source.problems


def _package(root: Table) -> Package:
    language = root.text("language", pattern=LANGUAGE, form=said("a language code such as it"))
    zone = read_time_zone(root, "time_zone")

    def choice(table: Table) -> Choice:
        return Choice(str(table.values.get("key", "")), table.label("label", language))

    return Package(
        id=root.key("id"),
        language=language,
        title=root.label("title", language),
        process=root.text("process", pattern=_PROCESS, form=said("the id of a process")),
        time_zone=zone,
        calendar=root.text("calendar"),
        number=root.text(
            "number", pattern=_NUMBER, form=said("a text with {sequence} or {sequence:05}, perhaps {year}")
        ),
        closed_note=root.one_of("closed_note", ("refuse", "reopen"), "refuse"),  # type: ignore[arg-type]
        calendars=read_calendars(root, zone),
        statuses=root.keyed("statuses", lambda table: _status(table, language), required=True),
        request_types=root.keyed("request_types", choice, required=True),
        categories=root.keyed("categories", choice),
        fields=root.keyed("fields", lambda table: _field(table, language)),
        departments=root.keyed("departments", choice),
        roles=root.keyed("roles", lambda table: _role(table, language), required=True),
        lanes=_lanes(root),
        steps=tuple(root.keyed("steps", choice).values()),
        goals=root.keyed("goals", choice),
        notes=_notes(root),
        actions=root.keyed("actions", lambda table: _action(table, language)),
        mail=_mail(root),
        opening=_opening(root, language),
    )


def _key(table: Table) -> str:
    return str(table.values.get("key", ""))


def _status(table: Table, language: str) -> Status:
    kind: Any = table.one_of("kind", get_args(StatusKind))
    colour = table.text("colour", pattern=_COLOUR, form=said("a colour such as #b45309"))
    return Status(_key(table), kind, colour, table.label("label", language))


def _field(table: Table, language: str) -> Field:
    kind: Any = table.one_of("type", ("text", "number", "boolean", "date", "datetime", "choice"))
    choices = table.keyed("choices", lambda item: Choice(_key(item), item.label("label", language)))
    if (kind == "choice") != bool(choices):
        table.report(
            "choices", said("`choices` belong to fields of type choice, and only there."), said("Add or remove them.")
        )
    visible, given_by = table.texts("visible_to", ("staff",)), table.texts("given_by", ())
    return Field(_key(table), kind, table.label("label", language), visible, tuple(choices.values()), given_by)


def _role(table: Table, language: str) -> Role:
    kind: Any = table.one_of("kind", ("staff", "customer"))
    sees: Any = table.one_of("sees", ("own_company", "departments", "all"))
    may = table.texts("may", ())
    if kind == "customer" and sees in ("departments", "all"):
        table.report("sees", said("A customer sees own_company, nothing more."), said('Write sees = "own_company".'))
    for permission in may:
        if permission not in get_args(Permission):
            table.report(
                "may",
                said("`{permission}` isn't a permission.", permission=permission[:80]),
                options(get_args(Permission)),
            )
    return Role(_key(table), table.label("label", language), kind, sees, frozenset(may))


def _lanes(root: Table) -> dict[str, tuple[str, ...]]:
    table = root.table("lanes", required=False)
    return {lane: table.texts(lane) for lane in table.values} if table else {}


def _notes(root: Table) -> tuple[NoteRule, ...]:
    rules = []
    for table in root.tables("notes", required=False):
        by: Any = table.one_of("by", PARTIES[:2])
        expects: Any = table.one_of("expects", PARTIES)
        rules.append(NoteRule(by, expects, table.text("message")))
        table.close()
    return tuple(rules)


def _action(table: Table, language: str) -> Action:
    message = table.text("message", "")
    process = table.text("process", "", _PROCESS, said("the id of a process"))
    if bool(message) == bool(process):
        table.report(
            None, said("An action has either a `message` or a `process`."), said("Give it exactly one of the two.")
        )
    return Action(
        key=_key(table),
        label=table.label("label", language),
        roles=table.texts("roles"),
        message=message,
        process=process,
        form=table.text("form", "", KEY, said("the name of a form")),
        statuses=table.texts("statuses", ()),
    )


def _opening(root: Table, language: str) -> Opening:
    table = root.table("opening", required=False)
    if table is None:
        return Opening()
    hints = table.labels("hints", language)
    if len(hints) > MAX_HINTS or any(len(text) > MAX_HINT for hint in hints for text in hint.values()):
        told = said("`hints` are at most {most}, of at most {longest} characters.", most=MAX_HINTS, longest=MAX_HINT)
        table.report("hints", told, said("Shorten them: more isn't read."))
    table.close()
    return Opening(hints)


def _mail(root: Table) -> MailSettings:
    table = root.table("mail")
    if table is None:
        return MailSettings("")
    sender = table.text("from")
    address = parseaddr(sender)[1]
    if sender and ("\n" in sender or not re.fullmatch(r"[^@\s]+@[^@\s]+", address)):
        table.report("from", said("`from` isn't a mail address."), said('Write "Name <name@example.com>".'))
    note = table.text("note", "", KEY, said("the name of a mail template"))
    settings = MailSettings(sender, note, table.texts("involved", ()))
    table.close()
    return settings
