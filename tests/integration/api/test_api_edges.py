"""The API's edges: every route without a token, every route with hostile input, the document, the page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from engine.commands.engine import Engine
from engine.commands.packages import deployments
from engine.commands.packages.folders import read_folder
from engine.commands.people import accounts, tokens
from engine.domain.actors import SYSTEM
from engine.storage.database import Database
from tests.support.clients import client_of
from tests.support.workshop import write_workshop
from web.api import ROUTES
from web.http.operations import API, Operation

OPERATIONS = [operation for routes in ROUTES for operation in routes.operations]
CLOSED = [operation for operation in OPERATIONS if operation.scope]
PROBLEM = "application/problem+json"


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


def filled(operation: Operation, number: str = "1", key: str = "workshop", file: str = "package.toml") -> str:
    values = {"id": number, "key": key, "file": file}
    return API + re.sub(r"<(\w+):\w+>", lambda found: values[found[1]], operation.path)


@pytest.fixture
def engine(database: Database, clock, sandbox) -> Engine:
    return Engine(database=database, clock=clock, sandbox=sandbox)


@pytest.fixture
def busy(engine, client, headers, tmp_path) -> None:
    """There are a package, a ticket, a user task and a note of number 1, so that routes get further than 404."""
    deployments.deploy(engine, read_folder(write_workshop(tmp_path)), SYSTEM, "folder")
    body = {"package": "workshop", "subject": "Brake"}
    assert client.post(f"{API}/tickets", json=body, headers=headers).json["id"] == 1
    assert client.post(f"{API}/tickets/1/notes", json={"text": "Soon."}, headers=headers).json["id"] == 1


@pytest.fixture
def client(engine) -> FlaskClient:
    return client_of(engine)


@pytest.fixture
def headers(engine) -> dict[str, str]:
    account = accounts.create(engine, SYSTEM, email="admin@example.com", name="Admin", kind="staff", administrator=True)
    return {"Authorization": f"Bearer {tokens.create(engine, SYSTEM, account_id=account).secret}"}


def test_every_route_asks_for_a_token(client):
    for operation in CLOSED:
        for shown in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}):
            answer = client.open(filled(operation), method=operation.method, headers=shown)
            assert (answer.status_code, answer.content_type) == (401, PROBLEM), named(operation)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_is_read_from_the_header_alone(client, headers):
    secret = headers["Authorization"].removeprefix("Bearer ")
    client.set_cookie("Authorization", f"Bearer {secret}")
    assert client.get(f"{API}/tickets?access_token={secret}").status_code == 401


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.body], ids=named)
def test_no_body_makes_a_route_fail(client, headers, busy, operation):
    """Malformed, of another form, or hostile: each is answered with a problem, and never with 500."""
    for content, kind in HOSTILE:
        answer = client.open(
            filled(operation), method=operation.method, data=content, content_type=kind, headers=headers
        )
        assert 400 <= answer.status_code < 500 or answer.status_code in (200, 204), (content[:50], answer.text)
        if answer.status_code >= 400:
            assert answer.content_type == PROBLEM
            assert answer.json["detail"]


HOSTILE: list[tuple[bytes, str]] = [
    (b"", "application/json"), (b"{", "application/json"), (b"\xff", "application/json"),
    (b"null", "application/json"), (b"[]", "application/json"), (b'"x"', "application/json"),
    (b"1", "application/json"),
    (b'{"a": NaN}', "application/json"), (b'{"a": 1e999}', "application/json"), (b'{"a":1,"a":2}', "application/json"),
    (b'{"\\u0000": 1}', "application/json"), (b'{"data": {"a": "\\ud800"}}', "application/json"),
    (b'{"a":' * 50_000, "application/json"), (b"[" * 500_000, "application/json"),
    (b'{"a": "' + b"x" * 1_100_000 + b'"}', "application/json"), (b'{"a": ' + b"9" * 400 + b"}", "application/json"),
    (b"<a/>", "application/xml"), (b"a=b", "application/x-www-form-urlencoded"), (b"{}", "text/plain"),
    (b"{}", "application/json; charset=utf-7"), (b"--x", "multipart/form-data; boundary=x"), (b"{}", "a/b/c;;;"),
]  # fmt: skip

texts = st.text(max_size=20)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just("x" * 30_000)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))


def _fields(operation: Operation) -> st.SearchStrategy[dict[str, Any]]:
    """Any value for the fields that the route knows, and for one that it doesn't."""
    names = [*(operation.body.model_fields if operation.body else ()), "more"]
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values))


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.body], ids=named)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_value_makes_a_route_fail(client, headers, busy, operation, data):
    body = data.draw(_fields(operation))
    answer = client.open(filled(operation), method=operation.method, json=body, headers=headers)
    assert answer.status_code < 500, (body, answer.text)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.method == "GET"], ids=named)
