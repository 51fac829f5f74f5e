"""Fills a database with very many tickets: copies of those that are there, spread over three years.

They are for measuring: whole enough for every page to show them, and nothing of them is ever due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, text

from engine.domain.errors import Conflict
from engine.domain.packages import Package, format_number
from engine.storage.tables import Base, Involvement, JournalEntry, Note, Ticket, TicketSequence, UserTask, UserTaskGroup
from engine.storage.tables.packages import Package as PackageRow
from engine.storage.upserting import upsert
from web.cli.bench.pages.copying import COPIED, WHOLE_JOURNAL, Copier, Places, Row, Rows
from web.cli.bench.pages.invented import Invention
from web.cli.bench.pages.people import cast_of
from web.cli.bench.pages.writing import write

if TYPE_CHECKING:
    from engine.commands.engine import Engine

#: tickets of one transaction
BATCH = 500
#: weeks over which closed tickets are spread, and open ones
PAST, RECENT = 156, 3
#: what share of the copies is open
OPEN = 0.06
#: how many tickets are copied again and again; those that stand there first
PATTERNS = 100

Progress = Callable[[int, int], None]


def seed(engine: Engine, total: int, tell: Progress) -> int:
    """Copies tickets until there are so many; how many were added. Raises `Conflict` where there is none to copy."""
    with engine.database.read() as tx:
        present = tx.execute(select(func.count()).select_from(Ticket)).scalar_one()
    if not present:
        raise Conflict("There is no ticket to copy. Make some first: iter demo.")
    missing = max(0, total - present)
    with engine.database.begin() as tx:
        seeding = _Seeding(engine, tx, total, present)
    for done in range(0, missing, BATCH):
        tell(done, missing)
        with engine.database.begin() as tx:
            seeding.add(tx, min(BATCH, missing - done))
    _analyse(engine)
    return missing


class _Seeding:
    """What copies are made of: read once, for as long as nobody else writes there."""

    def __init__(self, engine: Engine, tx: Connection, total: int, place: int) -> None:
        self._now = engine.clock()
        self._made = Random(place)  # noqa: S311 - nothing here is a secret
        self._patterns = _patterns(tx)
        self._ids: dict[type[Base], int] = {
            table: _last_id(tx, table) for table in (Ticket, Note, UserTask, JournalEntry)
        }
        self._packages = {
            row.id: engine.version(row.deployment_id, tx).package
            for row in tx.execute(select(PackageRow.id, PackageRow.deployment_id))
        }
        self._cast = cast_of(tx, self._packages, total)
        self._copier = Copier(Invention(place), self._made, self._now, self._next_id)
        self._sequences: dict[tuple[str, int], int] = {
            (row.package_id, row.year): row.last for row in tx.execute(select(TicketSequence.__table__))
        }

    def add(self, tx: Connection, count: int) -> None:
        """Write so many copies."""
        patterns = self._patterns
        ended = [one for one in patterns if one[Ticket][0]["closed_at"] is not None] or patterns
        running = [one for one in patterns if one[Ticket][0]["closed_at"] is None] or patterns
        shifts = sorted(
            (self._later(is_open), number, is_open)
            for number, is_open in enumerate(self._made.random() < OPEN for _ in range(count))
        )
        together: Rows = {table: [] for table in COPIED}
        for later, number, is_open in shifts:
            pattern = self._made.choice(running if is_open else ended)
            copied = self._copier.copy(pattern, self._places(pattern[Ticket][0], later), number % WHOLE_JOURNAL == 0)
            for table, rows in copied.items():
                together[table] += rows
        for table in COPIED:
            write(tx, table, _once(table, together[table]))
        self._remember(tx)

    def _later(self, is_open: bool) -> timedelta:
        """How much later than its pattern a copy is: whole weeks back, so that weekdays stay, and some seconds."""
        weeks = self._made.randint(0, RECENT if is_open else PAST)
        return timedelta(seconds=self._made.randint(0, 3_000)) - timedelta(weeks=weeks)

    def _places(self, ticket: Row, later: timedelta) -> Places:
        companies, customers = self._made.choice(self._cast.customers)
        colleagues = self._made.choice(self._cast.colleagues)
        package, opened = self._packages[ticket["package_id"]], ticket["opened_at"] + later
        return Places(
            {**colleagues, **customers}, companies, later, self._next_id(Ticket), self._number(package, opened)
        )

    def _number(self, package: Package, opened: datetime) -> str:
        year = opened.astimezone(ZoneInfo(package.time_zone)).year if "{year}" in package.number else 0
        last = self._sequences[package.id, year] = self._sequences.get((package.id, year), 0) + 1
        return format_number(package.number, year, last)

    def _next_id(self, table: type[Base]) -> int:
        self._ids[table] += 1
        return self._ids[table]

    def _remember(self, tx: Connection) -> None:
        """The numbers and ids that were given out aren't given out again."""
        rows = [{"package_id": key, "year": year, "last": last} for (key, year), last in self._sequences.items()]
        upsert(tx, TicketSequence, rows, ("package_id", "year"))
        if tx.dialect.name == "postgresql":
            for name in ("tickets", "notes", "user_tasks", "journal", "accounts", "companies"):
                tx.execute(text(f"SELECT setval('{name}_id_seq', (SELECT max(id) FROM {name}))"))  # noqa: S608


def _last_id(tx: Connection, table: Any) -> int:
    return int(tx.execute(select(func.max(table.id))).scalar() or 0)


def _patterns(tx: Connection) -> list[Rows]:
    """The first tickets with all that hangs on them."""
    ids = list(tx.execute(select(Ticket.id).order_by(Ticket.id).limit(PATTERNS)).scalars())
    found: dict[int, Rows] = {ticket: {table: [] for table in COPIED} for ticket in ids}
    tasks: dict[int, int] = {}
    for table in COPIED[:-1]:
        for row in _hanging_on(tx, table, ids, tasks):
            ticket = row["id"] if table is Ticket else tasks.get(row.get("user_task_id", 0)) or row["ticket_id"]
            found[ticket][table].append(row)
            if table is UserTask:
                tasks[row["id"]] = ticket
    return list(found.values())


def _hanging_on(tx: Connection, table: Any, tickets: Sequence[int], tasks: dict[int, int]) -> Iterator[Row]:
    column = Ticket.id if table is Ticket else UserTaskGroup.user_task_id if table is UserTaskGroup else table.ticket_id
    wanted = list(tasks) if table is UserTaskGroup else tickets
    keys = table.__table__.primary_key.columns
    statement = select(table.__table__).where(column.in_(wanted)).order_by(*keys)
    return (dict(row) for row in tx.execute(statement).mappings())


def _once(table: type[Base], rows: list[Row]) -> list[Row]:
    """Involvements that became one and the same are written once."""
    if table is not Involvement:
        return rows
    return list({(row["ticket_id"], row["account_id"]): row for row in rows}.values())


def _analyse(engine: Engine) -> None:
    """PostgreSQL does so by itself after a while; SQLite never does, and must be quick without."""
    if engine.database.dialect == "postgresql":
        with engine.database.sql.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
