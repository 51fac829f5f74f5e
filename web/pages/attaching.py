"""Files in forms: sent one by one while the form is filled in, or together with it where no script runs.

A form holds the ids of its files in fields `attachment`. Routes stand in `web.pages.portal.files`.
"""

from __future__ import annotations

from babel.numbers import format_decimal
from flask import g

from engine.commands.files import attachments
from engine.domain.errors import Conflict, Invalid
from engine.domain.files import ENDINGS
from engine.domain.storable import read_id
from web.pages.visiting import Visit
from web.texts import locale_of

#: for the dialog that chooses files; phones offer the camera for pictures
ACCEPTED = ",".join(["image/*", *(f".{ending}" for ending in ENDINGS)])

Errors = dict[str, list[str]]


def given_files(visit: Visit, place: str) -> tuple[list[int], Errors]:
    """The ids of a form's files, and what is wrong with those that came with it; call it before the form's command.

    Files that came with the form wait at `place` (`note:5`) from then on, so that a form with errors keeps them.
    """
    ids = _named(visit)
    errors: Errors = {}
    for file in visit.form.files.getlist("file"):
        if not file.filename:
            continue
        try:
            ids.append(attachments.upload(visit.engine, visit.actor, place, file.filename, file.stream).id)
        except Invalid as error:
            errors.setdefault("file", []).extend(error.fields.get("file", [str(error)]))
        except Conflict as error:
            errors.setdefault("file", []).append(str(error))
    return ids, errors


def throw_away(visit: Visit, ids: list[int]) -> None:
    """Of the files that `given_files` gave, throw away those that came with the form: it was sent before, with them."""
    for number in set(ids) - set(_named(visit)):
        attachments.discard(visit.engine, visit.actor, number)


def _named(visit: Visit) -> list[int]:
    """The files that the form names; 0 is none, and is refused with them."""
    return [read_id(value) or 0 for value in visit.form.all("attachment")]


def size(count: int) -> str:
    """A file's size in the reader's language: 12 kB, 3.4 MB."""
    unit, shown = ("MB", count / 1_048_576) if count >= 1_048_576 else ("kB", max(1, count / 1_024))
    digits = "#,##0.#" if unit == "MB" else "#,##0"
    return f"{format_decimal(shown, format=digits, locale=locale_of(g.visit.language))}\u00a0{unit}"
