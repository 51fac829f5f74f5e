"""The list of events of a simulation: read as a whole before anything runs, so that a wrong one changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.errors import Invalid, IterError
from engine.domain.storable import check_values
from engine.domain.time.durations import parse_elapsed, parse_instant

#: what an event is called after, with the keys that may stand beside it
KINDS: dict[str, frozenset[str]] = {
    "now": frozenset(),
    "start": frozenset({"as", "variables"}),
    "complete": frozenset({"data"}),
    "advance": frozenset(),
    "message": frozenset({"key", "data"}),
    "signal": frozenset({"data"}),
    "job": frozenset({"result", "fails", "error"}),
}
_TEXTS = ("instance", "as", "fails", "error", *KINDS)
_RECORDS = ("variables", "data", "result")

Event = Mapping[str, Any]


class WrongEvent(IterError):
    """An event can't be read, or can't happen where it stands: the text says which one and why."""

    code = "wrong-event"

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"event {number}: {problem}" if number else problem)


def read_events(text: str, zone: ZoneInfo) -> list[Event]:
    """The events of a JSON list. Raises `WrongEvent`."""
    try:
        events = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongEvent(0, f"the events aren't JSON: {error}") from None
    if not isinstance(events, list):
        raise WrongEvent(0, "the events aren't a list")
    for number, event in enumerate(events, 1):
        if problem := _problem(event, zone):
            raise WrongEvent(number, problem)
    return events


def kind_of(event: Event) -> str:
    """The name of what happens."""
    return next(kind for kind in KINDS if kind in event)


def _problem(event: Any, zone: ZoneInfo) -> str:
    if not isinstance(event, dict):
        return "it isn't a record"
    kinds = [kind for kind in KINDS if kind in event]
    if len(kinds) != 1:
        return f"it needs one of {', '.join(KINDS)}"
    if foreign := sorted(event.keys() - KINDS[kinds[0]] - {kinds[0], "instance"}):
        return f"'{foreign[0]}' can't stand beside '{kinds[0]}'"
    if wrong := [key for key in _TEXTS if key in event and not (isinstance(event[key], str) and event[key])]:
        return f"'{wrong[0]}' isn't a text"
    if wrong := [key for key in _RECORDS if key in event and not isinstance(event[key], dict)]:
        return f"'{wrong[0]}' isn't a record"
    return _unusable(event, kinds[0], zone)


def _unusable(event: Event, kind: str, zone: ZoneInfo) -> str:
    try:
        for key in _RECORDS:
            check_values(event.get(key, {}))
        if kind == "now":
            parse_instant(event["now"], zone)
        if kind == "advance":
            parse_elapsed(event["advance"])
    except Invalid as error:
        return str(error)
    return ""
