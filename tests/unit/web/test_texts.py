"""What is said in the reader's language: looked up, filled in, escaped for pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from markupsafe import Markup

from engine.domain.said import said
from web import texts
from web.texts import direction_of, name_of, say, say_number, tag_of, template_functions

PERSIAN = r"""
msgid ""
msgstr ""
"Language: fa\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"
"Content-Type: text/plain; charset=utf-8\n"

msgid "Conflict"
msgstr "تعارض"

#, fuzzy
msgid "Not found"
msgstr "guessed"

msgid "The folder {folder} is full."
msgstr "{missing} is full"

msgid "{n} file"
msgid_plural "{n} files"
msgstr[0] "{n} one"
msgstr[1] "{n} many"
"""


@pytest.fixture
def persian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A language that is there because its file is."""
    (tmp_path / "fa.po").write_text(PERSIAN, encoding="utf-8")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    monkeypatch.setattr(texts, "LANGUAGES", ("en", "fa"))
    texts.translations_for.cache_clear()
    yield
    texts.translations_for.cache_clear()


def test_a_text_is_said_in_the_readers_language() -> None:
    assert say("Conflict", "it") == "Conflitto"
    assert say("This must be at least {ge}.", "it", ge=3) == "Deve essere almeno 3."


def test_what_nobody_translated_stays_english() -> None:
    assert say("Nobody has translated {what}.", "it", what="this") == "Nobody has translated this."
    assert say("Conflict", "xx") == "Conflict"
    assert say("", "it") == ""


def test_values_are_said_in_the_language_too() -> None:
    outer = said("{problem} {remedy}", problem=said("Conflict"), remedy=[said("Not found"), "a.txt"])
    assert say(outer, "it") == "Conflitto Non trovato, a.txt"


def test_numbers_and_dates_are_written_as_in_the_language() -> None:
    assert say("The package has {size:,} {day}", "it", size=1200, day=date(2026, 3, 27)) == (
        "The package has 1.200 27 mar 2026"
    )
    assert say_number("{n} thing", "{n} things", 1200, "it") == "1.200 things"


def test_braces_of_somebodys_own_are_left_alone() -> None:
    assert say("a {b} c", "it") == "a {b} c"
    assert say("It fails: {message}.", "it", message="{x}") == "Non riesce: {x}."


def test_a_new_file_is_a_new_language(persian: None) -> None:
    assert (name_of("fa"), direction_of("fa")) == ("فارسی", "rtl")
    assert say("Conflict", "fa") == "تعارض"
    assert say_number("{n} file", "{n} files", 1, "fa") == "1 one"
    assert say_number("{n} file", "{n} files", 2, "fa") == "2 many"


def test_what_a_tool_guessed_does_not_count(persian: None) -> None:
    assert say("Not found", "fa") == "Not found"


def test_a_translation_with_a_wrong_placeholder_keeps_nobody_from_reading(persian: None) -> None:
    assert say("The folder {folder} is full.", "fa", folder="x") == "The folder x is full."


def test_languages_call_themselves_by_their_own_names() -> None:
    assert [name_of(code) for code in ("en", "it", "pt_BR")] == ["English", "Italiano", "Português (Brasil)"]
    assert (tag_of("pt_BR"), direction_of("it")) == ("pt-BR", "ltr")


def test_templates_escape_texts_and_values_but_no_markup() -> None:
    functions = template_functions(lambda: "it")
    assert functions["_"]("<{name}>", name="<b>") == Markup("&lt;&lt;b&gt;&gt;")
    assert functions["_"]("{link}", link=Markup("<a>")) == Markup("<a>")
    assert functions["ngettext"]("{n} & {x}", "{n} && {x}", 2, x=said("Conflict")) == Markup("2 &amp;&amp; Conflitto")


def test_templates_refuse_another_kind_of_placeholder() -> None:
    functions = template_functions(lambda: "it")
    with pytest.raises(ValueError, match="placeholders like"):
        functions["_"]("Me: %(name)s", name="x")
    with pytest.raises(ValueError, match="placeholders like"):
        functions["ngettext"]("one", "%(num)d", 2)
