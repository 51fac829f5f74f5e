"""The variables that a package's scenarios start its processes with: to the check of expressions they exist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.spiff.scenarios.plain_yaml import NotPlainError, load


def started_variables(files: Mapping[str, bytes], process: str) -> dict[str, frozenset[str]]:
    """Their names by process; `process` is the one that a scenario starts unless it names another."""
    found: dict[str, frozenset[str]] = {}
    for path, content in files.items():
        if path.startswith("scenarios/") and path.endswith(".yaml") and b"variables" in content:
            given = _given(content)
            if isinstance(variables := given.get("variables"), dict):
                key = str(given.get("process") or process)
                found[key] = found.get(key, frozenset()) | {str(name) for name in variables}
    return found


def _given(content: bytes) -> Mapping[str, Any]:
    """What a scenario begins with; nothing of one that can't be read: running it tells."""
    try:
        data = load(content).data
    except NotPlainError:
        return {}
    given = data.get("given") if isinstance(data, dict) else None
    return given if isinstance(given, dict) else {}
