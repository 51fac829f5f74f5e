"""Mails of Iter itself: the same in every language, and safe whatever somebody is called."""

from __future__ import annotations

import re
from datetime import datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from engine.domain.mail_texts.accounts import account_mail, languages, texts

VALUES = {
    "name": "Nora", "address": "nora@example.org", "link": "https://iter.example/x/abc",
    "until": datetime(2026, 4, 3, 9, 5, tzinfo=ZoneInfo("Europe/Rome")), "inviter": "Marta",
}  # fmt: skip


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(languages() - {"en"}))
def test_a_language_says_all_that_english_says(language: str) -> None:
    assert texts(language).keys() == texts("en").keys()
    for name, mail in texts(language).items():
        english = texts("en")[name]
        assert mail.keys() == english.keys(), name
        assert {key: placeholders(text) for key, text in mail.items()} == {
            key: placeholders(text) for key, text in english.items()
        }, name


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", sorted(texts("en")))
def test_every_mail_can_be_written(name: str, language: str) -> None:
    mail = account_mail(name, language, VALUES)
    assert mail.subject and "{" not in mail.subject + mail.text + mail.html
    assert ("https://iter.example/x/abc" in mail.text) == ('href="https://iter.example/x/abc"' in mail.html)
    words = set(re.findall(r"\w+", mail.text))
    assert words <= set(re.findall(r"\w+", re.sub(r"<[^>]+>", " ", mail.html)))


def test_each_language_writes_an_instant_its_own_way_and_names_its_zone() -> None:
    assert "until 03 April 2026, 09:05 (CEST)." in account_mail("invitation", "en", VALUES).text
    assert "fino al 03/04/2026 alle 09:05 (CEST)." in account_mail("invitation", "it", VALUES).text


def test_what_people_are_called_is_text_alone() -> None:
    evil = {
        **VALUES,
        "inviter": 'Eve\r\nBcc: all@example.org <b onclick="x">',
        "name": "{link} {0} <img src=x>\n\nhttp://evil",
    }
    mail = account_mail("invitation", "en", evil)
    assert "\n" not in mail.subject and "\r" not in mail.subject
    assert "<img" not in mail.html and "<b " not in mail.html
    assert mail.html.count("<a ") == 1
    assert mail.text.splitlines()[0] == "Good day {link} {0} <img src=x> http://evil,"


def test_a_language_that_nobody_has_written_is_english() -> None:
    assert account_mail("recovery", "fa", VALUES) == account_mail("recovery", "en", VALUES)
    assert account_mail("recovery", "../it", VALUES) == account_mail("recovery", "en", VALUES)
