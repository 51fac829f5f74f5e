"""Whatever stands in a page's address or form, nothing breaks: an answer is never 500."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask import Flask
from werkzeug.test import EnvironBuilder

from tests.integration.walk.rules import RULES
from tests.integration.walk.visitors import Value
from tests.integration.walk.walking import SAFE, Route, Walker, answer_to
from tests.integration.walk.world import World

#: no number though `isdigit` says so, beyond a column, longer than `int` takes, what no database stores, wrong brackets
VALUES = ("²", "9999999999", "9" * 5_000, "a\0b", "-1", "%_'\"\\", "[" * 3_000, "😀" * 300)
IN_ADDRESSES = (
    "account", "back", "before", "box", "cause", "chosen", "company", "cursor", "days", "deadline", "do", "due",
    "instance", "kind", "name", "next", "package", "process", "sort", "state", "text", "ticket", "which", "who",
    "whose",
)  # fmt: skip
IN_FORMS = ("attachment", "key", "once", "revision", "seen", "text", "ticket", "to", "token")
VARIABLES = {"variables.name": "x", "variables.kind": "record", "variables.text": "1", "variables.mark": ""}
WHO = ("administrator", "customer")
ROUTES = [Route(line) for line in sorted(RULES) if not Route(line).is_api]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: ascii(value[:8]))
def test_no_address_breaks_a_page(value: str, app: Flask, world: World) -> None:
    wrong = []
    for name in WHO:
        walker = Walker(app, world, name)
        for route in (route for route in ROUTES if route.method == SAFE):
            answer = walker.ask(route, route.near(walker.visitor), urlencode(dict.fromkeys(IN_ADDRESSES, value)))
            wrong += [f"{name}: {route.line}"] if answer.status_code == 500 else []
    assert not wrong, "\n".join(wrong)


def test_no_field_breaks_a_form(own_world: World) -> None:
    """Each field in turn holds what is hostile, the others what is right."""
    from web.app import create_app
    from web.settings import Settings

    app, wrong = create_app(Settings(), own_world.engine), []
    for route in (route for route in ROUTES if route.method != SAFE and "session" not in route.line):
        walker = Walker(app, own_world, "administrator" if "administrator" in route.rule.to else "customer")
        near = route.near(walker.visitor)
        for field in [*route.rule.body, *IN_FORMS, *(VARIABLES if "variables" in route.line else ())]:
            for value in VALUES[:4]:
                status = _sent(app, walker, route, near, {**VARIABLES, field: value})
                wrong += [f"{route.line}: {field}={value[:8]!r}: {status}"] if status == 500 else []
    assert not wrong, "\n".join(wrong)


def _sent(app: Flask, walker: Walker, route: Route, near: dict[str, Value], fields: dict[str, str]) -> int:
    name = walker.visitor.name
    body = {**{key: str(value) for key, value in route.rule.body.items()}, **fields, "csrf": walker.world.csrf[name]}
    headers = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
    headers["Cookie"] = f"iter_session={walker.world.secrets[name]}"
    built = EnvironBuilder(path=route.fill(near), method=route.method, headers=headers, data=body)
    return answer_to(app, built).status_code
