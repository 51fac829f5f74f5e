"""What people wrote is a text wherever it is shown: markup in it never becomes an element, let alone runs.

Every page that the walk knows is read as a browser reads it; those that draw by script are opened in real Chromium.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from html.parser import HTMLParser

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from engine.commands.engine import Engine
from engine.commands.packages import deployments, drafts
from engine.domain.actors import SYSTEM
from engine.spiff.expressions import Sandbox
from engine.storage.database import Database
from tests.integration.walk.rules import RULES
from tests.integration.walk.walking import SAFE, Route, Walker, body_of
from tests.integration.walk.world import HOME, OURS, TICKETS, World, build, mark
from tests.support.browser import EXPECTED, PATIENCE, chromium
from tests.support.clock import VirtualClock
from tests.support.databases import SqliteDatabases
from tests.support.markup import MARKUP, spoiled
from tests.support.modeling import choose, field
from tests.support.processes import ROOT
from web.app import create_app
from web.package_sources import to_folder
from web.settings import Settings

WHO = ("customer", "approver", "agent", "pm", "manager", "owner", "operator", "administrator")
PROCESSES, DRAFT = f"/processes/{HOME}", f"/processes/{HOME}/draft"
#: a file of each kind
FILES = (
    "request.bpmn", "routing.dmn", "sla.dmn", "forms/check.form", "mail/assigned.txt", "mail/assigned.html",
    "scenarios/ritiro.yaml", "translations/en.po", "package.toml", "README.md",
)  # fmt: skip
#: beside every route: what their queries and other files show
MORE = {
    "owner": (
        *(f"{PROCESSES}/versions/1/files/{path}" for path in FILES),
        *(f"{DRAFT}/files/{path}{asked}" for path in FILES for asked in ("", "?as=text")),
    ),
    "pm": ("/tickets?box=all", "/tickets?box=all&q=xqtickets", "/tickets/1/edit/category", "/inbox?q=xqtickets",
           "/tickets/1/actions/cancel", "/tickets/bulk?ticket=1&do=assign", "/tickets/new/people?package=mrdoc&q=xq"),
    "manager": ("/people/accounts?text=xq", "/people/companies?text=xq", "/service-levels/mrdoc"),
    "operator": ("/operations/mails?q=xq",),
}  # fmt: skip
SUBJECT = f"{mark(TICKETS, OURS)} {MARKUP} subject"
#: where names have to be seen as they were written; elsewhere their absence would say nothing
SHOWN = [
    ("customer", "/tickets", SUBJECT),
    ("customer", "/tickets/1", SUBJECT),
    ("customer", "/tickets/1", f"Withdraw the request {MARKUP}"),
    ("customer", "/tickets/new", f"MRDoc support {MARKUP}"),
    ("agent", "/inbox", SUBJECT),
    ("agent", "/tickets/1", f"OPEN {MARKUP}"),
    ("manager", "/people/accounts", f"xqpeopleacme Customer {MARKUP}"),
    ("agent", "/tickets/1/deadlines", f"Resolution {MARKUP}"),
    ("manager", "/people/companies", f"xqpeopleacme Ltd {MARKUP}"),
    ("manager", "/service-levels/mrdoc", f"Bug, CRM {MARKUP}"),
    ("operator", "/operations/incidents/1", f"New date agreed {MARKUP}"),
    ("owner", "/processes", f"MRDoc support {MARKUP}"),
    ("owner", f"{PROCESSES}/versions/1/files/routing.dmn", f"Reparto {MARKUP}"),
    ("owner", f"{PROCESSES}/versions/1/differences", MARKUP),
    ("owner", f"{PROCESSES}/versions/2/migrating", MARKUP),
]
#: pages that draw by script: who looks, where, what tells that it is drawn
DRAWN = [
    ("owner", PROCESSES, "[data-diagram][data-drawn]"),
    ("owner", f"{PROCESSES}/versions/1/files/forms/check.form", "[data-form-preview][data-ready]"),
    ("owner", f"{PROCESSES}/versions/1/differences", "[data-ready]"),
    ("owner", f"{PROCESSES}/versions/1/scenarios", "[data-trial][data-ready]"),
    ("owner", f"{DRAFT}/files/request.bpmn", "[data-modeler][data-ready]"),
    ("owner", f"{DRAFT}/files/forms/check.form", "[data-form-editor][data-ready]"),
    ("owner", f"{DRAFT}/files/routing.dmn", "[data-decision-editor][data-ready]"),
    ("owner", f"{DRAFT}/files/sla.dmn", "[data-decision-editor][data-ready]"),
    ("owner", f"{DRAFT}/files/package.toml", "[data-settings][data-ready]"),
    ("owner", f"{DRAFT}/files/mail/assigned.txt", "[data-mail][data-ready]"),
    ("owner", f"{DRAFT}/files/mail/assigned.txt?as=text", "[data-source][data-ready]"),
    ("owner", f"{DRAFT}/deploying", "[data-gate][data-ready]"),
    ("owner", f"{PROCESSES}/versions/2/migrating", "main"),
    ("manager", "/service-levels/mrdoc", "main"),
    ("agent", "/inbox", "main"),
    ("agent", "/inbox/3", "[data-form][data-ready]"),
    ("agent", "/tickets/1", "main"),
    ("agent", "/tickets/1/diagram", "[data-diagram][data-drawn]"),
    ("agent", "/tickets/1/timeline", "main"),
    ("pm", "/tickets?box=all", "main"),
    ("operator", "/operations/instances/{instance}", "[data-diagram][data-drawn]"),
    ("operator", "/operations/mails/{mail}", "iframe"),
    ("customer", "/tickets/2", "[data-form][data-ready]"),
    ("customer", "/tickets/new", "main"),
]
#: where a diagram names the element that the ticket stands at
_ELEMENT = re.compile(
    rb'((?:\b(?:id|sourceRef|targetRef|attachedToRef|bpmnElement)="|<bpmn:flowNodeRef>))take_charge(?=["<])'
)
SHOWS_IT = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT,
    (text) => text.parentElement.closest("script, template") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  while (texts.nextNode()) if (texts.currentNode.data.includes("<img")) return true;
  return [...document.querySelectorAll("input, textarea")].some((field) => field.value.includes("<img"));
}"""


