"""What a page's view is: declared once, with who may come; sign-in, CSRF and one reading per page are the frame's.

A view parses, calls a command or query, and renders. No route stands here.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, g, redirect, request

from engine.domain.actors import Actor
from engine.domain.errors import Forbidden, NotFound, Unauthorized
from engine.domain.said import said
from engine.domain.storable import read_id
from engine.domain.time.zones import find_zone
from engine.queries.reading import reading
from web.http.authentication import NOBODY
from web.http.security_headers import over_tls
from web.http.uploads import MARGIN
from web.language import preferred_language
from web.problems import HttpError
from web.settings import Settings
from web.strict_json import Unreadable, read_json, storable
from web.texts import LANGUAGES, say

if TYPE_CHECKING:
    from engine.commands.engine import Engine
    from engine.commands.people.sessions import SignedIn

SESSION_COOKIE = "iter_session"
SAID_COOKIE = "iter_said"
LANGUAGE_COOKIE = "iter_language"
THEME_COOKIE = "iter_theme"
CSRF_FIELD = "csrf"
CSRF_HEADER = "X-CSRF-Token"
#: a page asks by itself whether there is something new: nobody was there to do it
NEWS_HEADER = "X-News"
SIGN_IN = "/sign-in"

#: `everyone`: who is signed in; `visitors`: whoever comes, signed in or not
Audience = Literal["everyone", "staff", "customers", "visitors"]
Answer = Response | str
View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Form:
    """The posted fields, as a browser sends them."""

    @property
    def files(self) -> Any:
        """Uploaded files by field name (Werkzeug's `FileStorage`)."""
        return request.files

    def text(self, name: str) -> str:
        """A field's text with plain line ends; empty where there is none. Raises `Unreadable`."""
        value = request.form.get(name, "").replace("\r\n", "\n")
        if not storable(value):
            raise Unreadable(said("The request couldn't be read."))
        return value

    def flag(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self.text(name) not in ("", "0", "false")

    def number(self, name: str) -> int | None:
        """A field's positive whole number; None where it holds no such."""
        return read_id(self.text(name).strip())

    def all(self, name: str) -> list[str]:
        """All values of a field that comes several times. Raises `Unreadable`."""
        values = request.form.getlist(name)
        if not all(map(storable, values)):
            raise Unreadable(said("The request couldn't be read."))
        return values

    def names(self, prefix: str) -> list[str]:
        """The names of the fields that begin so."""
        return [name for name in request.form if storable(name) and name.startswith(prefix)]

    def get(self, name: str, default: str = "") -> str:
        """Like `text`, for templates that show again what was typed."""
        return self.text(name) if name in request.form else default

    def __contains__(self, name: str) -> bool:
        return name in request.form


@dataclass
class Visit:
    """Somebody asks for a page."""

    engine: Engine
    settings: Settings
    signed_in: SignedIn | None
    form: Form = field(default_factory=Form)

    @property
    def actor(self) -> Actor:
        """Who reads; nobody in particular before sign-in."""
        return self.signed_in.actor if self.signed_in else NOBODY

    @property
    def session(self) -> int | None:
        """The id of the session."""
        return self.signed_in.session if self.signed_in else None

    @property
    def csrf(self) -> str:
        """What an unsafe request of this session must bring."""
        return self.signed_in.csrf if self.signed_in else ""

    @property
    def is_staff(self) -> bool:
        """Whether the reader works here; customers get the portal."""
        return self.actor.kind == "staff"

    @cached_property
    def language(self) -> str:
        """What the account says, else the visitor's choice, else what the browser likes best."""
        chosen = (self.signed_in.language if self.signed_in else "") or request.cookies.get(LANGUAGE_COOKIE, "")
        return chosen if chosen in LANGUAGES else preferred_language()

    @property
    def theme(self) -> str:
        """`light`, `dark`, or `auto`: as the machine is set."""
        chosen = (self.signed_in.theme if self.signed_in else "") or request.cookies.get(THEME_COOKIE, "")
        return chosen if chosen in ("light", "dark") else "auto"

    @cached_property
    def zone(self) -> ZoneInfo:
        """The reader's time zone: the account's, else that of the reader's first package."""
        own = self.signed_in.time_zone if self.signed_in else ""
        if not own:
            with reading(self.engine, self.actor) as reader:
                own = next((package.time_zone for package in reader.packages.values()), "UTC")
        return find_zone(own)

    @cached_property
    def now(self) -> datetime:
        """The instant of this request, aware, UTC."""
        return self.engine.clock()

    @property
    def query(self) -> Mapping[str, str]:
        """The address' query; of a key given twice the first value."""
        return {key: value for key, value in request.args.items() if storable(key) and storable(value)}

    @property
    def wants_part(self) -> bool:
        """An htmx request, that swaps a part of the page."""
        return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers

    def json(self) -> dict[str, Any]:
        """The body of a request that a script sent. Raises `Unreadable`."""
        value = read_json(request.get_data())
        if not isinstance(value, dict):
            raise Unreadable(said("The body must be a JSON object."))
        return value

    def say(self, text: str, **values: Any) -> str:
        """The text in the reader's language."""
        return say(text, self.language, **values)

    def see(self, address: str, said: str = "") -> Response:
        """Go there; `said` (already in the reader's language) is shown on that page once."""
        response = go_to(address)
        if said:
            set_cookie(response, SAID_COOKIE, said.encode("unicode_escape").decode("ascii"), max_age=60)
        return response


def go_to(address: str) -> Response:
    """The answer that leads to another page (303: by GET)."""
    return redirect(address, 303, Response=Response)  # type: ignore[return-value]


def set_cookie(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """A cookie that no script reads and no other site sends along."""
    response.set_cookie(name, value, max_age=max_age, httponly=True, samesite="Lax", secure=over_tls(), path="/")


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One method on one path, and who may come."""

    method: Literal["GET", "POST"]
    path: str
    to: Audience
    view: View
    #: its body may be as large as a file that is attached
    takes_files: bool = False

    def run(self, **path: Any) -> Answer:
        """Answers the present request."""
        visit = _visit(self.to)
        if self.takes_files:
            request.max_content_length = visit.settings.max_attachment + MARGIN
        if self.method == "POST":
            _require_own_page(visit)
            return self.view(visit, **path)
        with reading(visit.engine, visit.actor, visit.language):
            return self.view(visit, **path)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one noun; becomes one blueprint."""

    noun: str
    routes: list[PageRoute] = field(default_factory=list)

    def get(self, path: str, *, to: Audience) -> Callable[[View], View]:
        """Declares the decorated view as a page. All of it reads in one transaction."""
        return self._add("GET", path, to)

    def post(self, path: str, *, to: Audience, takes_files: bool = False) -> Callable[[View], View]:
        """Declares the decorated view as what a form or a script posts to; commands open their own transactions."""
        return self._add("POST", path, to, takes_files)

    def _add(
        self, method: Literal["GET", "POST"], path: str, to: Audience, takes_files: bool = False
    ) -> Callable[[View], View]:
        def declare(view: View) -> View:
            self.routes.append(PageRoute(method, path, to, view, takes_files))
            return view

        return declare

    def blueprint(self) -> Blueprint:
        """The noun's blueprint, to be registered at the root."""
        blueprint = Blueprint(f"pages_{self.noun.replace(' ', '_')}", __name__)
        for route in self.routes:
            blueprint.add_url_rule(
                route.path, route.view.__name__, route.run, methods=[route.method], provide_automatic_options=False
            )
        return blueprint


def _visit(to: Audience) -> Visit:
    """Who comes, if they may."""
    engine: Engine = current_app.extensions["iter.engine"]
    visit = Visit(engine, current_app.extensions["iter.settings"], _signed_in(engine))
    g.visit = visit
    g.language = visit.language
    if to == "visitors":
        return visit
    if visit.signed_in is None:
        raise Unauthorized(said("Sign in to go on."))
    if (to == "staff" and not visit.is_staff) or (to == "customers" and visit.is_staff):
        raise NotFound(said("There is nothing here, or nothing that you may see."))
    return visit


def _signed_in(engine: Engine) -> SignedIn | None:
    from engine.commands.people.sessions import signed_in

    secret = request.cookies.get(SESSION_COOKIE, "")
    if not secret:
        return None
    try:
        return signed_in(engine, secret, seen=NEWS_HEADER not in request.headers)
    except Unauthorized:
        return None


def _require_own_page(visit: Visit) -> None:
    """Unsafe requests come from our own pages: the browser says so, and the page brings the session's token."""
    if not _from_here(visit.settings):
        raise HttpError(403, "cross-site", said("Not allowed"), said("This request came from another site."))
    if visit.signed_in is None:
        return
    shown = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(shown.encode("utf-8", "surrogatepass"), visit.csrf.encode()):
        raise Forbidden(said("The page was out of date. Load it again and repeat what you did."))


def _from_here(settings: Settings) -> bool:
    """What the browser tells of the page that sends a request (Fetch Metadata, else Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc in (request.host, urlsplit(settings.address).netloc)


def sign_in_address(place: str) -> str:
    """The sign-in page that leads to a place of ours afterwards."""
    return SIGN_IN if place in ("", "/") else f"{SIGN_IN}?{urlencode({'next': place})}"
