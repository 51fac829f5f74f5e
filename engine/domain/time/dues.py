"""When a timer is due, as JSON and back: what a stored timer waits for. The reckoning is `engine.domain.casework`'s."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.domain.effects import At, Day, Due, Goal, Working


def due_to_json(due: Due) -> dict[str, Any]:
    """The due as JSON values, with its kind: at, day, working or goal."""
    match due:
        case At(instant):
            return {"kind": "at", "instant": instant.isoformat()}
        case Day(day):
            return {"kind": "day", "day": day}
        case Working(duration, calendar):
            return {"kind": "working", "duration": duration, "calendar": calendar}
        case Goal(goal, mark):
            return {"kind": "goal", "goal": goal, "mark": mark}


def due_from_json(stored: Mapping[str, Any]) -> Due:
    """The due that `due_to_json` stored. Raises `KeyError` where it isn't one."""
    match stored["kind"]:
        case "at":
            return At(datetime.fromisoformat(stored["instant"]))
        case "day":
            return Day(stored["day"])
        case "working":
            return Working(stored["duration"], stored["calendar"])
        case "goal":
            return Goal(stored["goal"], stored["mark"])
    raise KeyError(stored["kind"])