def test_no_query_makes_a_route_fail(client, headers, busy, operation):
    for query in ("limit=0", "limit=99999999999999999999", "cursor=%00", "cursor=W10", "cursor=WzFd", "sort=%27",
                  "text=%25%5C_%27", "company=2147483648", "ticket=-1", "state=x", "a[]=1", "=", "&&&", "%ff=%fe",
                  "package=%F0%9F%98%80", "text=" + "x" * 5_000):  # fmt: skip
        answer = client.get(f"{filled(operation)}?{query}", headers=headers)
        assert answer.status_code < 500, (query, answer.text)


@pytest.mark.parametrize("operation", [o for o in CLOSED if "<" in o.path], ids=named)
def test_no_address_makes_a_route_fail(client, headers, operation):
    for number, key, file in (("0", "%00", "..%2f..%2fetc"), ("2147483647", "x" * 300, "a/../b"), ("-1", "'", "%00"),
                              ("99999999999999", "%F0%9F%98%80", "x" * 300), ("1e3", "..", "/")):  # fmt: skip
        answer = client.open(filled(operation, number, key, file), method=operation.method, headers=headers, json={})
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.content_type == PROBLEM


@pytest.mark.parametrize("kind", ["application/zip", "multipart/form-data", "application/json", "text/xml", ""])
@pytest.mark.parametrize("path", ["/packages", "/packages/check"])
def test_no_upload_makes_a_route_fail(client, headers, path, kind):
    for content in (
        b"",
        b"PK\x03\x04",
        b"{}",
        b"\0" * 1000,
        b'{"package.toml": "' + b"[" * 5000 + b'"}',
        b"x" * 9_000_000,
    ):
        answer = client.post(API + path, data=content, content_type=kind, headers=headers)
        assert 400 <= answer.status_code < 500 or answer.status_code == 200, answer.text


def test_unknown_addresses_and_methods_are_problems(client, headers):
    for method, path, status in [
        ("GET", "/nothing", 404), ("GET", "/api", 404), ("GET", "/api/v1/", 404), ("GET", "/api/v2/tickets", 404),
        ("PUT", "/api/v1/tickets", 405), ("BREW", "/api/v1/tickets", 405), ("OPTIONS", "/api/v1/tickets", 405),
        ("GET", "/api/v1/tickets/", 404), ("GET", "//api/v1/tickets", 404),
    ]:  # fmt: skip
        answer = client.open(path, method=method, headers=headers)
        assert (answer.status_code, answer.content_type) == (status, PROBLEM), (method, path)


def test_the_document_is_openapi_and_names_every_route(client):
    described = client.get(f"{API}/openapi.json").json
    OpenAPIV31SpecValidator(described).validate()
    for operation in OPERATIONS:
        path = API + re.sub(r"<\w+:(\w+)>", r"{\1}", operation.path)
        assert described["paths"][path][operation.method.lower()]["summary"].endswith(".")


def test_the_page_has_no_foreign_part_and_no_inline_script(client):
    page = client.get(f"{API}/docs")
    assert page.status_code == 200
    assert "'unsafe" not in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|<style|style=", page.text)
    for address in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        assert address.startswith("/")
        assert client.get(address).status_code == 200


def test_health_is_told_without_a_token(client, database):
    assert client.get("/healthz").json == {"status": "alive"}
    assert client.get("/readyz").status_code in (200, 503)
