"""Checks that what `package.toml` names exists: calendars, roles in groups, statuses, forms and mail texts."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import get_args

from engine.domain.package_files.calendars import ALWAYS
from engine.domain.package_files.source import Path, Source
from engine.domain.package_files.tables import nearest, options
from engine.domain.packages import BUILT_IN_FIELDS, Package, StatusKind
from engine.domain.said import said

PEOPLE = ("requester", "assignee")
_GROUP = re.compile(r"([a-z][a-z0-9_]*)(?:@(.*))?")


def check_references(package: Package, source: Source, files: Collection[str]) -> None:
    """Report every name that leads nowhere."""
    _known(source, ("calendar",), package.calendar, (ALWAYS, *package.calendars), said("calendar"))
    _statuses(package, source)
    _fields(package, source)
    _reserved_roles(package, source)
    _groups(package, source)
    _actions(package, source, files)
    if package.mail.note and not any(path.startswith(f"mail/{package.mail.note}.") for path in files):
        source.report(
            ("mail", "note"),
            said("There is no mail/{note}.txt.", note=package.mail.note),
            said("Add it, or remove the key."),
        )


def group_problem(group: str, package: Package) -> tuple[str, str] | None:
    """What is wrong with a group, and what to do; None for a good one. Diagrams' groups are checked with it too."""
    match = _GROUP.fullmatch(group)
    if not match:
        return said("isn't written like one."), said(
            "Write a role, role@department, role@company, requester or assignee."
        )
    role, of = match[1], match[2]
    if of is None and role in PEOPLE:
        return None
    if role not in package.roles:
        return said("names no role.{nearest}", nearest=nearest(role, package.roles)), options([*package.roles, *PEOPLE])
    if of is not None and of not in ("department", "company"):
        return said("may end with @department or @company, nothing else."), options(["department", "company"])
    return None


def _known(source: Source, path: Path, value: str, known: Collection[str], what: str) -> None:
    if value and value not in known and not source.full:
        source.report(
            path,
            said("There is no {what} `{value}`.{nearest}", what=what, value=value[:80], nearest=nearest(value, known)),
            options(known),
        )


def _groups(package: Package, source: Source) -> None:
    for lane, groups in package.lanes.items():
        if not groups:
            source.report(
                ("lanes", lane),
                said("The lane `{lane}` has no group.", lane=lane),
                said("Name who may claim its user tasks."),
            )
        for group in groups:
            if not source.full and (problem := group_problem(group, package)):
                source.report(
                    ("lanes", lane),
                    said(
                        "The group `{group}` of lane `{lane}` {problem}",
                        group=group[:80],
                        lane=lane,
                        problem=problem[0],
                    ),
                    problem[1],
                )
    for group in package.mail.involved:
        if not source.full and (problem := group_problem(group, package)):
            source.report(
                ("mail", "involved"),
                said("The group `{group}` {problem}", group=group[:80], problem=problem[0]),
                problem[1],
            )


def _statuses(package: Package, source: Source) -> None:
    kinds = {status.kind for status in package.statuses.values()}
    if package.statuses and "closed" not in kinds:
        source.report(
            ("statuses",), said("No status has the kind closed."), said("Add one; a ticket must be able to end.")
        )


def _fields(package: Package, source: Source) -> None:
    seers = ("customer", "staff", *package.roles)
    for index, item in enumerate(package.fields.values()):
        if item.key in BUILT_IN_FIELDS:
            source.report(
                ("fields", index), said("`{name}` is a built-in field.", name=item.key), said("Choose another key.")
            )
        for key, named in (("visible_to", item.visible_to), ("given_by", item.given_by)):
            for seer in named:
                _known(source, ("fields", index, key), seer, seers, said("role"))


def _reserved_roles(package: Package, source: Source) -> None:
    for index, role in enumerate(package.roles):
        if role in (*PEOPLE, "staff", "customer_of", "involved", "account"):
            source.report(
                ("roles", index), said("A role can't be called `{role}`.", role=role), said("Choose another key.")
            )


def _actions(package: Package, source: Source, files: Collection[str]) -> None:
    statuses = (*get_args(StatusKind), *package.statuses)
    for index, action in enumerate(package.actions.values()):
        path: Path = ("actions", index)
        if not action.roles:
            source.report(
                path, said("Nobody may do `{name}`.", name=action.key), said("Name one role at least in `roles`.")
            )
        for role in action.roles:
            _known(source, (*path, "roles"), role, package.roles, said("role"))
        for status in action.statuses:
            _known(source, (*path, "statuses"), status, statuses, said("status or kind of status"))
        if action.form and f"forms/{action.form}.form" not in files:
            source.report(
                (*path, "form"),
                said("There is no forms/{form}.form.", form=action.form),
                said("Add the form, or remove the key."),
            )
