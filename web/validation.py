"""What the types of Pydantic's findings mean to a reader. Which findings there are, the models say."""

from __future__ import annotations

from collections.abc import Mapping

from engine.domain.said import Said, said

_INSTANT = said("This must be an instant such as 2026-03-27T16:00+01:00.")
_WHOLE = said("This must be a whole number.")
_OBJECT = said("This must be an object.")
_YES_OR_NO = said("This must be true or false.")
_ONE_OF = said("This must be one of {expected}.")

#: texts by type of finding; the values in braces come with it
VALIDATION: Mapping[str, Said] = {
    "missing": said("This field is required."),
    "extra_forbidden": said("This field isn't known here."),
    "string_type": said("This must be a text."),
    "string_too_short": said("This must have at least {min_length} characters."),
    "string_too_long": said("This must have at most {max_length} characters."),
    "string_pattern_mismatch": said("This isn't in the expected form."),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "list_type": said("This must be a list."),
    "too_long": said("This must have at most {max_length} entries."),
    "too_short": said("This must have at least {min_length} entries."),
    "greater_than_equal": said("This must be at least {ge}."),
    "less_than_equal": said("This must be at most {le}."),
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "timezone_aware": said("This must be an instant with its offset, such as 2026-03-27T16:00+01:00."),
}
