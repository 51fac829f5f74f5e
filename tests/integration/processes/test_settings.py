"""The lists of `package.toml` and mail texts in their editors; for who deploys, and never a fault of ours."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.conftest import Desk
from tests.support.desk import CLERK, desk_files
from tests.support.visitors import Visitor, visitor

DRAFT = "/processes/desk/draft"
TAGS = "<img src=x onerror=alert(1)>"


@pytest.fixture
def clerk(desk: Desk) -> Visitor:
    return visitor(desk.engine, CLERK)


def keep(clerk: Visitor, path: str, content: str, revision: int = 0) -> Any:
    answer = clerk.send(f"{DRAFT}/files/{path}", {"content": content, "revision": revision})
    assert answer.status_code == 200
    return answer.json


def settings() -> str:
    return desk_files()["package.toml"].decode()


def test_rows_are_written_into_the_text_and_nothing_is_kept(clerk: Visitor) -> None:
    given = {"base": settings(), "lists": {"categories": [{"key": "new", "label": {"en": "New"}}]}}
    answer = clerk.send(f"{DRAFT}/settings.json", given)
    assert answer.status_code == 200
    assert 'key = "new"\nlabel = { en = "New" }\n' in answer.json["content"]
    assert clerk.get(f"{DRAFT}/saved/package.toml").data == desk_files()["package.toml"]


@pytest.mark.parametrize(
    "given",
    [
        {}, {"base": 1, "lists": {}}, {"base": "", "lists": []}, {"base": "", "lists": {"mail": []}},
        {"base": "no toml", "lists": {}}, {"base": "", "lists": {"roles": [1]}}, {"base": "", "lists": {"roles": "x"}},
        {"base": "", "lists": {"roles": [{"was": 7}]}},
        {"base": "", "lists": {"roles": [{"key": None, "a": {"b": None}}]}},
        {"base": "\ud800", "lists": {}}, {"base": "", "lists": {"roles": [{"key": "\ud800"}]}},
        {"base": "", "lists": {"roles": [{"key": [[[1, None]]]}]}},
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_a_reason(clerk: Visitor, given: dict[str, Any]) -> None:
    answer = clerk.send(f"{DRAFT}/settings.json", given)
    assert answer.status_code in (400, 422)
    assert answer.json["detail"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('id = "desk"', 'id = "desk'),
        ('id = "desk"', 'id = "desk"\nsteps = 1'),
        ("[[roles]]\n", '[[roles]]\nmay = "note"\nkey = "first"\nlabel = "Text"\n[[roles]]\n'),
        ("language =", "tongue ="),
        ("language =", f"{'.'.join(['a'] * 15_000)} = 1\nlanguage ="),
    ],
)
def test_a_file_that_lists_cannot_show_is_opened_as_its_text(clerk: Visitor, old: str, new: str) -> None:
    assert "data-settings" in clerk.get(f"{DRAFT}/files/package.toml").text
    keep(clerk, "package.toml", settings().replace(old, new, 1))
    page = clerk.get(f"{DRAFT}/files/package.toml")
    assert page.status_code == 200
    assert "data-source" in page.text and "data-settings" not in page.text


def test_a_row_that_is_only_begun_keeps_the_lists(clerk: Visitor) -> None:
    more = """
[[roles]]
[[roles]]
key = "staff"
label = { en = "100%(sure)" }
[[fields]]
key = "x"
choices = [{ key = "a", label = { fa = "یک" } }]
"""
    keep(clerk, "package.toml", settings() + more)
    page = clerk.get(f"{DRAFT}/files/package.toml")
    assert page.status_code == 200
    assert 'data-languages="en fa"' in page.text and 'value="یک"' in page.text


def test_names_are_inert_in_lists(clerk: Visitor) -> None:
    keep(clerk, "package.toml", f"{settings()}\n[[steps]]\nkey = 'x'\nlabel = {{ en = '{TAGS}' }}\n")
    page = clerk.get(f"{DRAFT}/files/package.toml").text
    assert "<img" not in page and "&lt;img src=x" in page


def test_a_mail_is_shown_about_an_invented_ticket_and_can_do_nothing(clerk: Visitor) -> None:
    keep(
        clerk,
        "mail/word.txt",
        f"Subject: {TAGS}{{{{ ticket.number }}}}\n\nDear {{{{ recipient.name }}}}, {{{{ why }}}}",
    )
    keep(clerk, "mail/word.html", f"<p>{{{{ ticket.subject }}}}</p>{TAGS}")
    assert "data-mail" in clerk.get(f"{DRAFT}/files/mail/word.txt").text
    text, html = (clerk.get(f"{DRAFT}/mails/mail/word.{what}") for what in ("txt", "html?html=1"))
    assert "Dear Ada Esempio, ‹why›" in text.text and "<img" not in text.text
    assert html.text == f"<p>The list of orders stays empty</p>{TAGS}"
    for answer in (text, html):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("sandbox; default-src 'none'") and "script-src" not in policy
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    ("path", "content", "told"),
    [
        ("mail/word.txt", "Subject: s\n\n{{ ticket[recipient.name] }}", "can&#39;t be written"),
        ("mail/word.txt", "Subject: s\n\n{{ oh", "word.txt"),
        ("mail/word.txt", "Subject: s\n\n{{ ticket.subject | date }}", "isn&#39;t a date"),
        ("mail/word.html", "<p>", "There is no mail/word.txt"),
        ("package.toml", "", "package.toml"),
    ],
)
def test_what_cannot_be_shown_says_why(clerk: Visitor, path: str, content: str, told: str) -> None:
    keep(clerk, path, content)
    answer = clerk.get(f"{DRAFT}/mails/{path if path.startswith('mail/') else 'mail/note.txt'}")
    assert answer.status_code == 200
    assert "It can&#39;t be shown yet" in answer.text and told in answer.text


def test_a_mail_that_is_not_there_is_not_found(clerk: Visitor) -> None:
    for path in ("mail/none.txt", "package.toml", "mail/note.txt/more"):
        assert clerk.get(f"{DRAFT}/mails/{path}").status_code == 404
