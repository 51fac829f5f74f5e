"""What a package says in other languages: po files are read strictly, and every line that is none is told."""

from __future__ import annotations

import pytest

from engine.domain.forms.wording import labels_of, reworded, texts_of
from engine.domain.translations import read_translations
from engine.domain.translations.files import MAX_BYTES

GOOD = r"""
# The shop, in Italian.
msgid ""
msgstr ""
"Language: it\n"

#: forms/check.form
msgid "Price"
msgstr "Prezzo"

msgctxt "order.bpmn"
msgid "Price"
msgstr "Determina il prezzo"

msgid ""
"Two "
"lines\n"
msgstr "Due "
"righe\n"

#, fuzzy
msgid "Guessed"
msgstr "Indovinato"

msgid "Empty"
msgstr ""
"""


def read(text: str, path: str = "translations/it.po") -> tuple[list[str], list[int]]:
    """The problems of a file, and their lines."""
    problems = read_translations({path: text.encode()})[1]
    return [problem.problem for problem in problems], [problem.line for problem in problems]


def test_a_text_is_found_as_it_is_meant_where_it_stands() -> None:
    found, problems = read_translations({"translations/it.po": GOOD.encode()})
    assert problems == []
    italian = found["it"]
    assert italian.find("Price", "forms/check.form") == "Prezzo"
    assert italian.find("Price", "order.bpmn") == "Determina il prezzo"
    assert italian.find("Two lines\n") == "Due righe\n"


@pytest.mark.parametrize("text", ["Guessed", "Empty", "Nobody wrote this"])
def test_what_nobody_translated_is_not_found(text: str) -> None:
    assert read_translations({"translations/it.po": GOOD.encode()})[0]["it"].find(text) is None


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ('msgid "a"\nmsgstr "b', "This isn't a line of a po file.", 2),
        ('msgid "a"\nmsgid_plural "b"', "Plural forms aren't used here.", 2),
        ('msgstr "b"', "`msgstr` can't stand here.", 1),
        ('msgid "a"\n\nmsgid "b"\nmsgstr "c"', "The entry has no msgstr.", 1),
        ('"a"', "The text belongs to no entry.", 1),
        ('msgid "a\\q"\nmsgstr "b"', "The escape '\\q' isn't known.", 1),
        ('msgid "a"\nmsgstr "b\x07"', "The text holds control characters.", 2),
        ('msgid "a"\nmsgstr "b"\nmsgid "a"\nmsgstr "c"', "“a” is translated in line 1 already.", 3),
    ],
)
def test_a_line_that_cannot_be_read_is_told(text: str, problem: str, line: int) -> None:
    problems, lines = read(text)
    assert (problems[0], lines[0]) == (problem, line)


def test_a_file_elsewhere_or_too_large_or_not_text_is_refused() -> None:
    assert read("", "it.po")[0] == ["A po file stands in translations/ and is called by its language."]
    assert read("", "translations/Italian.po")[0] == read("", "it.po")[0]
    assert "bytes; at most" in read("#" * (MAX_BYTES + 1))[0][0]
    assert read_translations({"translations/it.po": b"\xff"})[1][0].problem == "The file isn't UTF-8 text."


def test_a_hostile_file_is_read_in_a_short_time() -> None:
    assert len(read('msgid "' + "\\" * (MAX_BYTES - 20))[0]) == 1
    assert len(read('msgid "a"\n' * 20_000)[0]) == 50


FORM = {
    "components": [
        {"type": "text", "id": "intro", "text": "Hello"},
        {
            "type": "group", "label": "Group", "components": [
                {
                    "type": "radio", "key": "colour", "label": "Colour", "description": "Of the bike",
                    "values": [{"label": "Red", "value": "Red"}], "appearance": {"suffixAdorner": "!"},
                },
                {"type": "datetime", "key": "day", "dateLabel": "Day"},
            ],
        },
    ]
}  # fmt: skip


def test_every_text_of_a_form_is_told_with_its_component() -> None:
    assert list(texts_of(FORM)) == [
        ("intro", "Hello"), ("group", "Group"), ("colour", "Colour"), ("colour", "Of the bike"), ("colour", "Red"),
        ("colour", "!"), ("day", "Day"),
    ]  # fmt: skip
    assert labels_of(FORM) == {"colour": "Colour", "day": "Day"}


def test_a_form_in_other_words_keeps_keys_and_values() -> None:
    loud = reworded(FORM, str.upper)
    assert [text for _, text in texts_of(loud)] == [text.upper() for _, text in texts_of(FORM)]
    assert loud["components"][1]["components"][0]["values"] == [{"label": "RED", "value": "Red"}]
    assert FORM["components"][0]["text"] == "Hello", "the form itself stays as it is"
