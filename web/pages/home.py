"""Home, and what belongs to no noun: built files, colours, the reader's language and theme, the keyboard's page."""

from __future__ import annotations

import re

from flask import Blueprint, Response, send_from_directory

from engine.domain.errors import NotFound
from engine.domain.said import said
from web.pages.assets import STATIC
from web.pages.colours import rules
from web.pages.frame import N_
from web.pages.rendering import render
from web.pages.visiting import LANGUAGE_COOKIE, THEME_COOKIE, Answer, Pages, Visit, go_to, set_cookie
from web.texts import LANGUAGES

pages = Pages("home")
FOR_EVER = "public, max-age=31536000, immutable"
YEAR = 365 * 24 * 3600
#: what the keyboard does, by where: title, and keys with what they do
_EVERYWHERE = (
    ("?", N_("Show this page")), ("/", N_("Search")), ("g t", N_("Go to the tickets")), ("n", N_("Open a ticket")),
    ("Esc", N_("Close what is open")),
)  # fmt: skip
FOR_CUSTOMERS = ((N_("Everywhere"), _EVERYWHERE),)
FOR_STAFF = (
    (N_("Everywhere"), (*_EVERYWHERE, ("g i", N_("Go to the inbox")))),
    (
        N_("Inbox"),
        (
            ("j", N_("Next user task")), ("k", N_("Previous user task")), ("c", N_("Claim it")),
            ("Enter", N_("Show it")), ("Ctrl Enter", N_("Complete it")),
        ),
    ),
    (N_("Ticket"), (("r", N_("Write a note")), ("Ctrl Enter", N_("Send it")))),
)  # fmt: skip
_COLOURS = re.compile(r"[0-9a-f]{6}(-[0-9a-f]{6}){0,199}")


@pages.get("/", to="everyone")
def home(visit: Visit) -> Answer:
    """Where one begins: staff with their user tasks, customers with their tickets."""
    return go_to("/inbox" if visit.is_staff else "/tickets")


@pages.get("/shortcuts", to="everyone")
def shortcuts(visit: Visit) -> Answer:
    """What the keyboard does."""
    return render("shared/shortcuts.html", shortcuts=FOR_STAFF if visit.is_staff else FOR_CUSTOMERS)


@pages.post("/language", to="visitors")
def choose_language(visit: Visit) -> Answer:
    """Read Iter in another language: kept with the account, or in this browser."""
    chosen = visit.form.text("language")
    return _chosen(visit, LANGUAGE_COOKIE, "language", chosen if chosen in LANGUAGES else "")


@pages.post("/theme", to="visitors")
def choose_theme(visit: Visit) -> Answer:
    """Light, dark, or as the machine is set."""
    chosen = visit.form.text("theme")
    return _chosen(visit, THEME_COOKIE, "theme", chosen if chosen in ("light", "dark") else "")


def _chosen(visit: Visit, cookie: str, name: str, value: str) -> Response:
    from engine.commands.people import accounts

    if visit.signed_in:
        accounts.set_preferences(visit.engine, visit.actor, **{name: value})
    place = visit.form.text("next")
    response = visit.see(place if is_own_place(place) else "/")
    set_cookie(response, cookie, value, max_age=YEAR)
    return response


def is_own_place(place: str) -> bool:
    """Whether an address to go to is one of ours: `/tickets/5`, and no way of writing another site's."""
    return bool(re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", place)) and "\\" not in place


def files() -> Blueprint:
    """What is the same for everybody and never changes under its address."""
    blueprint = Blueprint("files", __name__)

    @blueprint.get("/static/<path:name>")
    def static(name: str) -> Response:
        """A bundled file; its name carries a hash of its content."""
        response = send_from_directory(STATIC, name)
        response.headers["Cache-Control"] = FOR_EVER
        return response

    @blueprint.get("/colours/<name>.css")
    def colours(name: str) -> Response:
        """The classes of the colours that the address lists."""
        if not _COLOURS.fullmatch(name):
            raise NotFound(said("There is nothing here, or nothing that you may see."))
        response = Response(rules(name.split("-")), mimetype="text/css")
        response.headers["Cache-Control"] = FOR_EVER
        return response

    return blueprint
