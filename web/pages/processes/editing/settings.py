"""The lists of `package.toml` in a plain editor: statuses, categories, fields, departments, roles and their like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import jsonify

from engine.domain.errors import Invalid
from engine.domain.package_files.reading import FILE
from engine.domain.package_files.source import parse
from engine.domain.package_files.tables import KEY
from engine.domain.package_files.writing import rewrite
from engine.domain.said import said
from engine.queries.packages import drafts as reads
from web.pages.processes.editing.setting_lists import CHOICE, Column, listings
from web.pages.visiting import Answer, Pages, Visit

pages = Pages("package settings")


def shown(visit: Visit, text: str) -> dict[str, Any] | None:
    """The lists as the page shows them, and the languages of their names; None for a file that can't be shown so."""
    tree = parse(FILE, text.encode("utf-8", "replace"))[0]
    if tree is None:
        return None
    try:
        language = str(tree["language"])
        roles = {role["key"]: role.get("label", {}).get(language) or role["key"] for role in tree.get("roles", [])
                 if role.get("key")}  # fmt: skip
        found = listings(visit.say, roles)
        for listing in found:
            listing.rows.extend(dict(row) for row in tree.get(listing.name, []))
        rows = [row for listing in found for row in listing.rows]
        rows += [choice for row in rows for choice in row.get("choices", [])]
        labels = [row["label"] for row in rows if "label" in row]
        languages = {language: None, **{code: None for names in labels for code in names}}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if not all(_is_plain(row, listing.columns) for listing in found for row in listing.rows):
        return None
    return {"lists": found, "languages": list(languages), "key": KEY.pattern, "choice": CHOICE}


@pages.post("/processes/<key:package>/draft/settings.json", to="staff")
def write(visit: Visit, package: str) -> Answer:
    """What the file would say: `{"base": its text, "lists": {name: rows}}` gives `{"content": …}`; nothing is kept."""
    reads.of_package(visit.engine, visit.actor, package)
    given = visit.json()
    base, lists = given.get("base"), given.get("lists")
    names = {listing.name for listing in listings(str, {})}
    if not isinstance(base, str) or not isinstance(lists, dict) or not names.issuperset(lists):
        raise Invalid(said("Expected the file's text and lists of it."))
    if not all(isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in lists.values()):
        raise Invalid(said("Expected the file's text and lists of it."))
    return jsonify(content=rewrite(FILE, base.encode("utf-8", "replace"), lists).decode())


def _is_plain(row: Mapping[str, Any], columns: Sequence[Column]) -> bool:
    """Whether the editor can show all that the row has in the columns."""
    return all(_fits(row[column.name], column) for column in columns if column.name in row)


def _fits(value: Any, column: Column) -> bool:
    if column.kind == "label":
        return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    if column.kind == "many":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if column.kind == "rows":
        return isinstance(value, list) and all(isinstance(row, dict) and _is_plain(row, CHOICE) for row in value)
    return isinstance(value, str)
