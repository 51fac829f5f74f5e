"""The API page names every route, and no other."""

from __future__ import annotations

import re

from tests.support.documents import reference
from web.api import ROUTES

OPERATIONS = {f"{operation.method} /api/v1{operation.path}" for routes in ROUTES for operation in routes.operations}
NAMED = {
    f"{method} {path}"
    for method, path in re.findall(r"\b(GET|POST|PUT|PATCH|DELETE) (/api/v1[^\s`|?]*)", reference("api"))
}


def test_every_route_is_documented() -> None:
    assert {_plain(name) for name in OPERATIONS} - {_plain(name) for name in NAMED} == set()


def test_no_route_is_documented_that_does_not_exist() -> None:
    assert {_plain(name) for name in NAMED} - {_plain(name) for name in OPERATIONS} == set()


def test_health_is_documented() -> None:
    assert all(path in reference("api") for path in ("/healthz", "/readyz"))


def _plain(route: str) -> str:
    """A route whose parameters' names don't matter."""
    return re.sub(r"\{[^}]*\}|<[^>]*>", "{}", route)
