"""A file's data against a JSON schema: everything that is wrong with it, in words, each at its place. No files here."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from engine.spiff.scenarios.plain_yaml import Path

if TYPE_CHECKING:  # a start needs no schema, and would spend a twentieth of its time on importing what reads one
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


class Schema:
    """A JSON schema in a file, read when it is first wanted."""

    def __init__(self, file: FilePath) -> None:
        self.file = file

    def against(self, definition: str, value: Any, path: Path) -> Iterator[tuple[Path, str]]:
        """What is wrong with a value by one of the schema's definitions (empty: by all of it), below `path`."""
        for error in _validator(self.file, definition).iter_errors(value):
            best = min(_leaves(error), key=lambda leaf: -len(leaf.absolute_path))
            yield (*path, *best.absolute_path, *_unknown(best)[:1]), _told(best)


def dotted(path: Path) -> str:
    """`tickets[3].steps[0].by`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


@cache
def _validator(file: FilePath, definition: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    schema = json.loads(file.read_text(encoding="utf-8"))
    if definition:
        schema = {"$defs": schema["$defs"], "$ref": f"#/$defs/{definition}"}
    return Draft202012Validator(schema)


def _leaves(error: ValidationError) -> list[ValidationError]:
    """The errors inside a `oneOf` that concern the kind of value that was given."""
    fitting = [inner for inner in error.context or () if inner.validator != "type"]
    return [leaf for inner in fitting for leaf in _leaves(inner)] or [error]


def _unknown(error: ValidationError) -> list[str]:
    """The keys that the schema doesn't know, where that is what is wrong."""
    schema: Any = error.schema
    given: Any = error.instance
    if error.validator != "additionalProperties":
        return []
    return [key for key in given if key not in schema.get("properties", {})]


def _told(error: ValidationError) -> str:
    schema: Any = error.schema
    given: Any = error.instance
    wanted: Any = error.validator_value
    match error.validator:
        case "additionalProperties":
            known = list(schema.get("properties", {}))
            unknown = _unknown(error)[0]
            near = difflib.get_close_matches(unknown, known, 1)
            hint = f" Did you mean `{near[0]}`?" if near else f" Known are: {', '.join(known)}."
            return f"`{unknown}` isn't known here.{hint}"
        case "required":
            return f"`{next(k for k in wanted if k not in given)}` is missing."
        case "enum":
            return f"Expected one of {', '.join(map(str, wanted))}, but found {_short(given)}."
        case "pattern":
            what, like = schema.get("description", "a text"), schema.get("examples", ["…"])[0]
            return f"Expected {what} like {like}, but found {_short(given)}."
        case "type":
            return f"Expected {_types(wanted)}, but found {_short(given)}."
    return f"{_short(given)} doesn't fit: {error.message[:200]}."


def _types(wanted: str | list[str]) -> str:
    words = {"string": "a text", "object": "a mapping", "array": "a list", "integer": "a whole number",
             "boolean": "true or false", "null": "null"}  # fmt: skip
    return " or ".join(words.get(kind, kind) for kind in ([wanted] if isinstance(wanted, str) else wanted))


def _short(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)[:80]}`"
