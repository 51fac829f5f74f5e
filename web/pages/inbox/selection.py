"""What an inbox is narrowed down to, as its address says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast, get_args
from urllib.parse import urlencode

from engine.queries.user_tasks import BOXES, Box, Filters
from web.pages.visiting import Visit

_DUES = ("late", "today", "week")
#: filter → parameter of the address
_NAMES = ("package", "department", "element", "due", "text")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Selection:
    """A box with its filters, and where in it."""

    box: Box
    filters: Filters
    cursor: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether filters hide something."""
        return any(getattr(self.filters, name) for name in _NAMES)

    def address(self, user_task_id: int | None = None, **changes: str | None) -> str:
        """The inbox's address with this selection, changed in part; with a user task chosen."""
        values = {"box": self.box, **{name: getattr(self.filters, name) for name in _NAMES}, "cursor": self.cursor}
        values |= {name: value or "" for name, value in changes.items()}
        if values["box"] == "todo":
            del values["box"]
        query = urlencode({name: value for name, value in values.items() if value})
        return (f"/inbox/{user_task_id}" if user_task_id else "/inbox") + (f"?{query}" if query else "")

    @property
    def query(self) -> str:
        """The part of the address behind the question mark, with it; empty for the plain inbox."""
        return self.address().removeprefix("/inbox")


def selection(visit: Visit) -> Selection:
    """What the address asks for; what can't be meant counts as not asked for."""
    asked = {name: visit.query.get(name, "")[:LONGEST] for name in (*_NAMES, "box", "cursor")}
    box = cast(Box, asked["box"]) if asked["box"] in get_args(Box) else BOXES[0]
    due = asked["due"] if asked["due"] in _DUES else ""
    filters = Filters(
        package=asked["package"], department=asked["department"], element=asked["element"],
        due=due, text=asked["text"].strip(), zone=visit.zone,  # type: ignore[arg-type]
    )  # fmt: skip
    return Selection(box, filters, asked["cursor"])
