"""The cookie that holds a session's secret. What a session is, `engine.commands.people.sessions` knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from web.http.security_headers import over_tls
from web.pages.home import is_own_place
from web.pages.visiting import SESSION_COOKIE, Visit, set_cookie

if TYPE_CHECKING:
    from engine.commands.people.sessions import Begun


def keep(response: Response, begun: Begun, visit: Visit) -> Response:
    """The browser shows the secret from now on, for as long as the session may last."""
    set_cookie(response, SESSION_COOKIE, begun.secret, max_age=int((begun.expires_at - visit.now).total_seconds()))
    return response


def forget(response: Response) -> Response:
    """The browser shows no secret any more."""
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="Lax", secure=over_tls())
    return response


def shown() -> str:
    """The secret that the browser shows, also one whose code is still awaited."""
    return request.cookies.get(SESSION_COOKIE, "")


def place_after(place: str) -> str:
    """Where sign-in leads to: a place of ours, or home."""
    return place if is_own_place(place) and not place.startswith("/sign-") else "/"
