"""Which editor opens a file of a draft: the one of its kind, or that of texts for what it couldn't show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

from engine.domain.forms.components import KEYWORDS
from engine.queries.packages.drafts import DraftFile, PackageDraft
from web.pages.processes.editing import form_words, mails, modeler_words, settings
from web.pages.visiting import Visit

Editor = Literal["modeler", "form_editor", "decision_editor", "settings_editor", "mail_editor", "source"]
EDITORS: dict[str, Editor] = {
    "diagram": "modeler", "form": "form_editor", "decision": "decision_editor", "package": "settings_editor",
    "mail": "mail_editor",
}  # fmt: skip


def editor_of(visit: Visit, draft: PackageDraft, file: DraftFile, text: str) -> tuple[Editor, dict[str, Any]]:
    """What the file is opened in, and what that shows: the editor of its kind, unless the reader asks for its text."""
    editor = EDITORS.get(file.kind, "source")
    if "as" in visit.query and not file.is_policy:
        return "source", {}
    words = _WORDS[editor](visit, draft, file, text) if editor in _WORDS else {}
    return ("source", {}) if words is None else (editor, words)


def is_form(text: str) -> bool:
    """Whether the form editor can show it: JSON with components that it knows, whatever is wrong in them."""
    try:
        schema = json.loads(text)
        return isinstance(schema, dict) and all(kind in KEYWORDS for kind in _kinds(schema["components"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def _kinds(components: list[dict[str, Any]]) -> Iterator[str]:
    for component in components:
        yield component["type"]
        yield from _kinds(component.get("components", []))


#: what an editor shows and says, in the owner's language; None where it can't show the file
_WORDS: dict[Editor, Callable[[Visit, PackageDraft, DraftFile, str], dict[str, Any] | None]] = {
    "modeler": lambda visit, draft, file, text: modeler_words.words(visit),
    "form_editor": lambda visit, draft, file, text: form_words.words(visit) if is_form(text) else None,
    "settings_editor": lambda visit, draft, file, text: settings.shown(visit, text),
    "mail_editor": lambda visit, draft, file, text: mails.shown(visit, draft, file),
}
