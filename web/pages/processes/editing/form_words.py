"""What the form editor says and offers: the components that the server checks, and what can be said of each."""

from __future__ import annotations

from typing import Any

from engine.domain.forms.components import KEYWORDS, ONLY_REQUIRED, PROPERTIES, STATIC, VALIDATIONS
from web.pages.forms import form_words
from web.pages.frame import N_
from web.pages.visiting import Visit

#: what can be put into a form, in the order of the palette; without aliases of what looks the same
_TYPES = {
    "textfield": N_("Text, one line"),
    "textarea": N_("Longer text"),
    "number": N_("Number"),
    "datetime": N_("Day"),
    "checkbox": N_("Yes or no"),
    "radio": N_("One of a few"),
    "select": N_("One of many"),
    "checklist": N_("Several of a few"),
    "taglist": N_("Several of many"),
    "text": N_("Text to read"),
    "group": N_("Group"),
    "separator": N_("Line"),
    "spacer": N_("Space"),
}
#: what a property is called, and what to write there; those of `validate` and `properties` by their own names
_PROPERTIES = {
    "label": (N_("Question"), N_("What people read above the field.")),
    "key": (N_("Name of the variable"), N_("Letters, digits and _; expressions read the answer by it.")),
    "description": (N_("Explanation"), N_("Small, below the field.")),
    "text": (N_("Text"), N_("Markdown: **bold**, *italic*, lists.")),
    "values": (N_("Answers to choose from"), ""),
    "account": (N_("Choose somebody of"), N_("A group, for example agent@department. Empty: the answers below.")),
    "required": (N_("Needed"), ""),
    "minLength": (N_("At least so many characters"), ""),
    "maxLength": (N_("At most so many characters"), ""),
    "min": (N_("Not less than"), ""),
    "max": (N_("Not more than"), ""),
    "decimalDigits": (N_("Decimals"), ""),
    "increment": (N_("In steps of"), ""),
    "validationType": (N_("Written as"), ""),
    "pattern": (N_("Pattern"), N_("A regular expression; ^…$ for the whole text.")),
    "workingDay": (N_("Only days on which we work"), ""),
    "defaultValue": (N_("Filled in beforehand"), ""),
    "readonly": (N_("Only shows a value"), N_("Nothing can be typed; the name may be ticket.subject.")),
    "hide": (N_("Hidden when"), N_('For example =complete != "no". Empty: always shown.')),
    "height": (N_("Height in pixels"), ""),
    "showOutline": (N_("With a frame"), ""),
}
_GROUPS = {
    "field": N_("Field"),
    "answer": N_("What counts as an answer"),
    "shown": N_("When it is shown"),
}
_PICKS = {
    "validationType": {"": N_("anything"), "email": N_("mail address"), "phone": N_("telephone number")},
    "defaultValue": {"": N_("(nothing)"), "true": N_("Yes"), "false": N_("No")},
}
_WORDS = {
    "nothing": N_("(nothing)"),
    "remove": N_("Remove"),
    "up": N_("Move up"),
    "down": N_("Move down"),
    "add": N_("Add an answer"),
    "answer": N_("Answer"),
    "value": N_("Value"),
    "new_answer": N_("New answer"),
    "empty_group": N_("Drag components here."),
    "twice": N_("Another field has this name."),
    "no_name": N_("Letters, digits and _ only, and no digit at the beginning."),
    "no_number": N_("Write a number."),
    "of_form": N_("Click on a field to change it, or drag a new one here."),
}


def words(visit: Visit) -> dict[str, Any]:
    """All of it, for the script."""
    say = visit.say
    return {
        **{key: say(text) for key, text in _WORDS.items()},
        "types": {kind: {"name": say(_TYPES[kind]), "has": _has(kind)} for kind in _TYPES},
        "groups": {key: say(text) for key, text in _GROUPS.items()},
        "properties": {
            key: {"label": say(label), "hint": say(hint) if hint else ""} for key, (label, hint) in _PROPERTIES.items()
        },
        "picks": {
            of: [{"value": value, "name": say(name)} for value, name in some.items()] for of, some in _PICKS.items()
        },
        "form": form_words(),
    }


def _has(kind: str) -> list[str]:
    """The properties that the server checks of a component, those of `validate` and `properties` among them."""
    more = () if kind in STATIC else (*VALIDATIONS.get(kind, ONLY_REQUIRED), *PROPERTIES.get(kind, ()))
    return [name for name in (*KEYWORDS[kind], "hide", *more) if name in _PROPERTIES]
