"""The API page names every route, and no other."""

from __future__ import annotations

import json
import re

import pytest
from pydantic import BaseModel

from tests.support.documents import reference
from web.api import ROUTES

OPERATIONS = {f"{operation.method} /api/v1{operation.path}" for routes in ROUTES for operation in routes.operations}
NAMED = {
    f"{method} {path}"
    for method, path in re.findall(r"\b(GET|POST|PUT|PATCH|DELETE) (/api/v1[^\s`|?]*)", reference("api"))
}

BODIES = sorted(
    {operation.body for routes in ROUTES for operation in routes.operations if operation.body},
    key=lambda body: body.__name__,
)


def test_every_route_is_documented() -> None:
    assert {_plain(name) for name in OPERATIONS} - {_plain(name) for name in NAMED} == set()


def test_no_route_is_documented_that_does_not_exist() -> None:
    assert {_plain(name) for name in NAMED} - {_plain(name) for name in OPERATIONS} == set()


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_every_body_has_an_example_that_is_taken(body: type[BaseModel]) -> None:
    examples = body.model_json_schema().get("examples")
    assert examples
    for example in examples:
        body.model_validate_json(json.dumps(example), strict=True)


def test_health_is_documented() -> None:
    assert all(path in reference("api") for path in ("/healthz", "/readyz"))


def _plain(route: str) -> str:
    """A route whose parameters' names don't matter."""
    return re.sub(r"\{[^}]*\}|<[^>]*>", "{}", route)
