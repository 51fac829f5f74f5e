"""The only map from errors to HTTP: every error leaves as RFC 9457 problem+json, in the reader's language."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Flask, Response, current_app, json, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as NoRoute

from engine.domain.errors import (
    Conflict,
    CorruptState,
    Forbidden,
    Invalid,
    IterError,
    NotFound,
    Refused,
    StepFailed,
    Throttled,
    TooLarge,
    Unauthorized,
)
from engine.domain.said import Said, said
from web.language import language
from web.strict_json import Unreadable
from web.texts import say
from web.validation import VALIDATION

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:iter:problem:"
NOTHING_HERE = said("There is nothing here, or nothing that you may see.")
#: shows a problem as a page, from status, title, detail and further members; None where none was asked for
ErrorPage = Callable[[int, str, str, Mapping[str, Any]], Response | None]
PACKAGE_REFUSED = said("The package can't be deployed: see its problems.")


@dataclass(frozen=True, slots=True)
class HttpError(Exception):
    """An error that only HTTP knows: no token, a wrong media type. `detail` is a key of `web.texts`."""

    status: int
    code: str
    title: str
    detail: str
    values: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(BaseModel):
    """An error as it leaves (RFC 9457): `errors` by field where the input was wrong, `problems` of a package."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="stable name of the kind of error, `urn:iter:problem:…`")
    title: str
    status: int
    detail: str
    instance: str
    errors: dict[str, list[str]] | None = None
    problems: list[dict[str, Any]] | None = None


#: status and title of each error that the engine raises on purpose; the first class that fits counts
_ENGINE: tuple[tuple[type[IterError], int, str], ...] = (
    (Unreadable, 400, said("Malformed request")),
    (TooLarge, 413, said("Too large")),
    (Refused, 422, said("Refused")),
    (Invalid, 422, said("Invalid input")),
    (NotFound, 404, said("Not found")),
    (Unauthorized, 401, said("Not authenticated")),
    (Throttled, 429, said("Too many requests")),
    (Forbidden, 403, said("Not allowed")),
    (Conflict, 409, said("Conflict")),
    (StepFailed, 409, said("Conflict")),
    (CorruptState, 500, said("Internal error")),
)


def install(app: Flask, page: ErrorPage) -> None:
    """Has every error of the app answered as a problem, or by `page` to whoever looks at pages."""
    app.extensions["iter.error_page"] = page
    app.register_error_handler(HttpError, _from_http_error)
    app.register_error_handler(ValidationError, _from_validation)
    app.register_error_handler(IterError, of_engine)
    app.register_error_handler(HTTPException, _from_werkzeug)
    app.register_error_handler(OperationalError, _from_database)
    app.register_error_handler(Exception, _from_surprise)


def problem(status: int, code: str, title: str, detail: str, **more: Any) -> Response:
    """A problem+json response; `more` are members beside the standard ones. Texts are translated already."""
    page: ErrorPage = current_app.extensions["iter.error_page"]
    shown = page(status, say(title, language()), detail, more)
    if shown is not None:
        return shown
    body = {
        "type": TYPE_PREFIX + code,
        "title": say(title, language()),
        "status": status,
        "detail": detail,
        "instance": request.path,
        **more,
    }
    response = Response(json.dumps(body), status=status, content_type=MEDIA_TYPE)
    response.headers["Content-Language"] = language()
    return response


def of_status(status: int) -> Response:
    """The problem of a request that the server refused before reading it, told from the status alone."""
    if status == 413:
        return problem(413, TooLarge.code, said("Too large"), say("The body is too large.", language()))
    if status == 500:
        return _from_surprise(RuntimeError("the application failed outside of a request"))
    return problem(status, Unreadable.code, said("Malformed request"), say("The request couldn't be read.", language()))


def field_errors(errors: list[ErrorDetails]) -> dict[str, list[str]]:
    """Pydantic's findings as texts per field (`fields.agreed_date`); the whole input is the field `""`."""
    texts: dict[str, list[str]] = {}
    for error in errors:
        known = VALIDATION.get(error["type"])
        text = say(known, language(), **error.get("ctx", {})) if known else error["msg"]
        texts.setdefault(".".join(str(part) for part in error["loc"]), []).append(text)
    return texts


def _from_http_error(error: HttpError) -> Response:
    response = problem(error.status, error.code, error.title, say(error.detail, language(), **error.values))
    response.headers.update(error.headers)
    return response


def _from_validation(error: ValidationError) -> Response:
    detail = say("Some fields can't be accepted.", language())
    found = field_errors(error.errors(include_url=False, include_input=False))
    return problem(422, Invalid.code, said("Invalid input"), detail, errors=found)


def of_engine(error: IterError) -> Response:
    """The problem that an error of the engine's is."""
    status, title = next(((status, title) for kind, status, title in _ENGINE if isinstance(error, kind)), (500, ""))
    if status == 500:
        return _from_surprise(error)
    # what is foreign and what is missing get the same answer: the error's own text would tell them apart
    text = {NotFound: NOTHING_HERE, Refused: PACKAGE_REFUSED}.get(type(error), str(error))
    response = problem(status, error.code, title, say(text, language()), **_members(error))
    if isinstance(error, Unauthorized):
        response.headers["WWW-Authenticate"] = 'Bearer realm="iter"'
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _members(error: IterError) -> dict[str, Any]:
    """What a problem of this kind holds beside the standard members."""
    if isinstance(error, Refused):
        return {"problems": [_told(asdict(found)) for found in error.problems]}
    if isinstance(error, Invalid) and error.fields:
        return {"errors": {name: [say(text, language()) for text in texts] for name, texts in error.fields.items()}}
    return {}


def _told(problem: dict[str, Any]) -> dict[str, Any]:
    """A package's problem with what is said in it in the reader's language."""
    return {name: say(value, language()) if isinstance(value, Said) else value for name, value in problem.items()}


def _from_werkzeug(error: HTTPException) -> Response:
    if isinstance(error, NoRoute):
        return problem(404, NotFound.code, said("Not found"), say(NOTHING_HERE, language()))
    if isinstance(error, MethodNotAllowed):
        detail = say("This address doesn't take {method}.", language(), method=request.method)
        response = problem(405, "method-not-allowed", said("Method not allowed"), detail)
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response
    if isinstance(error, RequestEntityTooLarge):
        detail = say("The body has more than {limit} bytes.", language(), limit=request.max_content_length)
        return problem(413, "too-large", said("Too large"), detail)
    if error.code is not None and 400 <= error.code < 500:
        return problem(
            error.code, Unreadable.code, said("Malformed request"), say("The request couldn't be read.", language())
        )
    return _from_surprise(error)


def _from_database(error: OperationalError) -> Response:
    """It can't be reached, or is locked for too long: nothing was done, and the same request may succeed soon."""
    log.error("the database failed at %s %s", request.method, request.path, exc_info=error)
    response = problem(
        503, "unavailable", said("Not ready"), say("The database can't be reached just now.", language())
    )
    response.headers["Retry-After"] = "5"
    return response


def _from_surprise(error: Exception) -> Response:
    """What nobody foresaw: the log gets the trace, the reader a reference to it."""
    reference = secrets.token_hex(6)
    log.error("unexpected error %s at %s %s", reference, request.method, request.path, exc_info=error)
    text = said("Something went wrong here. It was recorded under {reference}.")
    return problem(
        500, "internal", said("Internal error"), say(text, language(), reference=reference), reference=reference
    )
