"""Runs the diagrams of this folder as `iter simulate` does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.spiff.simulating import read_drawn, read_events, simulate
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import SANDBOX

HERE = Path(__file__).parent
NOW = {"now": "2026-03-27T15:00Z"}


def files(dialect: str, *names: str) -> dict[str, bytes]:
    """Files of a dialect's folder by their names."""
    return {name: (HERE / dialect / name).read_bytes() for name in names}


def run(drawn: dict[str, bytes], *events: dict[str, Any]) -> dict[str, Any]:
    """What came of the events, after the check found nothing at all; only JSON is in it."""
    for name, content in drawn.items():
        assert name.endswith(".dmn") or check_diagram(name, content) == []
    found = simulate(read_drawn(drawn), read_events(json.dumps([NOW, *events]), ZoneInfo("UTC")), SANDBOX)
    return dict(json.loads(json.dumps(found)))


def elements(found: dict[str, Any], outcome: str = "completed") -> list[str]:
    """The elements of an instance's path that came to this end."""
    return [visit["element"] for visit in found["path"] if visit["outcome"] == outcome]
