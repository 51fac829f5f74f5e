"""Rows, columns and calendars of a grid come, move and go before anything is saved; `focus` is where one goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.domain.package_files.calendars import ALWAYS
from engine.domain.package_files.tables import KEY
from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.domain.said import said
from web.pages.service_levels import calendars
from web.pages.service_levels.rows import MOST_ROWS, Grid

#: by calendar, what of the package counts in it
Uses = Mapping[str, Sequence[str]]


def rearrange(grid: Grid, deed: str, column: str, package: Package, uses: Uses) -> None:
    """`add`, `column`, `calendar`, or `up-3`, `down-3`, `remove-3`, `drop-3` (a calendar, where the others mean rows).

    What can't be done is noted in the grid's errors.
    """
    verb, _, at = deed.partition("-")
    number = int(at) if at.isdecimal() and len(at) < 4 else -1
    if verb == "add" and len(grid.rows) < MOST_ROWS:
        _add_row(grid)
    elif verb == "column" and (column in BUILT_IN_FIELDS or column in package.fields):
        for row in grid.rows:
            row["when"].setdefault(column, {"keys": [], "test": ""})
        grid.focus = f"r-0-when-{column}"
    elif verb == "calendar":
        _add_calendar(grid, package)
    elif verb == "drop" and 0 <= number < len(grid.calendars):
        _drop_calendar(grid, number, uses)
    elif verb in ("up", "down", "remove") and 0 <= number < len(grid.rows):
        _move_row(grid, verb, number)


def _add_row(grid: Grid) -> None:
    last = grid.rows[-1] if grid.rows else {"calendar": ALWAYS, "goal": ""}
    grid.rows.append({
        "goal": last["goal"], "target": "", "warning": "", "calendar": last["calendar"], "from": "start", "id": "",
        "pauses": [], "not_before": "", "when": {column: {"keys": [], "test": ""} for column in grid.columns},
    })  # fmt: skip
    grid.focus = f"r-{len(grid.rows) - 1}-goal"


def _move_row(grid: Grid, verb: str, number: int) -> None:
    row = grid.rows.pop(number)
    if verb == "remove":
        grid.focus = f"r-{min(number, len(grid.rows) - 1)}-remove" if grid.rows else "add"
        return
    to = min(max(0, number + (1 if verb == "down" else -1)), len(grid.rows))
    grid.rows.insert(to, row)
    # at either end there is nowhere further to go
    grid.focus = f"r-{to}-{'down' if to == 0 else 'up' if to == len(grid.rows) - 1 else verb}"


def _add_calendar(grid: Grid, package: Package) -> None:
    key = grid.new_calendar.strip()
    if not KEY.fullmatch(key):
        wrong = said("Name it with a to z, 0 to 9 and _, beginning with a letter: at most 63 characters.")
    elif any(calendar["key"] == key for calendar in grid.calendars):
        wrong = said("There is a calendar {name} already.", name=key)
    elif len(grid.calendars) >= calendars.MOST_CALENDARS:
        wrong = said("There are {n} calendars: no more fit.", n=len(grid.calendars))
    else:
        grid.calendars.append(calendars.empty(key, package.time_zone))
        grid.focus, grid.new_calendar = f"c-{len(grid.calendars) - 1}-mon", ""
        return
    grid.errors["calendar"] = [wrong]


def _drop_calendar(grid: Grid, number: int, uses: Uses) -> None:
    key = grid.calendars[number]["key"]
    rows = [n for n, row in enumerate(grid.rows, 1) if row["calendar"] == key]
    used = list(uses.get(key, ()))
    if rows:
        used.append(said("Rows that count in it: {numbers}. Choose another calendar there first.", numbers=rows))
    if used:
        grid.errors[f"c-{number}-key"] = [said("This calendar is in use and can't be removed."), *used]
        return
    del grid.calendars[number]
    grid.focus = f"c-{min(number, len(grid.calendars) - 1)}-key" if grid.calendars else "calendar"
