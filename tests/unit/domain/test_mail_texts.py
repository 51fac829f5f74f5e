"""Mail texts: what is read, what is refused when deploying, and what a mail can never do."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from engine.domain.mail_texts.texts import MailFailed, MailText, read_mail, read_mails


def mail(text: str, html: str | None = None) -> MailText:
    files = {"mail/a.txt": text.encode()}
    if html is not None:
        files["mail/a.html"] = html.encode()
    read, problems = read_mail("a", files)
    assert not problems, problems
    assert read is not None
    return read


def problems_of(text: str, **more: bytes) -> list[str]:
    read, problems = read_mail("a", {"mail/a.txt": text.encode(), **more})
    assert (read is None) == bool(problems)
    return [f"{p.line}: {p.problem}" for p in problems]


def test_a_mail_has_a_subject_a_text_and_html() -> None:
    rendered = mail(
        "Subject: [{{ ticket.number }}] {{ ticket.subject }}\n\nEntro il {{ deadlines.quote | date: '%d/%m %H:%M' }}\n",
        "<p>{{ ticket.subject }}</p>",
    ).render(
        {
            "ticket": {"number": "MR-1", "subject": "<b>Caffè</b>"},
            "deadlines": {"quote": datetime(2026, 3, 30, 10, tzinfo=UTC)},
        }
    )
    assert rendered.subject == "[MR-1] <b>Caffè</b>"
    assert rendered.text == "Entro il 30/03 10:00\n"
    assert rendered.html == "<p>&lt;b&gt;Caffè&lt;/b&gt;</p>"


@pytest.mark.parametrize("bad", ["a\r\nBcc: x@example.com", "a\nb", "a\x00b", "a\u2028b", "a\u202eb"])
def test_no_value_begins_a_header(bad: str) -> None:
    subject = mail("Subject: {{ x }}\n").render({"x": bad}).subject
    assert "\n" not in subject and "\r" not in subject
    assert subject.isprintable()


def test_a_subject_is_one_short_line() -> None:
    assert len(mail("Subject: {{ x }}\n").render({"x": "y" * 5000}).subject) == 200


def test_what_is_missing_may_be_asked_for_but_not_written() -> None:
    text = mail("Subject: s\n{% if gone %}x{% endif %}{{ gone | default: 'nothing' }}{{ gone.more | default: '!' }}")
    assert text.render({}).text == "nothing!"
    with pytest.raises(MailFailed, match="gone"):
        mail("Subject: s\n{{ gone }}").render({})
    with pytest.raises(MailFailed, match="gone"):
        mail("Subject: s\n{{ ticket.gone }}").render({"ticket": {}})


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in many %}x{% endfor %}",
        "{% for a in some %}{% for b in some %}x{% endfor %}{% endfor %}",
        "{% assign x = 'aaaaaaaaaa' %}{% for a in some %}{% assign x = x | append: x %}{% endfor %}",
        "{{ many | join: 'xxxxxxxxxxxxxxxxxxxx' }}",
        "{{ 'not a date' | date }}",
        "{{ 'now' | date }}",
    ],
)
def test_limits(text: str) -> None:
    with pytest.raises(MailFailed):
        mail("Subject: s\n" + text).render({"some": ["x"] * 99, "many": ["x"] * 100_000})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1: The first line isn't a subject."),
        ("Hello\n", "1: The first line isn't a subject."),
        ("Subject: \n", "1: The first line isn't a subject."),
        ("Subject: {{ x \n", "1: A tag isn't closed"),
        ("Subject: s\n\nfine\n{% if %}\n", "4: The text isn't Liquid"),
        ("Subject: s\n{% include 'x' %}", "2: The text isn't Liquid"),
        ("Subject: s\n{{ x | safe }}", "2: There is no filter “safe”"),
        ("Subject: s\n\n\n{{ recipient.phone }}", "4: The mail reads recipient.phone"),
        ("Subject: s\n\x00", "0: The text holds a null"),
        ("Subject: s\n" + "{{" * 20_000, "0: The text has more than 500 tags"),
    ],
)
def test_refusals_say_where(text: str, says: str) -> None:
    found = problems_of(text)
    assert found and found[0].startswith(says), found


def test_html_needs_its_plain_text_and_every_problem_is_found() -> None:
    mails, problems = read_mails(
        {
            "mail/a.html": b"<p>",
            "mail/b.txt": b"\xff",
            "mail/c.txt": b"Subject: s\nx",
            "mail/notes.md": b"",
            "x.txt": b"",
        }
    )
    assert list(mails) == ["c"]
    assert [p.file for p in problems] == ["mail/a.html", "mail/b.txt"]


def test_syntax_problems_of_both_files_come_together() -> None:
    assert len(problems_of("Subject: s\n{{ x", **{"mail/a.html": b"{{ y"})) == 2


def test_rich_text_is_html_in_the_html_part_and_as_written_in_the_other() -> None:
    text = "**Yes**\n<img src=x onerror=alert(1)> [x](javascript:alert(1))"
    rendered = mail("Subject: s\n{{ note.text }}", "<div>{{ note.text | rich }}</div>").render({"note": {"text": text}})
    assert rendered.text == text
    assert rendered.html.startswith("<div><p><strong>Yes</strong><br>\n&lt;img src=x onerror=alert(1)&gt; [x](java")


def test_rich_text_of_what_is_missing_is_a_hole_as_elsewhere() -> None:
    with pytest.raises(MailFailed, match="gone"):
        mail("Subject: s\n", "{{ gone | rich }}").render({})


def test_the_plain_part_knows_no_rich_text() -> None:
    assert "There is no filter “rich”." in problems_of("Subject: s\n{{ note.text | rich }}")[0]


@pytest.mark.parametrize(
    "tag",
    [
        '{% if (1..200000000) contains "x" %}{% endif %}', "{% for i in (1..n) reversed %}x{% endfor %}",
        "{{" + " " * 8_000 + "}}", "{{" * 400 + " " * 40_000, "{{ " + "a[" * 600 + "1" + "]" * 600 + " }}",
        "{{ x" + " | upcase" * 11 + " }}", "{{ x", "{% if x", "{% assign s = (1 .. 9) %}",
    ],
)  # fmt: skip
def test_a_tag_that_would_take_long_is_refused_before_it_is_read(tag: str) -> None:
    began = time.process_time()
    (told,) = problems_of(f"Subject: s\n\n{tag}")
    assert "A tag isn't closed, or does more" in told
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in many %}{% for b in many %}" + "{{ a | upcase | downcase }}" * 30 + "{% endfor %}{% endfor %}",
        "{{ many | join: long }}", "{{ long | append: long }}",
        "{% for a in many %}" + "{{ long | upcase | size }}" * 200 + "{% endfor %}",
    ],
)  # fmt: skip
def test_a_mail_ends_whatever_its_filters_do(text: str) -> None:
    with pytest.raises(MailFailed, match="too long|limit"):
        mail(f"Subject: s\n\n{text}").render({"many": ["x"] * 200, "long": "x" * 150_000})


def test_what_a_mail_reads_by_a_computed_key_is_known_when_it_runs() -> None:
    text = mail("Subject: s\n\n{{ ticket[which] }}").render({"ticket": {"a": "here"}, "which": "a"}).text
    assert text == "here"
    assert problems_of("Subject: s\n\n{{ ticket[recipient.name] }}") == []
