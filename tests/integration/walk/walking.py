"""One visitor's requests to one route, and what an answer looks like once its ids are taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from flask import Flask
from sqlalchemy import Table, TextClause, text
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Response

from engine.storage.tables import Base
from tests.integration.walk.rules import API_ROOT, RULES, Rule
from tests.integration.walk.visitors import NOBODY, Value, Visitor, missing
from tests.integration.walk.world import World

_ARGUMENT = re.compile(r"<(?:(?:\w+):)?(\w+)>")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: what tells one filling of a form from another
_ONCE = re.compile(r'(name="once" value=")[^"]*')
SAFE = "GET"
#: what requests write that change nothing for anybody: when somebody was last seen, tries that are counted, keys
INCIDENTAL = {
    "login_attempts": None, "idempotency_keys": None, "worker_beats": None,
    "sessions": "last_seen_at", "tokens": "last_used_at",
}  # fmt: skip


@dataclass(frozen=True)
class Route:
    """A method on a path."""

    line: str

    @property
    def method(self) -> str:
        """GET, POST, …"""
        return self.line.partition(" ")[0]

    @property
    def path(self) -> str:
        """With its names: `/tickets/<id:ticket_id>`."""
        return self.line.partition(" ")[2]

    @property
    def rule(self) -> Rule:
        """What the table says."""
        return RULES[self.line]

    @property
    def names(self) -> list[str]:
        """The names in the path, and in what an unsafe request brings."""
        return list(dict.fromkeys(_ARGUMENT.findall(self.path) + _PLACEHOLDER.findall(str(self.rule.body))))

    @property
    def is_api(self) -> bool:
        """Whether tokens, and no sessions, open it."""
        return self.path.startswith(API_ROOT)

    def near(self, visitor: Visitor) -> dict[str, Value]:
        """The path's values that are the visitor's own."""
        known = {**visitor.near_values(), "key": visitor.near_values()["action"], **self.rule.values}
        return {name: known[name] for name in self.names}

    def far(self, visitor: Visitor) -> Iterator[tuple[dict[str, Value], dict[str, Value]]]:
        """Values of which one is foreign, each with the same values where that one is missing."""
        near, foreign = self.near(visitor), visitor.foreign_values()
        nowhere = missing(self.names, near)
        for name in self.names:
            for value in foreign.get(name, ()):
                yield {**near, name: value}, {**near, name: nowhere[name]}

    def fill(self, values: Mapping[str, Value]) -> str:
        """The path with values for its names."""
        return _ARGUMENT.sub(lambda match: str(values[match[1]]), self.path)


def routes(app: Flask) -> set[str]:
    """Every method on every path that the application answers: `GET /tickets/<id:ticket_id>`."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


class Walker:
    """Sends a visitor's requests, with a session to pages and a token to the API."""

    def __init__(self, app: Flask, world: World, name: str) -> None:
        self.app, self.world, self.visitor = app, world, Visitor(name, world)
        self._answered: dict[str, Response] = {}

    def ask_once(self, route: Route, values: Mapping[str, Value]) -> Response:
        """The answer to a request that is sent the first time only."""
        key = f"{route.line} {sorted(values.items())}"
        if key not in self._answered:
            self._answered[key] = self.ask(route, values)
        return self._answered[key]

    def ask(self, route: Route, values: Mapping[str, Value], query: str = "", **changes: Any) -> Response:
        """One request. `csrf`, `site`, `origin`, `cookie`, `bearer` differ from what a browser of ours would send."""
        name = self.visitor.name
        signed_in = name != NOBODY
        headers = {"Accept": "application/json" if route.is_api else "text/html", "Accept-Language": "en"}
        if changes.get("cookie", signed_in and not route.is_api):
            headers["Cookie"] = f"iter_session={self.world.secrets[name]}"
        if changes.get("bearer", signed_in and route.is_api):
            headers["Authorization"] = f"Bearer {self.world.bearers[name]}"
        if site := changes.get("site", "same-origin"):
            headers["Sec-Fetch-Site"] = site
        if origin := changes.get("origin"):
            headers["Origin"] = origin
        csrf = changes.get("csrf", self.world.csrf.get(name, ""))
        path = route.fill(values) + (f"?{query}" if query else "")
        built = EnvironBuilder(path, method=route.method, headers=headers, **self._body(route, values, csrf))
        return answer_to(self.app, built)

    def _body(self, route: Route, values: Mapping[str, Value], csrf: str) -> dict[str, Any]:
        if route.method == SAFE:
            return {}
        body = {key: _filled(value, values) for key, value in route.rule.body.items()}
        if route.rule.file:
            body["file"] = (BytesIO(b"some words"), "words.txt")
        if route.is_api and not route.rule.file:
            return {"json": body} if body else {}
        return {"data": body if route.is_api else {**body, "csrf": csrf}}


def answer_to(app: Flask, built: EnvironBuilder) -> Response:
    """What the application answers: without a test client, which takes long to read a long address for its cookies."""
    try:
        return Response(*run_wsgi_app(app, built.get_environ(), buffered=True))
    finally:
        built.close()


def _filled(value: Any, values: Mapping[str, Value]) -> Any:
    """`{ticket_id}` alone becomes the value itself."""
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    return values[whole[1]] if whole else value.format_map(values)


def queries_of(query: str, near: Mapping[str, Value], foreign: Mapping[str, Sequence[Value]]) -> list[str]:
    """The query with what is foreign for its names, once with each; with what is near where nothing is foreign."""
    most = max((len(foreign.get(name, ())) for name in _PLACEHOLDER.findall(query)), default=0)
    rows = [{name: some[number % len(some)] for name, some in foreign.items() if some} for number in range(most or 1)]
    return [query.format_map({**near, **row}) for row in rows]


def seen(answer: Response, *values: Mapping[str, Value]) -> tuple[int, str, str, str]:
    """Status, type, where it leads and what it says, without the values that were asked for."""
    texts = [answer.content_type or "", answer.headers.get("Location", ""), _ONCE.sub(r"\1…", body_of(answer))]
    for value in sorted({str(v) for some in values for v in some.values()}, key=len, reverse=True):
        texts = [re.sub(rf"(?<![0-9A-Za-z]){re.escape(value)}(?![0-9A-Za-z])", "…", unquote(text)) for text in texts]
    return (answer.status_code, *texts)  # type: ignore[return-value]


def body_of(answer: Response) -> str:
    """The body as a text, whatever it is; the files of a zip unpacked."""
    data = answer.get_data()
    if data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as packed:
            data = b"\n".join(packed.read(name) for name in packed.namelist())
    return data.decode(errors="replace")


def content(world: World) -> dict[str, list[str]]:
    """All rows of all tables, but what is incidental, as the database writes them down."""
    with world.engine.database.read() as tx:
        return {
            name: sorted(repr(tuple(row)) for row in tx.execute(statement)) for name, statement in _STATEMENTS.items()
        }


def _rows_as_text(table: Table) -> TextClause:
    columns = (f'"{column.name}"' for column in table.columns if column.name != INCIDENTAL.get(table.name))
    return text(f'SELECT {", ".join(f"CAST({column} AS text)" for column in columns)} FROM "{table.name}"')


_STATEMENTS = {
    table.name: _rows_as_text(table)
    for table in Base.metadata.sorted_tables
    if INCIDENTAL.get(table.name, "") is not None
}


def changed(world: World) -> list[str]:
    """Names of the tables that aren't as they were when this was last asked, and at first when the world was made."""
    before, world.content = world.content, content(world)
    return [name for name in before if before[name] != world.content[name]]
