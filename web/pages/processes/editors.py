"""Which editor opens a file of a draft: the one of its kind, or that of texts for what it couldn't show."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Literal

from engine.domain.forms.components import KEYWORDS
from engine.queries.packages.drafts import DraftFile
from web.pages.processes import form_words, modeler_words
from web.pages.visiting import Visit

Editor = Literal["modeler", "form_editor", "decision_editor", "source"]
EDITORS: dict[str, Editor] = {"diagram": "modeler", "form": "form_editor", "decision": "decision_editor"}


def editor_of(visit: Visit, file: DraftFile, text: str) -> Editor:
    """What the file is opened in: the editor of its kind, unless the reader asks for its text."""
    editor = EDITORS.get(file.kind, "source")
    as_text = "as" in visit.query and not file.is_policy
    return "source" if as_text or (editor == "form_editor" and not is_form(text)) else editor


def editor_words(visit: Visit, editor: Editor) -> dict[str, Any]:
    """What its script says, in the owner's language."""
    if editor == "modeler":
        return modeler_words.words(visit)
    return form_words.words(visit) if editor == "form_editor" else {}


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
