"""Mails of Iter itself (invitations, recovery, notices). Packages' mails stand in `texts`.

A language is a file beside this one, with the same mails as `en.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from engine.domain.mail_texts.texts import RenderedMail, one_line

FALLBACK = "en"
LINK = "{link}"
_PAGE = '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>'
_BODY = (
    '<body style="margin:0;background:#f6f7f9"><div style="max-width:34rem;margin:0 auto;padding:32px 24px;'
    'font:16px/1.5 -apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;color:#1d273b">'
)
_PARAGRAPH = '<p style="margin:0 0 16px">'
_BUTTON = (
    '<p style="margin:24px 0"><a href="{link}" style="display:inline-block;padding:10px 18px;border-radius:6px;'
    'background:#1f5fbf;color:#ffffff;text-decoration:none">{label}</a></p>'
    '<p style="margin:0 0 16px;font-size:13px;color:#5b6577;word-break:break-all">{link}</p>'
)


def account_mail(name: str, language: str, values: Mapping[str, Any]) -> RenderedMail:
    """A mail in the language, or in English where nobody has written it in that one.

    Values are what the text names: texts, which are text in the HTML too, and instants in the reader's time zone,
    which the text says how to write.
    """
    language = language if language in languages() else FALLBACK
    source = texts(language)[name]
    lines = {key: one_line(value) for key, value in values.items() if isinstance(value, str) and key != "link"}
    plain = {**values, **lines}
    subject = one_line(source["subject"].format_map(plain))
    paragraphs = [part.strip() for part in source["text"].strip().split("\n\n")]
    text = "\n\n".join(part.format_map(plain) for part in paragraphs) + "\n"
    body = "".join(_html(part, source.get("button", ""), plain) for part in paragraphs)
    head = _PAGE.format(language=language, subject=escape(subject))
    return RenderedMail(subject, text, f"{head}{_BODY}{body}</div></body></html>")


@cache
def languages() -> frozenset[str]:
    """The languages that there are files for."""
    return frozenset(path.stem for path in Path(__file__).parent.glob("*.toml"))


@cache
def texts(language: str) -> Mapping[str, Mapping[str, Any]]:
    """All mails of a language, as its file has them."""
    return tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text("utf-8"))


def _html(paragraph: str, button: str, values: Mapping[str, Any]) -> str:
    if paragraph == LINK:
        return _BUTTON.format(link=escape(values["link"]), label=escape(button or values["link"]))
    return f"{_PARAGRAPH}{escape(paragraph.format_map(values))}</p>"
