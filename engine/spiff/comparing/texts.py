"""Two texts compared line by line, as a small unified difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.spiff.comparing.sequences import matching

#: lines that are told apart; what comes after so many is compared as one
MOST_READ = 50_000
#: lines around a change that are shown with it, and characters of a line
CONTEXT = 2
MOST_CHARACTERS = 300

#: how a line is marked, the line, and where it stands on both sides (from 1)
_Row = tuple[str, str, int, int]


def changed_lines(before: bytes, after: bytes) -> list[str]:
    """The lines that aren't the same, with those around them: `-old`, `+new`, ` same`, after `@@ -3 +3 @@`.

    Bytes that are no text are shown as �. Nothing where only the ends of lines differ.
    """
    rows = list(rows_of(_lines(before), _lines(after)))
    near = _near(rows)
    told: list[str] = []
    for number, (mark, line, i, j) in enumerate(rows):
        if near[number]:
            if number == 0 or not near[number - 1]:
                told.append(f"@@ -{i} +{j} @@")
            told.append(mark + _shown(line))
    return told


def _lines(content: bytes) -> list[str]:
    lines = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n", MOST_READ)
    return lines if lines[-1] else lines[:-1]


def rows_of(before: Sequence[str], after: Sequence[str]) -> Iterator[_Row]:
    """All lines of both sides, those that are the same once; of a change the older ones first."""
    i = j = 0
    for same_i, same_j in (*matching(before, after), (len(before), len(after))):
        yield from (("-", before[at], at + 1, j + 1) for at in range(i, same_i))
        yield from (("+", after[at], same_i + 1, at + 1) for at in range(j, same_j))
        if same_i < len(before):
            yield " ", before[same_i], same_i + 1, same_j + 1
        i, j = same_i + 1, same_j + 1


def _near(rows: Sequence[_Row]) -> list[bool]:
    """By row, whether it changed or stands beside one that did."""
    near = [False] * len(rows)
    for number, row in enumerate(rows):
        if row[0] != " ":
            for beside in range(max(0, number - CONTEXT), min(len(rows), number + CONTEXT + 1)):
                near[beside] = True
    return near


def _shown(line: str) -> str:
    cut = line if len(line) <= MOST_CHARACTERS else line[:MOST_CHARACTERS] + "…"
    return cut.replace("\n", "⏎")
