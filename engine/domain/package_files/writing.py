"""Lists of `package.toml` written anew, row by row; comments, order and whatever wasn't changed stay as they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from engine.domain.errors import Invalid
from engine.domain.package_files.source import HEADER, MAX_BYTES, MAX_NESTING, parse
from engine.domain.said import said

#: which of the rows that were there it is; new ones don't have it
WAS = "was"

#: rows of a list, values of a row, entries of a value; and lines of a row that was there
MOST_ROWS = 300
#: of a whole file that has a list in one line
MOST_VALUES = 1_000

Row = Mapping[str, Any]
Lists = Mapping[str, Sequence[Row]]


def rewrite(file: str, content: bytes, lists: Lists) -> bytes:
    """The file with other rows in some of its lists of tables (`[[statuses]]`).

    A row names the one that it was by its index (`was`), and has the values that it shall have: texts, lists, and
    tables by language; an empty value takes its key away. Keys that a row doesn't name stay as they are.
    Raises `Invalid` for a file that isn't TOML, and for rows that can't stand in it.
    """
    tree, _ = parse(file, content)
    if tree is None:
        raise Invalid(said("The file isn't TOML."))
    for rows in lists.values():
        _require_modest(rows)
    wanted = {**tree, **{name: _wanted(name, tree.get(name, []), rows) for name, rows in lists.items()}}
    text = content.decode()
    try:
        for name, rows in lists.items():
            if wanted[name] != tree.get(name, []):
                text = _rewrite(text, name, rows, wanted[name])
        made, written = text.encode(), tomllib.loads(text)
    except (TOMLKitError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise Invalid(said("This can't be written into {file}.", file=file)) from error
    # a text over several lines may look like a header: then nothing is written, rather than something else
    if {**{name: [] for name in lists}, **written} != wanted:
        raise Invalid(said("{file} is written in a way that only its text can be changed.", file=file))
    if len(made) > MAX_BYTES:
        raise Invalid(said("That is too much for {file}.", file=file))
    return made


def _require_modest(rows: Sequence[Row]) -> None:
    """Nothing that would take long to write. Raises `Invalid`."""
    old = [row[WAS] for row in rows if row.get(WAS) is not None]
    if not all(type(at) is int and at >= 0 for at in old) or len(set(old)) != len(old):
        raise Invalid(said("A row is said to be one that isn't there."))
    if len(rows) > MOST_ROWS or not all(_is_modest(row) for row in rows):
        raise Invalid(said("Lists have at most {most} rows.", most=MOST_ROWS))


def _is_modest(value: Any, depth: int = 0) -> bool:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return len(inner) <= MOST_ROWS and depth < MAX_NESTING and all(_is_modest(one, depth + 1) for one in inner)


def _wanted(name: str, before: Any, rows: Sequence[Row]) -> list[dict[str, Any]]:
    if not isinstance(before, list) or not all(isinstance(row, dict) for row in before):
        raise Invalid(said("{name} isn't a list of tables.", name=name))
    try:
        kept = [before[row[WAS]] if row.get(WAS) is not None else {} for row in rows]
    except (LookupError, TypeError) as error:
        raise Invalid(said("A row is said to be one that isn't there.")) from error
    return [
        {key: value for key, value in {**old, **row}.items() if key != WAS and (key not in row or not _empty(value))}
        for old, row in zip(kept, rows, strict=True)
    ]


def _rewrite(text: str, name: str, rows: Sequence[Row], wanted: Sequence[Row]) -> str:
    """The text with the list's blocks in their places; in another order where the first was, a new list at the end."""
    parts, end = _parts(text), "\r\n" if "\r\n" in text else "\n"
    old = [number for number, part in enumerate(parts) if part[0] == name]
    if old and [row.get(WAS) for row in rows] == list(range(len(old))):
        for number, row in zip(old, rows, strict=True):
            parts[number] = (name, _block(name, parts[number][1], row, end))
        return "".join(part for _, part in parts)
    if not old and wanted and re.search(rf"^\s*{name}\s*=", text, re.MULTILINE):
        if text.count("=") > MOST_VALUES:
            raise ValueError(said("The file has too many values."))
        document = tomlkit.parse(text)
        document.pop(name, None)
        text = tomlkit.dumps(document)
    made = [
        _block(name, parts[old[row[WAS]]][1] if old and row.get(WAS) is not None else "", row if old else whole, end)
        for row, whole in zip(rows, wanted, strict=True)
    ]
    before = "".join(part for _, part in parts[: old[0]]) if old else text.rstrip("\r\n") + end + end
    after = "".join(part for at, (_, part) in enumerate(parts) if old and at > old[0] and at not in old)
    if not made and before.endswith(end + end):
        after = after.removeprefix(end)
    return before + _joined(made, end, compact=any(parts[at][1].startswith("[[") for at in old[1:])) + after


