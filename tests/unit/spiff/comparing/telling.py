"""What a comparison tells, written as short as it can be said."""

from __future__ import annotations

from engine.spiff.comparing import Change, FileDifference, compare


def told(path: str, before: bytes | str, after: bytes | str) -> list[str]:
    """What changed in one file: `changed userTask a: name: ‘a’ → ‘b’`, then the lines of a text."""
    difference = file_difference(path, before, after)
    return [*map(line, difference.changes), *difference.text]


def file_difference(path: str, before: bytes | str, after: bytes | str) -> FileDifference:
    contents = [one.encode() if isinstance(one, str) else one for one in (before, after)]
    (difference,) = compare({path: contents[0]}, {path: contents[1]}).files
    return difference


def line(change: Change) -> str:
    said = f"{change.kind} {change.type} {change.id}".strip()
    return f"{said}: {'; '.join(change.words)}" if change.words else said
