"""Whether somebody sits at this machine: what is meant for them alone is neither told nor taken elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request

from engine.commands.demonstration.passwords import KNOWN_PASSWORD
from engine.domain.errors import Unauthorized
from engine.domain.said import said
from web.settings import is_loopback

#: headers with which proxies tell for whom they ask
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


def is_asking() -> bool:
    """Whether the present request comes from this machine, through no proxy, to an address of this machine.

    The address too: a foreign page may have its name lead here (DNS rebinding), but it can't change what it is called.
    """
    host = urlsplit(f"//{request.host}").hostname or ""
    near = is_loopback(request.remote_addr or "") and is_loopback(host)
    return near and not any(header in request.headers for header in _FORWARDED)


def check_password(password: str) -> None:
    """Raises `Unauthorized` where the password that everybody knows comes from elsewhere; as a wrong one is told."""
    if password == KNOWN_PASSWORD and not is_asking():
        raise Unauthorized(said("The address or the password is wrong."))
