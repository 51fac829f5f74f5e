"""The grid's rows between the policy and the form: plain words in cells, and what is wrong at which cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.packages import BUILT_IN_FIELDS, Choice, Package, Status
from web.pages.service_levels import spans
from web.pages.visiting import Form

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: more rows than any policy known, and no more than a page can show
MOST_ROWS = 200
_TEXTS = ("goal", "target", "warning", "calendar", "from", "not_before", "id")
_LISTED = re.compile(r'\s*"([^"\\]*)"\s*(?:,|$)')
_HOUR = re.compile(r"(?<![0-9:])(\d):(\d\d)")

Row = dict[str, Any]


@dataclass
class Grid:
    """What the page shows and takes: rows, calendars, and errors by the name of their field."""

    rows: list[Row]
    calendars: dict[str, dict[str, Any]]
    hit_policy: str
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The ticket's fields that some row asks for."""
        return list(dict.fromkeys(name for row in self.rows for name in row["when"]))


def of_policy(policy: Mapping[str, Any], package: Package, language: str) -> Grid:
    """The grid of a stored policy."""
    return Grid(
        [_row(row, package, language) for row in policy["rows"]],
        {key: _calendar(calendar) for key, calendar in policy["calendars"].items()},
        policy["hit_policy"],
    )


def of_form(form: Form, package: Package) -> Grid:
    """The grid as it was sent, right or wrong."""
    count = min(form.number("rows") or 0, MOST_ROWS)
    fields = [name for name in form.all("column") if name in BUILT_IN_FIELDS or name in package.fields]
    rows = [
        {
            **{name: form.text(f"r-{n}-{name}") for name in _TEXTS},
            "pauses": form.all(f"r-{n}-pauses"),
            "when": {name: _asked(form, f"r-{n}-when-{name}") for name in fields},
        }
        for n in range(count)
    ]  # fmt: skip
    keys = [key for key in form.all("calendar") if re.fullmatch("[a-z][a-z0-9_]{0,62}", key)]
    calendars = {
        key: {name: form.text(f"c-{key}-{name}") for name in ("time_zone", "country", "subdivision", "closures", *DAYS)}
        for key in keys
    }
    return Grid(rows, calendars, "U" if form.text("hit_policy") == "U" else "F")


def to_policy(grid: Grid, language: str) -> dict[str, Any]:
    """The policy as `Policy.from_json` reads it; what no duration says is noted in the grid's errors."""
    return {
        "hit_policy": grid.hit_policy,
        "rows": [_to_row(grid, number, row, language) for number, row in enumerate(grid.rows)],
        "calendars": {key: _to_calendar(given) for key, given in grid.calendars.items()},
    }


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


def _calendar(calendar: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "time_zone": calendar["time_zone"], "country": calendar["holidays"]["country"],
        "subdivision": calendar["holidays"]["subdivision"], "closures": "\n".join(calendar["closures"]),
        **{day: ", ".join(calendar["hours"].get(day, [])) for day in DAYS},
    }  # fmt: skip


def _to_calendar(given: Mapping[str, str]) -> dict[str, Any]:
    hours = {
        day: [_HOUR.sub(r"0\1:\2", part.strip()).replace(" ", "") for part in given[day].split(",") if part.strip()]
        for day in DAYS
    }
    return {
        "time_zone": given["time_zone"].strip(),
        "hours": {day: intervals for day, intervals in hours.items() if intervals},
        "holidays": {"country": given["country"].strip().upper(), "subdivision": given["subdivision"].strip()},
        "closures": given["closures"].split(),
    }
