"""Values of a process as texts that a page can show: JSON, and never longer than somebody reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

#: characters of a value that are shown; a longer one can't be changed on a page
LONGEST = 2_000
#: values of one scope that are shown
MOST = 200

Kind = Literal["text", "number", "boolean", "nothing", "list", "record"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as it is shown."""

    name: str
    kind: Kind
    #: a text as it is; any other value as JSON
    text: str
    #: it is longer than what is shown
    cut: bool = False


def variables_of(values: Mapping[str, Any]) -> list[Variable]:
    """The variables by name, as many as are shown."""
    return [_variable(name, values[name]) for name in sorted(values)[:MOST]]


def shortened(value: Any) -> str:
    """A value as one text; what is longer than shown ends with an ellipsis."""
    text = _written(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _variable(name: str, value: Any) -> Variable:
    text = _written(value)
    return Variable(name, kind_of(value), text[:LONGEST], len(text) > LONGEST)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def kind_of(value: Any) -> Kind:
    """What a value is, as people call it."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list() | tuple():
            return "list"
    return "record"
