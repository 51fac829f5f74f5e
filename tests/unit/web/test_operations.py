"""A route as it is declared: what reaches its view, what comes back, and that every error is a problem."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import Field

from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problem, Refused, StepFailed, Throttled
from web import problems
from web.http import security_headers
from web.http.openapi import document
from web.http.operations import API, Call, Created, Input, Output, Routes
from web.http.paths import CONVERTERS
from web.settings import Settings

routes = Routes("things")


class Thing(Input):
    """Something."""

    name: Annotated[str, Field(min_length=1, max_length=5)]
    size: int = 1


class ThingQuery(Input):
    """Which things."""

    limit: Annotated[int, Field(ge=1, le=10)] = 5


class ThingOut(Output):
    """Something that is there."""

    id: int
    name: str


@routes.add("POST", "/things", scope="", body=Thing, gives=ThingOut, status=201)
def create(call: Call, body: Thing) -> Created:
    """Create a thing.

    Any thing.
    """
    return Created({"id": body.size, "name": body.name}, f"/things/{body.size}")


@routes.add("GET", "/things/<id:thing_id>", scope="", query=ThingQuery, gives=ThingOut)
def read(call: Call, thing_id: int, query: ThingQuery) -> Any:
    """Read a thing."""
    raise _ERRORS[thing_id]


_ERRORS: dict[int, Exception] = {
    1: NotFound("Ticket 17 is of another company."),
    2: Forbidden("You may not."),
    3: Conflict("Too late.", retry_after=5),
    4: Invalid("No.", {"a": ["This field is required."]}),
    5: Refused([Problem("a.bpmn", "wrong", "mend it")]),
    6: StepFailed("element", "1/0"),
    7: Throttled("Too many attempts; wait a little.", 30),
    8: ZeroDivisionError("secret"),
}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask("test", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    app.extensions.update({"iter.settings": Settings(), "iter.engine": None})
    app.url_map.converters.update(CONVERTERS)
    problems.install(app, lambda *_: None)
    security_headers.install(app)
    app.register_blueprint(routes.blueprint())
    return app.test_client()


def test_what_is_sent_reaches_the_view_and_its_value_comes_back(client):
    answer = client.post(f"{API}/things", json={"name": "a", "size": 7})
    assert (answer.status_code, answer.json) == (201, {"id": 7, "name": "a"})
    assert answer.headers["Location"] == f"{API}/things/7"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"name": "abcdef", "size": "x"}, ["name", "size"]),
        ({"name": "a", "more": 1}, ["more"]),
        ({"name": None}, ["name"]),
        ({"name": {"a": [1]}}, ["name"]),
    ],
)
def test_fields_that_do_not_fit_are_named(client, body, fields):
    answer = client.post(f"{API}/things", json=body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert sorted(answer.json["errors"]) == sorted(fields)


def test_texts_are_in_the_readers_language(client):
    english = client.post(f"{API}/things", json={"name": "abcdef"}).json
    italian = client.post(f"{API}/things", json={"name": "abcdef"}, headers={"Accept-Language": "fr, it;q=0.8"}).json
    assert english["errors"]["name"] == ["This must have at most 5 characters."]
    assert italian["errors"]["name"] == ["Deve avere al massimo 5 caratteri."]
    assert italian["title"] == "Dati non validi"
    assert italian["type"] == english["type"] == "urn:iter:problem:invalid"


@pytest.mark.parametrize(
    ("content", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b'{"name": "\\u0000"}', "application/json", 400),
        (b'{"name": "\\ud800"}', "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b"[" * 9_000, "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"<a/>", "text/xml", 415),
        (b"{}", "", 415),
        (b"x" * 10_001, "application/json", 413),
    ],
)
def test_a_body_that_nobody_can_take_is_refused(client, content, media, status):
    answer = client.post(f"{API}/things", data=content, content_type=media)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=1&limit=2", "more=1", "limit=%00", "%00=1"])
def test_a_query_that_does_not_fit_is_refused(client, query):
    assert client.get(f"{API}/things/1?{query}").status_code in (400, 422)


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        (1, 404, "not-found"),
        (2, 403, "forbidden"),
        (3, 409, "conflict"),
        (4, 422, "invalid"),
        (5, 422, "refused"),
        (6, 409, "step-failed"),
        (7, 429, "throttled"),
        (8, 500, "internal"),
    ],
)
def test_every_error_is_a_problem(client, number, status, code):
    answer = client.get(f"{API}/things/{number}")
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == answer.status_code == status
    assert answer.json["type"] == f"urn:iter:problem:{code}"
    assert answer.json["instance"] == f"{API}/things/{number}"
    assert answer.json["title"]
    assert answer.json["detail"]


def test_a_foreign_thing_and_a_missing_route_are_told_alike(client):
    foreign, missing = client.get(f"{API}/things/1").json, client.get(f"{API}/nothing").json
    assert {**foreign, "instance": ""} == {**missing, "instance": ""}


def test_a_surprise_is_logged_and_its_trace_kept_from_the_reader(client, caplog):
    answer = client.get(f"{API}/things/8")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.json["reference"] in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_waiting_times_are_told(client):
    assert client.get(f"{API}/things/3").headers["Retry-After"] == "5"
    assert client.get(f"{API}/things/7").headers["Retry-After"] == "30"


def test_an_unknown_method_is_told_with_those_that_are_known(client):
    answer = client.delete(f"{API}/things")
    assert (answer.status_code, answer.content_type) == (405, "application/problem+json")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["0", "-1", "1.5", "01", "99999999999", "2147483648", "x", "%00", "%ff", "１"])
def test_an_id_that_no_column_holds_is_no_route(client, path):
    assert client.get(f"{API}/things/{path}").status_code == 404


def test_every_answer_carries_security_headers(client):
    for answer in (client.get("/nothing"), client.post(f"{API}/things", json={"name": "a"})):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_document_says_what_was_declared():
    described = document(routes.operations, "1")
    create_thing = described["paths"][f"{API}/things"]["post"]
    assert create_thing["summary"] == "Create a thing."
    assert create_thing["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Thing"
    }
    assert described["components"]["schemas"]["Thing"]["properties"]["name"]["maxLength"] == 5
    parameters = described["paths"][f"{API}/things/{{thing_id}}"]["get"]["parameters"]
    assert [(found["name"], found["in"]) for found in parameters] == [("thing_id", "path"), ("limit", "query")]
