"""The filter `rich`: what people wrote, in Markdown, as HTML in a page. What is safe in it, `engine` says."""

from __future__ import annotations

from markupsafe import Markup

from engine.domain.rich_text import to_html, to_plain


def rich(text: str) -> Markup:
    """A note or a ticket's text: `{{ note.text|rich }}`. Put it into an element of class `rich` with `dir="auto"`."""
    return Markup(to_html(text))  # noqa: S704 - cleaned by an allow-list


def excerpt(text: str) -> str:
    """The same without its signs, in one line, for lists; the template cuts it."""
    return to_plain(text)
