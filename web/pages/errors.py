"""Errors as pages: what happened, what was kept, what to do. Which error is which status, `web.problems` knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from web.http.security_headers import PAGE_POLICY
from web.language import language
from web.pages.home import is_own_place
from web.pages.visiting import SIGN_IN, go_to, sign_in_address
from web.texts import direction_of, say


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
        direction=direction_of(language()), home=say("Home", language()),
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
    if "HX-Request" in request.headers:
        response = Response(status=401)
        response.headers["HX-Redirect"] = sign_in_address(_page_before())
        return response
    return go_to(sign_in_address(request.full_path.removesuffix("?") if request.method == "GET" else _page_before()))


def _page_before() -> str:
    """The page of ours that a form was sent from, or that a part was asked for; home where that can't be told."""
    told = request.headers.get("HX-Current-URL") or request.referrer or ""
    for here in (request.host_url, f"{current_app.extensions['iter.settings'].address}/"):
        place = "/" + told.removeprefix(here)
        if told.startswith(here) and is_own_place(place) and _is_page(re.split("[?#]", place)[0]):
            return place
    return "/"


def _is_page(path: str) -> bool:
    """A form that came back with errors stands at an address that is only posted to."""
    try:
        current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return False
    return True


def _message(status: int, detail: str) -> Response:
    """For a part of a page: app.js shows the text as a message and leaves the page as it is."""
    response = Response(detail, status=status, mimetype="text/plain")
    response.headers["HX-Reswap"] = "none"
    return response
