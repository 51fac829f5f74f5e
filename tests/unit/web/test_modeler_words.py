"""What the modeler offers: the element templates, in the owner's language."""

from __future__ import annotations

from web.pages.processes.editing import modeler_words


def test_every_template_is_offered_in_one_language() -> None:
    templates = [modeler_words._in_language(one, "it") for one in modeler_words._templates()]
    assert len(templates) == len(list(modeler_words.TEMPLATES.glob("*.json"))) > 5
    assert not any(" · " in str(one) for one in templates)
