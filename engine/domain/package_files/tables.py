"""One TOML table, read key by key: exact types, problems collected, unknown keys refused with the nearest known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from engine.domain.package_files.source import Path, Source, dotted
from engine.domain.said import said

KEY = re.compile(r"[a-z][a-z0-9_]{0,62}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
#: words among which the nearest is looked for: each costs some microseconds
MAX_KNOWN = 100

T = TypeVar("T")


class Table:
    """A table at a path of the file. What is missing or wrong is reported, and a harmless value returned."""

    def __init__(self, source: Source, path: Path, values: Mapping[str, Any]) -> None:
        self.source, self.path, self.values = source, path, values
        self.known: list[str] = []

    def report(self, key: str | int | None, problem: str, remedy: str) -> None:
        """Note a problem at a key of this table, or at the table itself."""
        self.source.report(self.path if key is None else (*self.path, key), problem, remedy)

    def text(self, key: str, default: str | None = None, pattern: re.Pattern[str] | None = None, form: str = "") -> str:
        """A text; without `default` it must be there. `form` says in words what `pattern` wants."""
        value = self._get(key, str, said("a text"), default)
        if not isinstance(value, str):
            return default or ""
        if value == "" and default is None:
            self.report(key, said("`{name}` is empty.", name=key), said("Give it a value."))
        elif value and pattern and not pattern.fullmatch(value):
            self.report(
                key,
                said("`{name}` is `{value}`, which isn't {form}.", name=key, value=value[:80], form=form),
                said("Write {form}.", form=form),
            )
        return value

    def key(self, key: str = "key") -> str:
        """A text that is an identifier."""
        return self.text(key, pattern=KEY, form=said("an identifier: a-z, then a-z, 0-9 or _, at most 63 characters"))

    def one_of(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """A text out of a closed list."""
        value = self.text(key, default)
        if value and value not in allowed and not self.source.full:
            self.report(
                key,
                said(
                    "`{name}` is `{value}`, which isn't known.{nearest}",
                    name=key,
                    value=value[:80],
                    nearest=nearest(value, allowed),
                ),
                options(allowed),
            )
        return value

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of texts."""
        value = self._get(key, list, said("a list of texts"), default)
        if not isinstance(value, list):
            return tuple(default or ())
        if any(not isinstance(item, str) for item in value):
            self.report(
                key, said("`{name}` must hold texts only.", name=key), said('Write them in quotes: ["a", "b"].')
            )
        return tuple(item for item in value if isinstance(item, str))

    def label(self, key: str, language: str) -> dict[str, str]:
        """Texts by language, at least in the package's own."""
        value = self._get(key, dict, said("a table of texts by language"), None)
        return self._label(key, value, language) if isinstance(value, dict) else {}

    def labels(self, key: str, language: str) -> tuple[dict[str, str], ...]:
        """A list of texts by language; none where the key isn't there."""
        value = self._get(key, list, said("a list of texts by language"), [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            if isinstance(value, list):
                remedy = said('Write [{{ {value} = "…" }}].', value=language or "en")
                self.report(key, said("`{name}` must hold tables only.", name=key), remedy)
            return ()
        return tuple(self._label(key, item, language) for item in value)

    def _label(self, key: str, value: dict[str, Any], language: str) -> dict[str, str]:
        for code, text in value.items():
            if not LANGUAGE.fullmatch(code) or not isinstance(text, str) or not text.strip():
                self.report(
                    key,
                    said("`{name}` needs texts by language code.", name=key),
                    said('Write {{ {value} = "…" }}.', value=language or "en"),
                )
                return {}
        if language and language not in value:
            self.report(
                key,
                said("`{name}` has no text in the package's language `{language}`.", name=key, language=language),
                said("Add {language} = …", language=language),
            )
        return value

    def table(self, key: str, required: bool = True) -> Table | None:
        """A table inside this one."""
        value = self._get(key, dict, said("a table"), None if required else {})
        return Table(self.source, (*self.path, key), value) if isinstance(value, dict) else None

    def tables(self, key: str, required: bool = True) -> list[Table]:
        """A list of tables (`[[key]]`)."""
        value = self._get(key, list, said("a list of tables: [[{name}]]", name=key), None if required else [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            if isinstance(value, list):
                self.report(
                    key,
                    said("`{name}` must hold tables only.", name=key),
                    said("Write [[{name}]] before each.", name=key),
                )
            return []
        if required and not value:
            self.report(key, said("`{name}` is empty.", name=key), said("Add one at least."))
        return [Table(self.source, (*self.path, key, index), item) for index, item in enumerate(value)]

    def keyed(self, key: str, read: Callable[[Table], T], required: bool = False) -> dict[str, T]:
        """A list of tables with a `key` each, in order; a key that stands twice is reported."""
        found: dict[str, T] = {}
        for table in self.tables(key, required):
            name = table.key()
            if name and name in found:
                table.report(
                    "key",
                    said("The key `{name}` stands twice in `{dotted}`.", name=name, dotted=dotted((*self.path, key))),
                    said("Rename one."),
                )
            value = read(table)
            table.close()
            found.setdefault(name, value)
        found.pop("", None)
        return found

    def close(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self.values:
            if key not in self.known and not self.source.full:
                where = said("`{dotted}`", dotted=dotted(self.path)) if self.path else said("the file")
                self.report(
                    key,
                    said(
                        "`{name}` isn't known in {where}.{nearest}",
                        name=key[:80],
                        where=where,
                        nearest=nearest(key, self.known),
                    ),
                    options(self.known),
                )

    def _get(self, key: str, wanted: type, called: str, default: object) -> Any:
        self.known.append(key)
        if key not in self.values:
            if default is None:
                self.report(
                    None,
                    said("`{dotted}` is missing.", dotted=dotted((*self.path, key))),
                    said("Add it: {called}.", called=called),
                )
            return list(default) if isinstance(default, tuple) else default
        value = self.values[key]
        if not isinstance(value, wanted):
            self.report(
                key, said("`{name}` must be {called}.", name=key, called=called), said("Write {called}.", called=called)
            )
            return None
        return value


def nearest(word: str, known: Collection[str]) -> str:
    """` Did you mean …?`, or nothing where no known word is near; of very many words only the first are looked at."""
    found = difflib.get_close_matches(word[:80], list(islice(known, MAX_KNOWN)), 1)
    return said(" Did you mean `{found}`?", found=found[0]) if found else ""


def options(known: Collection[str]) -> str:
    """`Known are: a, b, c.`"""
    return said("Known are: {names}.", names=list(known)) if known else said("None is known here.")
