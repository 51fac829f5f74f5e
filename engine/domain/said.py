"""A text for people that can still be told in another language: English already, with its key and values kept.

Which languages there are, and what they call things, is not known here: the face that people see translates.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


class Said(str):
    """The English text, made of `key` (English, with `{names}`) and the `values` put in for the names.

    It is a text like any other, equal to the plain one; `str()` and raising it in an error keep key and values,
    joining and cutting don't.
    """

    __slots__ = ("key", "values")

    key: str
    values: Mapping[str, Any]

    def __new__(cls, key: str, values: Mapping[str, Any] | None = None) -> Said:
        """Without values the key is taken as it is, braces and all."""
        given = dict(values or {})
        english = key.format_map({name: _english(value) for name, value in given.items()}) if given else key
        made = super().__new__(cls, english)
        made.key, made.values = key, given
        return made

    def __str__(self) -> str:
        return self

    def __getnewargs__(self) -> tuple[str, Mapping[str, Any]]:  # type: ignore[override]
        return self.key, self.values


def said(key: str, /, **values: Any) -> Said:
    """A text for people: `said("The ticket {number} is closed.", number=number)`.

    Values may be texts, numbers, dates, other `Said` and lists of these. Keys are literals, so that translators'
    tools find them.
    """
    return Said(key, values)


def to_json(text: str) -> dict[str, Any] | None:
    """What a database keeps beside the English text; None for a text that has no key."""
    if not isinstance(text, Said):
        return None
    return {"key": text.key, "values": {name: _plain(value) for name, value in text.values.items()}}


def from_json(text: str, kept: Mapping[str, Any] | None) -> str:
    """The text as it was before `to_json`; the text itself where nothing was kept."""
    return _said(kept) if kept else text


def shortened(text: str, most: int) -> str:
    """The text, cut where it is longer; key and values are kept where it isn't."""
    return text if len(text) <= most else str.__str__(text)[:most]


def _english(value: Any) -> Any:
    return ", ".join(str(item) for item in value) if isinstance(value, (list, tuple)) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Said):
        return {"said": to_json(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _restored(value: Any) -> Any:
    if isinstance(value, list):
        return [_restored(item) for item in value]
    return _said(value["said"]) if isinstance(value, Mapping) else value


def _said(kept: Mapping[str, Any]) -> Said:
    return Said(kept["key"], {name: _restored(value) for name, value in kept["values"].items()})
