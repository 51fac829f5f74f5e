"""What stands around every page: where the reader may go, what waits for them, what was just done."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import request

from engine.domain.packages import Permission
from engine.queries import user_tasks
from engine.queries.reading import reading
from web.pages.visiting import SAID_COOKIE, Visit


def N_(text: str) -> str:  # noqa: N802 - gettext's name for "translated later"
    """Marks a text for translation."""
    return text


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the rail; `prefix`: addresses that belong to it."""

    address: str
    label: str
    icon: str
    #: the permission in any package that shows it; empty for all staff
    needs: Permission | None = None

    @property
    def here(self) -> bool:
        """Whether the present page belongs to it."""
        return request.path == self.address or request.path.startswith(self.address + "/")


PLACES = (
    Place("/inbox", N_("Inbox"), "inbox"),
    Place("/tickets", N_("Tickets"), "ticket"),
    Place("/processes", N_("Processes"), "hierarchy-3", "deploy"),
    Place("/service-levels", N_("Service levels"), "clock-hour-4", "edit_policy"),
    Place("/operations", N_("Operations"), "activity", "operate"),
    Place("/people", N_("People"), "users", "accounts"),
)
#: names that the bundler looks for: icon("inbox") icon("ticket") icon("hierarchy-3") icon("clock-hour-4")
#: icon("activity") icon("users")


@dataclass
class Frame:
    """The frame of one page."""

    visit: Visit

    @property
    def layout(self) -> str:
        """The template that pages extend, by who reads."""
        if self.visit.signed_in is None:
            return "layout/plain.html"
        return "layout/staff.html" if self.visit.is_staff else "layout/portal.html"

    @property
    def places(self) -> list[Place]:
        """Where staff may go."""
        return [place for place in PLACES if place.needs is None or self.may(place.needs)]

    def may(self, permission: Permission) -> bool:
        """Whether the reader has a permission in any package."""
        with reading(self.visit.engine, self.visit.actor) as reader:
            return any(self.visit.actor.may(permission, package) for package in reader.packages.values())

    @cached_property
    def reminder(self) -> Any:
        """How much is mine, and how much of it is late."""
        return user_tasks.reminder(self.visit.engine, self.visit.actor)

    @property
    def packages(self) -> list[Any]:
        """The packages in which the reader is somebody, by key."""
        with reading(self.visit.engine, self.visit.actor) as reader:
            return list(reader.packages.values())

    @cached_property
    def colours(self) -> str:
        """The address of the stylesheet with the colours of all statuses."""
        found = {status.colour.lstrip("#").lower() for package in self.packages for status in package.statuses.values()}
        return f"/colours/{'-'.join(sorted(found))}.css" if found else ""

    @cached_property
    def said(self) -> str:
        """What the last command wants told, once."""
        told = request.cookies.get(SAID_COOKIE, "")
        try:
            return told.encode("ascii").decode("unicode_escape")[:500]
        except (UnicodeEncodeError, UnicodeDecodeError):
            return ""

    @property
    def here(self) -> str:
        """The present address with its query, to come back to."""
        return request.full_path.removesuffix("?")

    def address(self, **changes: Any) -> str:
        """The present address with some parts of the query changed; None takes a part away."""
        values = {key: value for key, value in {**request.args, **changes}.items() if value not in (None, "")}
        return request.path + (f"?{urlencode(values)}" if values else "")
