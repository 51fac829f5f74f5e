"""Errors as pages: what happened, what was kept, what to do. Which error is which status, `web.problems` knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template, request

from web.http.security_headers import PAGE_POLICY
from web.language import language
from web.pages.visiting import SIGN_IN, go_to, sign_in_address
from web.texts import say


def page_of(status: int, title: str, detail: str, members: Mapping[str, Any]) -> Response | None:
    """The page of a problem, whose texts are in the reader's language already; None for the API and for scripts."""
    if not _wants_page():
        return None
    if status == 401 and request.path != SIGN_IN:
        return _to_sign_in()
    if "HX-Request" in request.headers:
        return _message(status, detail)
    body = render_template(
        "errors/problem.html", status=status, title=title, detail=detail, language=language(), members=members,
        home=say("Home", language()),
    )  # fmt: skip
    response = Response(body, status=status, mimetype="text/html")
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.headers["Vary"] = "Cookie"
    return response


def _wants_page() -> bool:
    if request.path.startswith("/api/"):
        return False
    return "HX-Request" in request.headers or "text/html" in request.headers.get("Accept", "")


def _to_sign_in() -> Response:
    """Sign in first, then go on where one was."""
    place = request.full_path.removesuffix("?") if request.method == "GET" else "/"
    if "HX-Request" in request.headers:
        response = Response(status=401)
        response.headers["HX-Redirect"] = sign_in_address("/")
        return response
    return go_to(sign_in_address(place))


def _message(status: int, detail: str) -> Response:
    """For a part of a page: app.js shows the text as a message and leaves the page as it is."""
    response = Response(detail, status=status, mimetype="text/plain")
    response.headers["HX-Reswap"] = "none"
    return response
