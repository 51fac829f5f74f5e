"""A file's data against a JSON schema: everything that is wrong with it, in words, each at its place. No files here."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from engine.domain.said import Said, said
from engine.spiff.scenarios.plain_yaml import Path

if TYPE_CHECKING:  # a start needs no schema, and would spend a twentieth of its time on importing what reads one
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError


class Schema:
    """A JSON schema in a file, read when it is first wanted."""

    def __init__(self, file: FilePath) -> None:
        self.file = file

    def against(self, definition: str, value: Any, path: Path) -> Iterator[tuple[Path, Said]]:
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


def _told(error: ValidationError) -> Said:
    schema: Any = error.schema
    given: Any = error.instance
    wanted: Any = error.validator_value
    match error.validator:
        case "additionalProperties":
            known = list(schema.get("properties", {}))
            unknown = _unknown(error)[0]
            near = difflib.get_close_matches(unknown, known, 1)
            if near:
                return said("`{name}` isn't known here. Did you mean `{near}`?", name=unknown, near=near[0])
            return said("`{name}` isn't known here. Known are: {known}.", name=unknown, known=known)
        case "required":
            return said("`{name}` is missing.", name=next(k for k in wanted if k not in given))
        case "enum":
            return said("Expected one of {known}, but found {found}.", known=[*map(str, wanted)], found=_short(given))
        case "pattern":
            description, like = schema.get("description", "a text"), schema.get("examples", ["…"])[0]
            what = _PATTERNS.get(description, description)
            return said("Expected {what} like {like}, but found {found}.", what=what, like=like, found=_short(given))
        case "type":
            first, *others = [_TYPES.get(kind, kind) for kind in ([wanted] if isinstance(wanted, str) else wanted)]
            for other in others:
                first = said("{one} or {other}", one=first, other=other)
            return said("Expected {what}, but found {found}.", what=first, found=_short(given))
    return said("{found} doesn't fit: {reason}.", found=_short(given), reason=error.message[:200])


#: what our schemas say that a pattern is of
_PATTERNS = {
    str(what): what
    for what in (
        said("a text"), said("an instant"), said("working time"), said("what clocks show in the package's zone"),
        said("an address at which nobody's mail arrives (RFC 2606)"),
    )
}  # fmt: skip
#: what JSON schemas call types → what people do
_TYPES = {
    "string": said("a text"), "object": said("a mapping"), "array": said("a list"), "integer": said("a whole number"),
    "boolean": said("true or false"), "null": "null",
}  # fmt: skip


def _short(value: Any) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)[:80]}`"
