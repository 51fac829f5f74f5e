"""Every route, page and API, as every role and as another company's customer.

No foreign data in any answer; what is foreign is told like what is missing; no unsafe request without its protection;
nothing ever breaks. A route without a rule in `rules` fails.
"""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.wrappers import Response

from tests.integration.walk.rules import RULES
from tests.integration.walk.visitors import CUSTOMERS, EVERYBODY, NOBODY, SIGNED_IN, STAFF
from tests.integration.walk.walking import SAFE, Route, Walker, body_of, changed, queries_of, routes, seen
from tests.integration.walk.world import (
    DEVICE,
    FAR,
    INSIDE,
    OURS,
    PEOPLE,
    PRIVATE,
    RIVAL,
    TICKETS,
    World,
    mark,
)

#: in an order that stays the same
VISITORS = sorted(EVERYBODY)
GETS = sorted(line for line in RULES if line.startswith(SAFE))
UNSAFE = sorted(line for line in RULES if not line.startswith(SAFE))
PAGES = [line for line in UNSAFE if not Route(line).is_api]


def test_every_route_has_a_rule_and_every_rule_a_route(app: Flask) -> None:
    known = routes(app)
    assert sorted(known - set(RULES)) == [], "add these routes to rules.py, with who may take them"
    assert sorted(set(RULES) - known) == [], "these rules are for routes that aren't there"


