"""The grid between the policy and the form: plain words in cells, and what is wrong at which cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.packages import BUILT_IN_FIELDS, Choice, Package, Status
from web.pages.service_levels import calendars, spans
from web.pages.service_levels.calendars import Calendar
from web.pages.visiting import Form

#: more rows than any policy known, and no more than a page can show
MOST_ROWS = 200
_TEXTS = ("goal", "target", "warning", "calendar", "from", "not_before", "id")
_LISTED = re.compile(r'\s*"([^"\\]*)"\s*(?:,|$)')

Row = dict[str, Any]


@dataclass
class Grid:
    """What the page shows and takes: rows, calendars, and errors by the name of their field."""

    rows: list[Row]
    calendars: list[Calendar]
    hit_policy: str
    errors: dict[str, list[str]] = field(default_factory=dict)
    #: the field at which one goes on, where nothing is wrong
    focus: str = ""
    #: the key of a calendar that isn't there yet, as it is typed
    new_calendar: str = ""

    @property
    def columns(self) -> list[str]:
        """The ticket's fields that some row asks for."""
        return list(dict.fromkeys(name for row in self.rows for name in row["when"]))


def of_policy(policy: Mapping[str, Any], package: Package, language: str) -> Grid:
    """The grid of a stored policy."""
    return Grid(
        [_row(row, package, language) for row in policy["rows"]],
        calendars.of_policy(policy["calendars"]),
        policy["hit_policy"],
    )


def of_form(form: Form, package: Package) -> Grid:
    """The grid as it was sent, right or wrong."""
    count = min(form.number("rows") or 0, MOST_ROWS)
    fields = [name for name in dict.fromkeys(form.all("column")) if name in BUILT_IN_FIELDS or name in package.fields]
    rows = [
        {
            **{name: form.text(f"r-{n}-{name}") for name in _TEXTS},
            "pauses": form.all(f"r-{n}-pauses"),
            "when": {name: _asked(form, f"r-{n}-when-{name}") for name in fields},
        }
        for n in range(count)
    ]  # fmt: skip
    hit_policy = "U" if form.text("hit_policy") == "U" else "F"
    return Grid(rows, calendars.of_form(form), hit_policy, new_calendar=form.text("new_calendar"))


def to_policy(grid: Grid, language: str) -> dict[str, Any]:
    """The policy as `Policy.from_json` reads it; what no duration says is noted in the grid's errors."""
    return {
        "hit_policy": grid.hit_policy,
        "rows": [_to_row(grid, number, row, language) for number, row in enumerate(grid.rows)],
        "calendars": calendars.to_policy(grid.calendars),
    }


def places(grid: Grid) -> dict[str, str]:
    """The field of the page for each place that the policy names: `row 3.target` is `r-2-target`."""
    found = calendars.places(grid.calendars)
    for n in range(len(grid.rows)):
        found |= {f"row {n + 1}.{name}": f"r-{n}-{name}" for name in (*_TEXTS, "pauses")}
        found |= {f"row {n + 1}.when.{column}": f"r-{n}-when-{column}" for column in grid.columns}
    return found


def choices_of(package: Package, name: str) -> list[Choice | Status]:
    """What a ticket's field can be; none for what isn't chosen from a list."""
    built_in: dict[str, list[Choice | Status]] = {
        "status": list(package.statuses.values()), "request_type": list(package.request_types.values()),
        "category": list(package.categories.values()), "department": list(package.departments.values()),
    }  # fmt: skip
    own = package.fields.get(name)
    return built_in.get(name) or (list(own.choices) if own else [])


def _row(row: Mapping[str, Any], package: Package, language: str) -> Row:
    return {
        **row,
        "target": spans.written(row["target"], language),
        "warning": spans.written(row["warning"], language) if row["warning"] else "",
        "when": {name: _cell(test, package, name) for name, test in row["when"].items()},
    }


def _cell(test: str, package: Package, name: str) -> dict[str, Any]:
    """A condition as keys that are ticked, where it only lists some; else as it is written."""
    if test.strip() in ("", "-"):
        return {"keys": [], "test": ""}
    keys, at = [], 0
    while match := _LISTED.match(test, at):
        keys.append(match[1])
        at = match.end()
    known = {choice.key for choice in choices_of(package, name)}
    listed = keys and at == len(test) and known.issuperset(keys)
    return {"keys": keys, "test": ""} if listed else {"keys": [], "test": test}


def _asked(form: Form, name: str) -> dict[str, Any]:
    return {"keys": form.all(f"{name}-key"), "test": form.text(f"{name}-test").strip()}


def _to_row(grid: Grid, number: int, row: Row, language: str) -> dict[str, Any]:
    return {
        **row,
        "target": _span(grid, f"r-{number}-target", row["target"], language),
        "warning": _span(grid, f"r-{number}-warning", row["warning"], language) if row["warning"].strip() else "",
        "when": {
            name: cell["test"] or ", ".join(f'"{key}"' for key in cell["keys"]) or "-"
            for name, cell in row["when"].items()
        },
    }


def _span(grid: Grid, name: str, text: str, language: str) -> str:
    try:
        return spans.read(text, language)
    except Invalid as error:
        grid.errors[name] = [str(error)]
        return text
