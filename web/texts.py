"""What is said to people, in their language. The English text is the key; `translations/<language>.po` has the others.

A new file there is a new language: its name and direction come from Babel. How dates and numbers are written stands
in `web.formats`; texts of a process (statuses, forms, mails) are data of its package.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup, escape

from engine.domain.said import Said

FOLDER = Path(__file__).parent / "translations"
ENGLISH = "en"
#: codes of the languages that a reader may choose
LANGUAGES = (ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.po")))


#: where a language alone leaves it open how dates are written
_REGIONS = {ENGLISH: "en_GB"}


@cache
def locale_of(language: str) -> Locale:
    """How a language writes dates and numbers; as English does where Babel doesn't know it."""
    try:
        return Locale.parse(_REGIONS.get(language, language.replace("-", "_")))
    except (ValueError, LookupError):
        return locale_of(ENGLISH)


def name_of(language: str) -> str:
    """What a language calls itself: Italiano, English."""
    locale = locale_of(language)
    name = (locale.get_language_name() if language in _REGIONS else locale.get_display_name()) or language
    return name[:1].upper() + name[1:]


def direction_of(language: str) -> str:
    """`ltr` or `rtl`: where its lines begin."""
    return str(locale_of(language).text_direction)


def tag_of(language: str) -> str:
    """The language as HTML and HTTP write it: pt-BR."""
    return language.replace("_", "-")


@cache
def translations_for(language: str) -> NullTranslations:
    """The catalogue of a language, read once; English for a language that has none.

    Raises `PoFileError` where the file can't be read.
    """
    path = FOLDER / f"{language}.po"
    if language not in LANGUAGES or not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def say(text: str, language: str, /, **values: Any) -> str:
    """The text in the reader's language with its values put in; what nobody translated stays English.

    A `Said` brings its own values. Values that are `Said` themselves, or lists, are said in the language too.
    """
    return _filled(*_looked_up(text, language, values), _Plain(language))


def say_number(singular: str, plural: str, n: int, language: str, /, **values: Any) -> str:
    """The text for this number: `say_number("{n} ticket", "{n} tickets", 1200, "en")`; `{n}` is written by locale."""
    return _filled(*_counted(singular, plural, n, language, values), _Plain(language))


def template_functions(language_of: Callable[[], str]) -> dict[str, Callable[..., Markup]]:
    """`_` and `ngettext` for templates; `language_of` tells who reads. Values are escaped, unless they are Markup.

    `{{ _("Me: {name}", name=name) }}`, `{{ ngettext("{n} ticket", "{n} tickets", count) }}`: the same placeholders as
    in Python, so that a translator meets one kind.
    """

    def translate(text: str, /, **values: Any) -> Markup:
        _refuse_percent(text)
        language = language_of()
        return Markup(_filled(*_looked_up(text, language, values), _Escaped(language)))  # noqa: S704

    def translate_number(singular: str, plural: str, n: int, /, **values: Any) -> Markup:
        _refuse_percent(plural)
        language = language_of()
        return Markup(_filled(*_counted(singular, plural, n, language, values), _Escaped(language)))  # noqa: S704

    return {"_": translate, "gettext": translate, "ngettext": translate_number}


def _refuse_percent(text: str) -> None:
    """Placeholders of Jinja's own kind would stay in the page as they are."""
    if "%(" in text:
        raise ValueError(f"Expected placeholders like {{name}}, but got {text!r}.")


def _looked_up(text: str, language: str, values: Mapping[str, Any]) -> tuple[str, str, Mapping[str, Any]]:
    """The translation, the English text, and the values for both."""
    key, given = (text.key, {**text.values, **values}) if isinstance(text, Said) else (text, values)
    return (str(translations_for(language).gettext(key)) if key else ""), key, given


def _counted(
    singular: str, plural: str, n: int, language: str, values: Mapping[str, Any]
) -> tuple[str, str, Mapping[str, Any]]:
    text = translations_for(language).ngettext(singular, plural, n)
    written = format_decimal(n, locale=locale_of(language))
    return str(text), singular if n == 1 else plural, {**values, "n": written}


def _filled(text: str, english: str, values: Mapping[str, Any], formatter: _Plain) -> str:
    """The text with its values; a translation that names one which isn't given never keeps anybody from reading."""
    if not values:
        return formatter.whole(text)
    try:
        return formatter.vformat(formatter.whole(text), (), values)
    except (LookupError, ValueError):
        return formatter.vformat(formatter.whole(english), (), values)


class _Plain(Formatter):
    """Puts values into a text; `{n:,}` groups the digits as the language does."""

    def __init__(self, language: str) -> None:
        self.language = language

    def whole(self, text: str) -> str:
        """The text before values are put in."""
        return text

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, Said):
            value = say(value, self.language)
        elif isinstance(value, (list, tuple)):
            value = ", ".join(self.format_field(item, "") for item in value)
        elif isinstance(value, date):
            return str(format_date(value, "medium", locale=locale_of(self.language)))
        elif format_spec == ",":
            return str(format_decimal(value, locale=locale_of(self.language)))
        return format(value, format_spec)


class _Escaped(_Plain):
    """The same for HTML."""

    def whole(self, text: str) -> str:
        return str(escape(text))

    def format_field(self, value: Any, format_spec: str) -> str:
        if hasattr(value, "__html__"):
            return str(escape(value))
        return str(escape(super().format_field(value, format_spec)))
