"""The language that a request is answered in."""

from __future__ import annotations

from flask import g, request

from web.texts import ENGLISH, LANGUAGES


def preferred_language() -> str:
    """The language of ours that the browser likes best (Accept-Language), English where none fits."""
    return request.accept_languages.best_match(LANGUAGES, default=ENGLISH)


def language() -> str:
    """The reader's: what a page has found out about them, else what the request prefers."""
    found: str = g.get("language") or preferred_language()
    return found
