"""Headers that every answer carries, so that a browser can't be talked into doing something with it."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from web.settings import Settings

#: answers are data: nothing in them is ever run or framed
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
#: pages take scripts and styles from here alone, none of them inline
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
#: the editors of diagrams, forms and tables write style attributes; nothing of a package's gets into their markup
EDITOR_POLICY = PAGE_POLICY.replace("style-src 'self';", "style-src 'self'; style-src-attr 'unsafe-inline';")
#: a mail's HTML may look as it likes, and nothing else: no script, no form, no picture from elsewhere
MAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
#: pages that show a mail in a frame
MAIL_PAGE_POLICY = f"{PAGE_POLICY}; frame-src 'self'"


def install(app: Flask) -> None:
    """Puts the headers on every answer of the app."""
    app.after_request(_add)


def over_tls() -> bool:
    """Whether people come by TLS, also where it ends at a proxy that Iter wasn't told of."""
    settings: Settings = current_app.extensions["iter.settings"]
    return request.is_secure or settings.address.startswith("https:")


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", DATA_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    # "no-referrer" would have browsers say nothing of where a form was, and without TLS that is all they say
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Cache-Control", "no-store")
    if over_tls():
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    headers.add("Vary", "Accept-Language")
    return response
