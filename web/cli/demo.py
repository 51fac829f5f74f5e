"""`iter demo`: fills the database with a package's demonstration, takes it away, and says who can sign in with what."""

from __future__ import annotations

import secrets
import shutil
import sys
import time
from typing import TYPE_CHECKING

import click

from engine.domain.errors import Conflict
from web.cli.opening import engine_of
from web.settings import Settings, read_settings

if TYPE_CHECKING:
    from engine.commands.demonstration import Filled, Progress
    from engine.commands.engine import Engine

#: seconds between two lines of progress where no terminal shows it
EVERY = 5.0
WIDTH = 24


@click.command()
@click.option("--reset", is_flag=True, help="Remove the demonstration data, and nothing else, then make it anew.")
@click.option("--remove", is_flag=True, help="Only remove the demonstration data, and nothing else.")
@click.option("--beside-real-tickets", is_flag=True, help="Fill although there are real tickets.")
def demo(reset: bool, remove: bool, beside_real_tickets: bool) -> None:
    """Fill the database with invented companies, people and tickets, made by running the process itself.

    All of it comes in one transaction: killed in the middle, nothing is left of it. Its mail never leaves the machine.
    """
    if reset and remove:
        raise click.UsageError("--remove and --reset exclude each other.")
    from engine.commands import demonstration as commands

    settings = read_settings()
    with engine_of(settings) as engine:
        was_there = set(commands.packages_with_one(engine)) != set(commands.packages_with_one(engine, empty=True))
        if reset or remove:
            removed = commands.remove(engine)
            click.echo(f"Removed {removed.tickets} tickets and {removed.accounts} accounts of the demonstration.")
        if remove:
            return
        if not (was_there or beside_real_tickets) and commands.real_tickets(engine):
            raise Conflict("There are real tickets here. To fill beside them: iter demo --beside-real-tickets.")
        if not commands.packages_with_one(engine):
            raise Conflict("No package that is deployed has a demonstration (demonstration/*.yaml).")
        if not fill(engine, settings):
            click.echo("The demonstration is there already; `iter demo --reset` makes it anew.")


def fill_at_start(engine: Engine, settings: Settings) -> None:
    """What `iter serve --demo` does: fills what isn't filled yet, but never beside real tickets unasked."""
    from engine.commands import demonstration as commands

    if not commands.packages_with_one(engine, empty=True):
        return
    if commands.real_tickets(engine):
        click.echo("There are real tickets here: no demonstration was made (see `iter demo --help`).")
        return
    fill(engine, settings)


def fill(engine: Engine, settings: Settings) -> list[Filled]:
    """Fill every package whose demonstration isn't there; tells how far it is, and who can sign in with what."""
    from engine.commands import demonstration as commands

    password = commands.KNOWN_PASSWORD if settings.is_local else secrets.token_urlsafe(12)
    made = []
    for package_id in commands.packages_with_one(engine, empty=True):
        shown = _Shown(package_id)
        filled = commands.fill(engine, package_id, password, shown.tell)
        if filled is not None:
            shown.end(filled)
            made.append(filled)
    if made:
        show_people(engine, password)
    return made


def show_people(engine: Engine, password: str) -> None:
    """A table: role, address, password."""
    from engine.queries.people.demonstration import people

    rows = people(engine)
    roles, addresses = (max(map(len, texts)) for texts in zip(*((row.role, row.email) for row in rows), strict=True))
    click.echo("Invented people who can sign in:")
    for row in rows:
        click.echo(f"  {row.role:<{roles}}  {row.email:<{addresses}}  {password}")


class _Shown:
    """The progress of one package: one line that is written over in a terminal, now and then a line elsewhere."""

    def __init__(self, package_id: str) -> None:
        self.began = self.told = time.monotonic()
        self.terminal = sys.stdout.isatty()
        click.echo(f"Making the demonstration of {package_id}, once: two months of tickets in about half a minute.")

    def tell(self, progress: Progress) -> None:
        """Something has happened."""
        now = time.monotonic()
        if not self.terminal and now - self.told < EVERY and progress.done < progress.events:
            return
        self.told = now
        done = round(WIDTH * progress.done / progress.events)
        told = (
            f"  {'█' * done}{'░' * (WIDTH - done)} {progress.opened} of {progress.tickets} tickets, "
            f"{now - self.began:.0f} s  {progress.number} {progress.subject}"
        )
        if self.terminal:
            width = _columns() - 1
            click.echo(f"\r{told[:width]:<{width}}", nl=False)
        else:
            click.echo(told)

    def end(self, filled: Filled) -> None:
        """All is there."""
        if self.terminal:
            click.echo(f"\r{'':<{_columns() - 1}}\r", nl=False)
        click.echo(f"  {filled.tickets} tickets in {time.monotonic() - self.began:.0f} s.")
        for problem in filled.problems:
            click.echo(f"  not told to its end: {problem}", err=True)


def _columns() -> int:
    return shutil.get_terminal_size().columns


VERBS = (demo,)
