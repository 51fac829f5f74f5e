"""Mails about an invented ticket: every one of a package can be looked at, whatever it reads."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.domain.mail_texts import MailFailed, MailText, RenderedMail, read_mail, read_mails, render_sample
from engine.domain.mail_texts.texts import read_translated_mails
from engine.domain.package_files import read_package
from engine.domain.packages import Package

ROOT = Path("workflows/mrdoc")
FILES = {str(path.relative_to(ROOT)): path.read_bytes() for path in ROOT.rglob("*") if path.is_file()}
AT = datetime(2026, 5, 11, 8, tzinfo=UTC)
EXAMPLE = {
    "subject": "Printing", "text": "It does <b>nothing</b>.", "requester": "Ada", "assignee": "Bruno",
    "company": "Esempio", "address": "ada@esempio.example",
}  # fmt: skip


@pytest.fixture(scope="module")
def package() -> Package:
    read = read_package(FILES)[0]
    assert read
    return read


def sample(package: Package, text: str, html: str = "") -> RenderedMail:
    mail, problems = read_mail("a", {"mail/a.txt": text.encode(), **({"mail/a.html": html.encode()} if html else {})})
    assert mail and not problems
    return render_sample(mail, package, "it", AT, EXAMPLE)


def test_every_mail_in_every_language_can_be_looked_at(package: Package) -> None:
    own, more = read_mails(FILES, package)[0], read_translated_mails(FILES, package)[0]
    all_of_them: list[tuple[str, MailText]] = [
        *(("it", mail) for mail in own.values()), *(("en", mail) for mail in more["en"].values()),
    ]  # fmt: skip
    for language, mail in all_of_them:
        rendered = render_sample(mail, package, language, AT, EXAMPLE)
        assert "{{" not in rendered.subject + rendered.text + rendered.html, mail.name
        assert rendered.subject and rendered.text and rendered.html
    assert len(all_of_them) > 50


def test_values_have_their_fields_types_and_what_the_process_sets_is_shown_as_its_name(package: Package) -> None:
    text = "{{ ticket.number }} {{ ticket.agreed_date | date }} {{ ticket.quote_amount }} {{ ticket.solution }} "
    text += "{{ reason }} {{ quote.days }} {{ deadlines.check | date }} {{ ticket.category_label }}"
    assert sample(package, f"Subject: s\n\n{text}").text == (
        "MR-2026-00042 11/05/2026 3 ‹Soluzione› ‹reason› ‹quote.days› 13/05/2026 Quantificazione nuovo sviluppo"
    )


def test_a_variable_that_has_to_be_a_day_or_a_number_becomes_one(package: Package) -> None:
    assert sample(package, "Subject: s\n\n{{ due | date }}").text == "11/05/2026"
    assert sample(package, "Subject: s\n\n{{ days | plus: 2 }}").text == "2"
    with pytest.raises(MailFailed):
        sample(package, "Subject: s\n\n{{ due | date }} {{ days | truncate: many }} {{ ticket.subject | date }}")


def test_what_people_wrote_is_inert_in_html(package: Package) -> None:
    assert "&lt;b&gt;" in sample(package, "Subject: s\n\nx", "<p>{{ ticket.text }}</p>").html