@pytest.mark.parametrize("line", GETS)
def test_who_may_come_comes_and_finds_nothing_foreign(line: str, app: Flask, world: World) -> None:
    route = Route(line)
    wrong = []
    for name in VISITORS:
        walker = Walker(app, world, name)
        answer = walker.ask(route, route.near(walker.visitor))
        wrong += [f"{name}: {told}" for told in _amiss(route, name, answer) + _leaks(walker, answer)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("line", [line for line in GETS if Route(line).names])
def test_foreign_is_told_like_missing(line: str, app: Flask, world: World) -> None:
    route = Route(line)
    wrong = []
    for name in VISITORS:
        walker = Walker(app, world, name)
        for foreign, nowhere in route.far(walker.visitor):
            there, nothing = walker.ask(route, foreign), walker.ask_once(route, nowhere)
            if seen(there, foreign, nowhere) != seen(nothing, foreign, nowhere) or _done(route, there):
                wrong.append(f"{name}: {route.fill(foreign)} {there.status_code}, missing: {nothing.status_code}")
            wrong += [f"{name}: {route.fill(foreign)} {told}" for told in _leaks(walker, there)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("line", [line for line in GETS if RULES[line].queries])
def test_filters_show_nothing_foreign(line: str, app: Flask, world: World) -> None:
    route = Route(line)
    wrong = []
    for name in VISITORS:
        walker = Walker(app, world, name)
        foreign = walker.visitor.foreign_values()
        for query in route.rule.queries:
            for filled in queries_of(query, walker.visitor.near_values(), foreign):
                answer = walker.ask(route, route.near(walker.visitor), filled)
                broken = [f"{answer.status_code}"] if answer.status_code >= 500 else []
                wrong += [f"{name} ?{filled}: {told}" for told in broken + _leaks(walker, answer)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("line", PAGES)
def test_no_page_takes_an_unsafe_request_that_isnt_its_own(line: str, app: Flask, world: World) -> None:
    """Without the session's token, with another's, from another site, from nowhere."""
    route = Route(line)
    wrong = []
    for name in VISITORS:
        walker = Walker(app, world, name)
        values = route.near(walker.visitor)
        sent = {
            "from another site": {"site": "cross-site"},
            "from a sister site": {"site": "same-site"},
            "from an origin": {"site": "", "origin": "https://evil.example"},
            "from nowhere": {"site": ""},
        }  # fmt: skip
        if name != NOBODY:
            other = world.csrf["customer" if name != "customer" else "approver"]
            sent |= {"without a token": {"csrf": ""}, "with another's token": {"csrf": other}}
        for what, changes in sent.items():
            status = walker.ask(route, values, **changes).status_code
            if not (400 <= status < 500 or (name == NOBODY and status == 303)):
                wrong.append(f"{name}, {what}: {status}")
    assert not wrong, "\n".join(wrong)
    assert changed(world) == []


@pytest.mark.parametrize("line", [line for line in RULES if Route(line).is_api])
def test_no_session_opens_the_api(line: str, app: Flask, world: World) -> None:
    """A browser sends its cookie along with whatever another site makes it ask for."""
    route = Route(line)
    if RULES[line].to == EVERYBODY:
        return
    for name in sorted(SIGNED_IN):
        walker = Walker(app, world, name)
        assert walker.ask(route, route.near(walker.visitor), cookie=True, bearer=False).status_code == 401
    assert changed(world) == []


@pytest.mark.parametrize("line", UNSAFE)
def test_who_may_not_changes_nothing(line: str, app: Flask, world: World) -> None:
    """Though their request is their own in every way."""
    route = Route(line)
    wrong = []
    for name in sorted(EVERYBODY - route.rule.to):
        walker = Walker(app, world, name)
        answer = walker.ask(route, route.near(walker.visitor))
        place = answer.headers.get("Location", "")
        told = not route.is_api and name != NOBODY and (answer.status_code == 303 or route.rule.tells)
        if not told and not _turned_away(name, answer.status_code, place):
            wrong.append(f"{name}: {answer.status_code}")
        wrong += [f"{name}: {told}" for told in _leaks(walker, answer)]
    assert not wrong, "\n".join(wrong)
    assert changed(world) == []


@pytest.mark.parametrize("line", [line for line in UNSAFE if Route(line).names])
def test_nobody_changes_what_is_foreign(line: str, app: Flask, world: World) -> None:
    route = Route(line)
    wrong = []
    for name in VISITORS:
        walker = Walker(app, world, name)
        for foreign, nowhere in route.far(walker.visitor):
            there, nothing = walker.ask(route, foreign), walker.ask_once(route, nowhere)
            if seen(there, foreign, nowhere) != seen(nothing, foreign, nowhere) or _done(route, there):
                wrong.append(f"{name}: {route.fill(foreign)} {there.status_code}, missing: {nothing.status_code}")
            wrong += [f"{name}: {route.fill(foreign)} {told}" for told in _leaks(walker, there)]
    assert not wrong, "\n".join(wrong)
    assert changed(world) == []


def test_nothing_breaks_whatever_is_done(own_world: World) -> None:
    """Everybody does everything that they may, in one row; what the one did the next one finds."""
    from web.app import create_app
    from web.settings import Settings

    app = create_app(Settings(), own_world.engine)
    wrong = []
    for line in sorted(UNSAFE, key=lambda line: ("sign-out" in line or "session" in line or "password" in line, line)):
        route = Route(line)
        for name in VISITORS:
            walker = Walker(app, own_world, name)
            answer = walker.ask(route, route.near(walker.visitor))
            broken = [f"{answer.status_code}"] if answer.status_code >= 500 else []
            wrong += [f"{name}: {line}: {told}" for told in broken + _leaks(walker, answer)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("name", "line", "shown"),
    [
        ("customer", "GET /tickets/<id:ticket_id>", [mark(TICKETS, OURS)]),
        ("approver", "GET /api/v1/tickets/<id:ticket_id>/notes", [mark(TICKETS, OURS)]),
        ("rival", "GET /tickets/<id:ticket_id>", [mark(TICKETS, RIVAL)]),
        ("rival", "GET /tickets", [mark(TICKETS, RIVAL)]),
        ("agent", "GET /tickets/<id:ticket_id>", [mark(TICKETS, OURS), mark(INSIDE, OURS), mark(PEOPLE, OURS)]),
        ("agent", "GET /inbox", [mark(TICKETS, OURS)]),
        ("pm", "GET /tickets", [mark(TICKETS, OURS), mark(TICKETS, RIVAL)]),
        ("operator", "GET /operations/mails/<key:mail_id>", [mark(TICKETS, OURS)]),
        ("operator", "GET /operations/incidents/<id:incident_id>", [mark(INSIDE, OURS)]),
        ("manager", "GET /people/accounts", [mark(PEOPLE, OURS), mark(PEOPLE, RIVAL)]),
        ("manager", "GET /people/companies", [mark(PEOPLE, OURS), mark(PEOPLE, RIVAL)]),
        ("administrator", "GET /api/v1/tickets", [mark(TICKETS, OURS), mark(TICKETS, RIVAL), mark(TICKETS, FAR)]),
        ("rival", "GET /account/tokens", [mark(PRIVATE, "rival")]),
        ("rival", "GET /account", [mark(DEVICE, "rival")]),
    ],
)
def test_marks_stand_where_they_may(name: str, line: str, shown: list[str], app: Flask, world: World) -> None:
    """Else their absence elsewhere would say nothing."""
    walker, route = Walker(app, world, name), Route(line)
    text = body_of(walker.ask(route, route.near(walker.visitor)))
    assert [word for word in shown if word not in text] == []


def test_the_walk_is_everybodys(app: Flask, world: World) -> None:
    """Each marks what is foreign to them, and the world shows them something of their own."""
    for name in VISITORS:
        visitor = Walker(app, world, name).visitor
        assert visitor.foreign_marks
        assert (name in CUSTOMERS) + (name in STAFF) + (name == NOBODY) == 1


def _amiss(route: Route, name: str, answer: Response) -> list[str]:
    """What is wrong with the status of an answer about what is the visitor's own."""
    status, place = answer.status_code, answer.headers.get("Location", "")
    if name in route.rule.to:
        right = status in route.rule.status if route.rule.status else status < 400 and not place.startswith("/sign-in?")
        return [] if right else [f"{status} for who may come"]
    return [] if _turned_away(name, status, place) else [f"{status} for who may not come"]


def _turned_away(name: str, status: int, place: str) -> bool:
    if name == NOBODY:
        return status == 401 or (status == 303 and place.startswith("/sign-in"))
    return 400 <= status < 500


def _leaks(walker: Walker, answer: Response) -> list[str]:
    """Marks of what is foreign to the visitor, in the body or a header."""
    text = body_of(answer) + str(answer.headers)
    return [f"shows {mark}" for mark in walker.visitor.foreign_marks if mark in text]


def _done(route: Route, answer: Response) -> bool:
    """Whether an answer about what is foreign says that something was shown or done."""
    return answer.status_code < 300 and not route.rule.tells
