"""Calendars between the policy and the form: a line of hours for each day, and where what is wrong with them stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from web.pages.visiting import Form

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: more calendars than anybody keeps
MOST_CALENDARS = 50
#: characters of a field, closures of some years among them
MOST_TEXT = 5_000
_TEXTS = ("key", "time_zone", "country", "subdivision", "closures", *DAYS)
_HOUR = re.compile(r"(?<![0-9:])(\d):(\d\d)")

Calendar = dict[str, str]


def empty(key: str, time_zone: str) -> Calendar:
    """A new calendar that is never open yet."""
    return {**dict.fromkeys(_TEXTS, ""), "key": key, "time_zone": time_zone}


def of_policy(stored: Mapping[str, Mapping[str, Any]]) -> list[Calendar]:
    """The calendars of a stored policy, as they are typed."""
    return [
        {
            "key": key, "time_zone": calendar["time_zone"], "country": calendar["holidays"]["country"],
            "subdivision": calendar["holidays"]["subdivision"], "closures": "\n".join(calendar["closures"]),
            **{day: ", ".join(calendar["hours"].get(day, [])) for day in DAYS},
        }
        for key, calendar in stored.items()
    ]  # fmt: skip


def of_form(form: Form) -> list[Calendar]:
    """The calendars as they were sent, right or wrong."""
    count = min(form.number("calendars") or 0, MOST_CALENDARS)
    return [{name: form.text(f"c-{n}-{name}")[:MOST_TEXT] for name in _TEXTS} for n in range(count)]


def to_policy(calendars: Iterable[Calendar]) -> dict[str, dict[str, Any]]:
    """The calendars as `Policy.from_json` reads them."""
    return {given["key"]: _to_json(given) for given in calendars}


def places(calendars: Iterable[Calendar]) -> dict[str, str]:
    """The field of the page for each place that the policy names: `calendars.office.hours.mon` is `c-0-mon`."""
    found: dict[str, str] = {}
    for n, given in enumerate(calendars):
        where = f"calendars.{given['key']}"
        found |= {where: f"c-{n}-key", f"{where}.hours": f"c-{n}-mon"}
        found |= {f"{where}.holidays.{name}": f"c-{n}-{name}" for name in ("country", "subdivision")}
        found |= {f"{where}.hours.{day}": f"c-{n}-{day}" for day in DAYS}
        found |= {f"{where}.{name}": f"c-{n}-{name}" for name in ("time_zone", "closures")}
    return found


def _to_json(given: Calendar) -> dict[str, Any]:
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
