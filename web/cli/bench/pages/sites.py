"""A whole installation to measure: a database of a certain size, and people who are signed in. Gone afterwards."""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, make_url, select, text

from engine.domain.actors import SYSTEM, Actor
from engine.domain.actors import Membership as Belongs
from engine.domain.errors import Conflict
from engine.domain.words import telling
from engine.queries import tickets
from engine.queries.tickets import listing
from engine.storage.tables import Account, Membership
from web.settings import Settings

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from engine.commands.engine import Engine


#: tickets and accounts of the demonstration, which are the same however many copies there are
FIRST = 60


@dataclass
class Reader:
    """Somebody signed in, with a ticket and a word that they find."""

    actor: Actor
    client: FlaskClient
    ticket: int
    #: a word that stands in many of the tickets that they see
    word: str

    def get(self, place: str) -> None:
        """Ask for a page, as a browser does."""
        answer = self.client.get(place, headers={"Accept": "text/html"})
        if answer.status_code != 200:
            raise RuntimeError(f"Expected the page {place}, but got {answer.status_code}: {answer.text[:500]}")


@dataclass
class Site:
    """An installation with so many tickets."""

    tickets: int
    engine: Engine
    settings: Settings
    #: who sees all of a package, whose departments are some, and a customer; as far as there are such
    readers: dict[str, Reader] = field(default_factory=dict)

    def statements(self, work: Callable[[], None]) -> int:
        """How many statements something takes; BEGIN and the like don't count."""
        counted = 0

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            nonlocal counted
            counted += not statement.upper().startswith("BEGIN")

        sql = self.engine.database.sql
        event.listen(sql, "before_cursor_execute", note)
        try:
            work()
        finally:
            event.remove(sql, "before_cursor_execute", note)
        return counted


@contextmanager
def site_of(settings: Settings, count: int, tell: Callable[[str], None]) -> Iterator[Site]:
    """An installation in the settings' database, which must be empty: the packages' demonstrations, multiplied."""
    from engine.commands import demonstration
    from web.cli.bench.pages.seeding import seed
    from web.cli.opening import engine_of
    from web.cli.starting import deploy_workflows

    with engine_of(settings) as engine:
        if tickets.counted(engine, SYSTEM).number:
            raise Conflict("There are tickets already: measuring needs a database of its own.")
        with redirect_stdout(sys.stderr):
            deploy_workflows(engine, settings)
        for package in demonstration.packages_with_one(engine, empty=True):
            demonstration.fill(engine, package, secrets.token_urlsafe(12), lambda progress: None)
        seed(engine, count, lambda done, missing: tell(f"{engine.database.dialect}: {done} of {missing} copies"))
        site = Site(count, engine, settings)
        site.readers.update(_readers(site))
        yield site


@contextmanager
def databases(postgresql: str, folder: str, sizes: list[int]) -> Iterator[list[str]]:
    """Addresses of new databases, one for each size: files in a folder, or a server's databases, dropped afterwards."""
    if not postgresql:
        yield [f"sqlite:///{folder}/iter-bench-{size}.sqlite3" for size in sizes]
        return
    server = make_url(postgresql)
    with ExitStack() as stack:
        names = [f"iter_bench_{secrets.token_hex(4)}_{size}" for size in sizes]
        for name in names:
            _administer(postgresql, f'CREATE DATABASE "{name}"')
            stack.callback(_administer, postgresql, f'DROP DATABASE "{name}" WITH (FORCE)')
        yield [server.set(database=name).render_as_string(hide_password=False) for name in names]


def _administer(server: str, statement: str) -> None:
    from engine.storage.database import Database

    database = Database(server)
    with database.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    database.close()


def _readers(site: Site) -> Iterator[tuple[str, Reader]]:
    from engine.commands.people import accounts, sessions
    from web.app import create_app
    from web.pages.visiting import SESSION_COOKIE

    app = create_app(site.settings, site.engine)
    for kind, actor in _people(site.engine):
        seen = listing.some(site.engine, actor, range(1, FIRST + 1))
        if not seen:
            continue
        words = Counter(word for ticket in seen for word in set(telling(f"{ticket.subject} {ticket.text}")))
        password = secrets.token_urlsafe(12)
        accounts.set_password(site.engine, SYSTEM, actor.id, password)
        client = app.test_client()
        client.set_cookie(SESSION_COOKIE, sessions.begin(site.engine, actor.email, password).secret)
        yield kind, Reader(actor, client, min(ticket.id for ticket in seen), words.most_common(1)[0][0])


def _people(engine: Engine) -> Iterator[tuple[str, Actor]]:
    """The first of each kind, by what a package's roles let them see."""
    from engine.queries.reading import reading

    names = {"all": "everything", "departments": "department", "own_company": "customer"}
    found: dict[str, Actor] = {}
    with reading(engine, SYSTEM) as reader:
        rows = reader.tx.execute(
            select(Account.__table__, Membership.__table__)
            .join(Membership, Membership.account_id == Account.id)
            .where(Account.active)
            .order_by(Account.id)
            .limit(FIRST)
        ).mappings()
        for row in rows:
            member = Belongs(row["package_id"], row["role"], tuple(row["departments"]))
            actor = Actor(row["id"], row["name"], row["email"], row["kind"], row["company_id"], (member,))
            for role in actor.roles(reader.packages[member.package]):
                if role.may & {"note", "open_ticket"}:
                    found.setdefault(names[role.sees], actor)
    yield from sorted(found.items())