def _joined(blocks: Sequence[str], end: str, *, compact: bool) -> str:
    """Blocks in a row, with an empty line between them where the list has such."""
    bare = [block.lstrip("\r\n").rstrip("\r\n") + end for block in blocks]
    return ("" if compact else end).join(bare)


def _block(name: str, block: str, row: Row, end: str) -> str:
    """One row's lines, and the comments above them."""
    if block.count("=") > MOST_ROWS:
        raise ValueError(said("A row has too many values."))
    document = tomlkit.parse(block or f"[[{name}]]{end}")
    table: Any = document[name]
    for key, value in row.items():
        if key == WAS or _plain(table[0].get(key)) == value:
            continue
        if _empty(value):
            table[0].pop(key, None)
        elif isinstance(value, dict):
            table[0][key] = _inline(table[0].get(key), value)
        elif isinstance(value, list) and isinstance(value[0], dict):
            table[0][key] = _inline_list(value)
        else:
            table[0][key] = value
    written = tomlkit.dumps(document)
    return written if end == "\n" else written.replace("\r\n", "\n").replace("\n", end)


def _inline(old: Any, value: Mapping[str, Any]) -> Any:
    """A table in one line, as people write it; keys that were there keep their place."""
    known = [key for key in old or () if key in value]
    ordered = {key: value[key] for key in (*known, *(key for key in value if key not in known))}
    inside = ", ".join(f"{tomlkit.key(key).as_string()} = {_text(text)}" for key, text in ordered.items())
    return tomlkit.value(f"{{ {inside} }}")


def _inline_list(values: Sequence[Mapping[str, Any]]) -> Any:
    return tomlkit.value("[\n" + "".join(f"  {_inline(None, value).as_string()},\n" for value in values) + "]")


def _text(value: Any) -> str:
    return str((_inline(None, value) if isinstance(value, dict) else tomlkit.item(value)).as_string())


def _parts(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the list that it is a row of; what stands between two rows is the second's."""
    cut = [["", ""]]
    for line in text.splitlines(keepends=True):
        header = HEADER.match(line.rstrip("\r\n"))
        if header and not header[2].strip().startswith(f"{cut[-1][0]}." if cut[-1][0] else "\0"):
            cut.append([header[2].strip() if header[1] == "[[" else "", ""])
        cut[-1][1] += line
    parts: list[tuple[str, str]] = []
    lead = ""
    for at, (name, piece) in enumerate(cut):
        body, tail = _without_tail(piece) if name else (piece, "")
        parts.append((name, lead + body))
        follows = at + 1 < len(cut) and cut[at + 1][0] == name
        lead = tail if follows else ""
        if tail and not follows:
            parts.append(("", tail))
    return parts


def _without_tail(block: str) -> tuple[str, str]:
    """The block, and the comments and empty lines behind it."""
    lines = block.splitlines(keepends=True)
    last = len(lines)
    while last and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    return "".join(lines[:last]), "".join(lines[last:])


def _empty(value: Any) -> bool:
    return value in ("", [], {}, None)


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item
