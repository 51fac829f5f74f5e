"""Which form-js components and keywords the server checks. All others are refused: they would promise in vain."""

from __future__ import annotations

#: components that carry no data
STATIC = ("text", "separator", "spacer", "group")
DATA = (
    "textfield", "textarea", "number", "checkbox", "checklist", "taglist", "radio", "select", "datetime",
)  # fmt: skip

#: of the form itself
SCHEMA = (
    "type", "id", "schemaVersion", "components", "exporter", "executionPlatform", "executionPlatformVersion",
    "versionTag", "$schema",
)  # fmt: skip

_EVERYWHERE = ("type", "id", "layout", "conditional", "properties")
_DATA = (*_EVERYWHERE, "key", "label", "description", "validate", "defaultValue", "disabled", "readonly", "appearance")
_CHOICES = (*_DATA, "values")

#: keywords by component
KEYWORDS: dict[str, tuple[str, ...]] = {
    "text": (*_EVERYWHERE, "text"),
    "separator": _EVERYWHERE,
    "spacer": (*_EVERYWHERE, "height"),
    "group": (*_EVERYWHERE, "label", "components", "showOutline", "verticalAlignment"),
    "textfield": _DATA,
    "textarea": _DATA,
    "number": (*_DATA, "decimalDigits", "increment"),
    "checkbox": _DATA,
    "checklist": _CHOICES,
    "taglist": (*_CHOICES, "searchable"),
    "radio": _CHOICES,
    "select": (*_CHOICES, "searchable", "valuesKey"),
    "datetime": (*tuple(k for k in _DATA if k != "label"), "label", "subtype", "dateLabel"),
}

#: keywords of `validate` by component
VALIDATIONS: dict[str, tuple[str, ...]] = {
    "textfield": ("required", "minLength", "maxLength", "pattern", "validationType"),
    "textarea": ("required", "minLength", "maxLength"),
    "number": ("required", "min", "max"),
}
ONLY_REQUIRED = ("required",)

#: `properties` that Iter reads, by component
PROPERTIES: dict[str, tuple[str, ...]] = {
    "datetime": ("workingDay",),
    "select": ("account",),
    "number": ("account",),
}