@pytest.fixture(scope="module")
def spoiled_world(
    sqlite_databases: SqliteDatabases, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Two versions and a draft of a package with markup in all its names, and people and tickets with as much."""
    folder, source = tmp_path_factory.mktemp("inert"), ROOT / "workflows" / HOME
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in source.rglob("*") if path.is_file()}
    before = spoiled(files)
    to_folder(before, folder / HOME)
    with sqlite_databases.fresh(folder) as url:
        database = Database(url)
        clock = VirtualClock(folder / "clock")
        try:
            world = build(Engine(database, clock, sandbox), clock, folder / HOME, f" {MARKUP}")
            _change(world, before, spoiled(files, " again"))
            yield world
        finally:
            database.close()


@pytest.fixture(scope="module")
def app(spoiled_world: World) -> Flask:
    return create_app(Settings(), spoiled_world.engine)


def test_no_page_makes_markup_of_a_text(app: Flask, spoiled_world: World) -> None:
    wrong, read = [], 0
    for name in WHO:
        walker = Walker(app, spoiled_world, name)
        pages = [Route(line) for line in sorted(RULES) if line.startswith(SAFE) and name in RULES[line].to]
        places = [route.fill(route.near(walker.visitor)) for route in pages if not route.is_api]
        for place in dict.fromkeys([*places, *MORE.get(name, ())]):
            answer = walker.ask(Route(f"{SAFE} {place}"), {})
            if answer.mimetype == "text/html":
                read += answer.status_code == 200
                wrong += [f"{name} {place}: {told}" for told in Markup(body_of(answer)).found]
    assert not wrong, "\n".join(wrong)
    assert read > 250


@pytest.mark.parametrize(("name", "place", "text"), SHOWN)
def test_names_are_seen_as_they_were_written(
    name: str, place: str, text: str, app: Flask, spoiled_world: World
) -> None:
    page = Markup(body_of(Walker(app, spoiled_world, name).ask(Route(f"{SAFE} {place}"), {})))
    assert text in page.text


def test_nothing_runs_where_scripts_draw(app: Flask, spoiled_world: World) -> None:
    wrong: list[str] = []
    case = spoiled_world.cases[OURS]
    with _served(app) as url, chromium() as browser, _windows(browser, url, spoiled_world) as windows:
        for name, place, drawn in DRAWN:
            wrong += _opened(windows[name], place.format(instance=case.instance, mail=case.mail), drawn)
    assert not wrong, "\n".join(wrong)


class Markup(HTMLParser):
    """A page as a browser reads it: its texts, and what of it isn't ours or would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._texts: list[str] = []
        self.feed(page)
        self.text = " ".join("".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        runs = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if runs or (tag == "img" and given.get("src") == "x") or any(name.startswith("on") for name in given):
            self.found.append(self.get_starttag_text() or tag)
        if inner := given.get("srcdoc"):
            self.found += Markup(inner).found

    def handle_data(self, data: str) -> None:
        self._texts.append(data)


def _change(world: World, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """A second version in which all is called otherwise and an element is gone; the first as a draft, not all right."""
    moved = _ELEMENT.sub(rb"\1moved", after["work.bpmn"])
    deployments.deploy(world.engine, {**after, "work.bpmn": moved}, SYSTEM, "api", MARKUP)
    broken = before["request.bpmn"].replace(b'formRef="assign"', f'formRef="{escape(MARKUP)}"'.encode())
    drafts.replace(world.engine, world.people["owner"], HOME, {**before, "request.bpmn": broken}, 0)


@contextmanager
def _served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def _windows(browser: Browser, url: str, world: World) -> Iterator[dict[str, BrowserContext]]:
    """A window of everybody who looks."""
    windows = {name: browser.new_context(base_url=url, locale="en") for name, *_ in DRAWN}
    for name, window in windows.items():
        window.add_cookies([{"name": "iter_session", "value": world.secrets[name], "url": url}])
    yield windows
    for window in windows.values():
        window.close()


def _opened(window: BrowserContext, place: str, drawn: str) -> list[str]:
    """What is wrong with a page once it is drawn."""
    page, wrong = window.new_page(), list[str]()
    page.set_default_timeout(PATIENCE)

    def hear(kind: str, text: str) -> None:
        if kind == "error" and not text.startswith(EXPECTED):
            wrong.append(text)

    page.on("console", lambda message: hear(message.type, message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: wrong.append(request.url) if request.url.endswith("/x") else None)
    page.goto(place)
    page.locator(drawn).first.wait_for()
    if "modeler" in drawn:
        _look_around(page)
    if not page.evaluate(SHOWS_IT):
        wrong.append("it isn't shown")
    for frame in page.frames:
        if frame.evaluate("'owned' in window") or frame.locator("img[src='x']").count():
            wrong.append(f"it came to be an element, or ran, in {frame.url}")
    page.close()
    return [f"{place}: {one}" for one in wrong]


def _look_around(page: Page) -> None:
    """In the modeler: properties, what a search finds, what is wrong, what can be put in another's place."""
    choose(page, "assign")
    field(page, "name").click()
    page.locator("[data-problems] summary").click()
    page.locator("[data-problems-list] li").first.wait_for()
    page.locator("[data-modeler-do='search']").click()
    page.locator(".djs-search-input input").press_sequentially("img")
    page.locator(".djs-search-result").first.wait_for()
    page.keyboard.press("Escape")
