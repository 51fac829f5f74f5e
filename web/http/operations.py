"""What a route of the API is: declared once, and the declaration is checked, authorized, run and documented from.

A view gets typed values and gives a value; nothing of HTTP is its business. No route stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, ConfigDict, ValidationError

from engine.domain.actors import Actor
from engine.domain.said import said
from web.http.authentication import NOBODY, authenticate
from web.http.idempotency import once
from web.http.uploads import MARGIN, posted_file
from web.language import language
from web.problems import HttpError
from web.settings import Settings
from web.strict_json import Unreadable, read_json, storable

if TYPE_CHECKING:
    from engine.commands.engine import Engine

JSON = "application/json"
#: where every operation stands
API = "/api/v1"
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Scope = Literal["", "read", "write", "admin"]
View = Callable[..., Any]


class Input(BaseModel):
    """Base of what comes in: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def example(values: dict[str, Any]) -> ConfigDict:
    """The configuration of an input with an example, for whoever reads the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class Output(BaseModel):
    """Base of what goes out; built from what a command or query gives."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)


@dataclass(frozen=True, slots=True)
class Call:
    """What every view is handed beside its own input."""

    engine: Engine
    settings: Settings
    actor: Actor
    #: the reader's: `en` or `it`
    language: str


@dataclass(frozen=True, slots=True)
class Created:
    """A view's value where something new came to be at `location` (below the API's root)."""

    value: Any
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method on one path."""

    noun: str
    method: Method
    #: Flask's form (`/tickets/<id:ticket_id>`)
    path: str
    view: View
    #: what the token must allow; empty: no token is asked for
    scope: Scope
    gives: type[BaseModel] | None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200
    #: media types taken instead of a JSON body; the view reads the body by itself
    media: tuple[str, ...] = ()
    #: the view is handed the request's one file, unread
    takes_file: bool = False
    #: whether it takes an Idempotency-Key. Where passwords are guessed none is taken: what is counted must stay counted
    keyed: bool = True

    @property
    def id(self) -> str:
        """Its name in the document."""
        return f"{self.noun}.{self.view.__name__}"

    @property
    def unsafe(self) -> bool:
        """Whether it changes something, so that a retry must be told from a repetition."""
        return self.method != "GET"

    @property
    def takes_key(self) -> bool:
        """Whether a request may carry an Idempotency-Key."""
        return self.unsafe and self.keyed and bool(self.scope)

    def run(self, **path: Any) -> Response:
        """Answers the present request."""
        call = self._call()
        arguments = dict(path)
        if self.query:
            arguments["query"] = self.query.model_validate(_query_values())
        if self.body:
            arguments["body"] = self.body.model_validate(json_object())
        file = posted_file() if self.takes_file else None
        if file:
            arguments["file"] = file
        if self.takes_key:
            told = file.digest if file else None
            return once(call.engine, call.actor, lambda: self._answer(self.view(call, **arguments)), told)
        return self._answer(self.view(call, **arguments))

    def _call(self) -> Call:
        settings: Settings = current_app.extensions["iter.settings"]
        engine: Engine = current_app.extensions["iter.engine"]
        actor = authenticate(engine, self.scope) if self.scope else NOBODY
        if self.takes_file:
            request.max_content_length = settings.max_attachment + MARGIN
        elif self.media:
            request.max_content_length = settings.max_package
        return Call(engine=engine, settings=settings, actor=actor, language=language())

    def _answer(self, value: Any) -> Response:
        headers: dict[str, str] = {}
        if isinstance(value, Created):
            headers["Location"] = API + value.location
            value = value.value
        if self.gives is None:
            return value if isinstance(value, Response) else _empty(self.status)
        try:
            body = self.gives.model_validate(value).model_dump_json()
        except ValidationError as error:
            raise TypeError(f"{self.id} gave what its declaration doesn't") from error  # not the caller's fault
        return Response(body, status=self.status, content_type=JSON, headers=headers)


@dataclass(frozen=True, slots=True)
class Routes:
    """The operations on one noun; becomes one blueprint."""

    noun: str
    operations: list[Operation] = field(default_factory=list)

    def add(
        self,
        method: Method,
        path: str,
        *,
        scope: Scope,
        gives: type[BaseModel] | None,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        status: int = 200,
        media: tuple[str, ...] = (),
        takes_file: bool = False,
        keyed: bool = True,
    ) -> Callable[[View], View]:
        """Declares the decorated view as an operation; its docstring is its documentation."""

        def declare(view: View) -> View:
            operation = Operation(
                noun=self.noun, method=method, path=path, view=view, scope=scope, gives=gives,
                body=body, query=query, status=status, media=media, takes_file=takes_file, keyed=keyed,
            )  # fmt: skip
            self.operations.append(operation)
            return view

        return declare

    def blueprint(self) -> Blueprint:
        """The noun's blueprint, to be registered at `API`."""
        blueprint = Blueprint(self.noun, __name__, url_prefix=API)
        for operation in self.operations:
            blueprint.add_url_rule(
                operation.path, operation.view.__name__, operation.run,
                methods=[operation.method], provide_automatic_options=False,
            )  # fmt: skip
        return blueprint


def _empty(status: int) -> Response:
    response = Response(status=status)
    del response.headers["Content-Type"]
    return response


def _query_values() -> dict[str, Any]:
    """The query string; a key given twice, or a text that no database takes, is refused."""
    values: dict[str, Any] = {}
    for key, found in request.args.lists():
        if len(found) > 1 or not storable(key) or not storable(found[0]):
            raise Unreadable(said("The request couldn't be read."))
        values[key] = found[0]
    return values


def json_object() -> dict[str, Any]:
    """The body; none at all counts as an empty object."""
    content = request.get_data()
    if not content and not request.mimetype:
        return {}
    if request.mimetype != JSON:
        raise wrong_media_type(JSON)
    value = read_json(content)
    if not isinstance(value, dict):
        raise Unreadable(said("The body must be a JSON object."))
    return value


def wrong_media_type(*expected: str) -> HttpError:
    """The 415 that names what would have been taken."""
    text = said("Send {expected}, not {given}.")
    values = {"expected": ", ".join(expected), "given": request.mimetype or "nothing"}
    accept = {"Accept": ", ".join(expected)}
    return HttpError(415, "unsupported-media-type", said("Unsupported media type"), text, values, accept)
