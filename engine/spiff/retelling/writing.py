"""A scenario as YAML, written as one writes it by hand: a line for each thing that is said, with remarks above."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

#: characters in a line of remarks
_WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """Numbers by digits alone, as scenarios are read; every text in one line."""


def _number(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    digits = f"{value:.15f}".rstrip("0")
    return dumper.represent_scalar("tag:yaml.org,2002:float", digits + "0" * digits.endswith("."))


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = '"' if len(value.splitlines()) > 1 or not value.isprintable() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


_Dumper.add_representer(float, _number)
_Dumper.add_representer(str, _text)


def lines_of(values: Mapping[str, Any], indent: int = 0, first: str = "") -> Iterator[str]:
    """A mapping, a line for each key; `expect` and the people have lines of their own inside."""
    for number, (key, value) in enumerate(values.items()):
        start = " " * indent + (first if not number else " " * len(first))
        if key in ("expect", "given", "people") and value:
            yield f"{start}{key}:"
            yield from lines_of(value, indent + len(first) + 2)
        else:
            yield f"{start}{_flow(key)}: {_flow(value)}"


def remarks_of(remarks: Sequence[str], indent: int = 0) -> Iterator[str]:
    """Remarks as comments."""
    for remark in remarks:
        for line in textwrap.wrap(" ".join(remark.split()), _WIDTH - indent) or [""]:
            yield " " * indent + f"# {line}"


def _flow(value: Any) -> str:
    text = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return text.removesuffix("\n").removesuffix("\n...")
