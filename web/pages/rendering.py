"""Turns templates into pages. No page and no query stands here."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g, render_template
from markupsafe import Markup

from engine.domain.packages import Label, text
from web.http.security_headers import PAGE_POLICY
from web.pages.frame import Frame
from web.pages.visiting import SAID_COOKIE, Visit
from web.texts import say, tag_of


def render(template: str, status: int = 200, policy: str = PAGE_POLICY, **values: Any) -> Response:
    """A page, or a part of one, for the present visit."""
    visit: Visit = g.visit
    frame = g.frame = Frame(visit)
    body = render_template(template, layout=frame.layout, **values)
    response = Response(body, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    response.headers["Content-Language"] = tag_of(visit.language)
    response.headers["Vary"] = "Cookie"
    if frame.said:
        response.delete_cookie(SAID_COOKIE, path="/")
    return response


def label(found: Label, *more: str) -> str:
    """A package's text in the reader's language."""
    return text(found, g.visit.language, *more)


def told(text: str) -> str:
    """An error's or package's text in the reader's language."""
    return say(text, g.visit.language)


def json_block(value: Any) -> Markup:
    """A value for a `<script type="application/json">` block: nothing in it can end the block."""
    told = json.dumps(value, ensure_ascii=False, default=str)
    return Markup(told.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704
