"""`iter migrate-tickets`: open tickets go on by another version of their package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid, NotFound
from engine.domain.said import said
from web.cli.opening import engine_of
from web.settings import read_settings

if TYPE_CHECKING:
    from engine.commands.engine import Engine
    from engine.queries.migrations.progress import Progress
    from engine.queries.migrations.verdicts import Check, TicketCheck

#: tickets that are listed, of those that stay
LISTED = 100
Mapping = dict[tuple[str, str], str]


@click.command("migrate-tickets")
@click.argument("package")
@click.option("--to", "version", type=click.IntRange(1), help="The version that tickets go to.")
@click.option("--from", "source", type=click.IntRange(1), help="Only those of this version (default: all others).")
@click.option(
    "--map", "chosen", multiple=True, metavar="PROCESS/ELEMENT=ELEMENT",
    help="Where tokens go whose element is gone; may be given several times.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would become of each ticket, and move none.")
@click.option("--stop", is_flag=True, help="Stop the migration of the package that runs now, in place of one.")
@click.pass_context
def migrate_tickets(
    context: click.Context, package: str, version: int | None, source: int | None, chosen: tuple[str, ...],
    dry_run: bool, stop: bool,
) -> None:  # fmt: skip
    """Move the open tickets of PACKAGE to another version; exit 1 where some stay on theirs."""
    from engine.queries.migrations import verdicts

    mapping = dict(map(_place, chosen))
    if stop and (version or source or mapping or dry_run):
        raise click.UsageError("--stop goes with no other option.")
    if not stop and version is None:
        raise click.UsageError("Missing option '--to'.")
    with engine_of(read_settings()) as engine:
        if version is None:
            _stop(engine, package)
            return
        found = verdicts.check(engine, SYSTEM, package, version, mapping, source=source)
        click.echo(
            f"{found.tickets} tickets: {found.safe} safe, {found.choice} need a choice, {found.impossible} can't"
        )
        if found.ended:
            click.echo(f"Left out, as no process runs on them any more: {found.ended}")
        _tell_groups(found)
        if dry_run:
            stay = _list_stayed(engine, package, version, mapping, source)
        else:
            stay = _move(engine, package, version, mapping, source)
    context.exit(1 if stay else 0)


def _place(text: str) -> tuple[tuple[str, str], str]:
    """`process/element=element` taken apart."""
    place, equals, target = text.partition("=")
    process, slash, element = place.partition("/")
    if not (equals and slash and process and element and target):
        raise click.UsageError(f"Expected PROCESS/ELEMENT=ELEMENT, but got {text!r}.")
    return (process, element), target


def _tell_groups(found: Check) -> None:
    for group in found.groups:
        where = f"{group.process}/{group.element}: " if group.element else ""
        options = ", ".join(f"{option.element} ({option.label})" for option in group.options)
        click.echo(f"  {group.tickets} × {where}{group.problem}{f' Choose one of: {options}' if options else ''}")


def _list_stayed(engine: Engine, package: str, version: int, mapping: Mapping, source: int | None) -> bool:
    """Lists the tickets that would stay; says whether any would."""
    from engine.queries.migrations import verdicts

    found: list[TicketCheck] = []
    for kind in ("choice", "impossible"):
        more: dict[str, Any] = {"source": source, "verdict": kind, "limit": LISTED}
        found += verdicts.tickets(engine, SYSTEM, package, version, mapping, **more).items
    _tell_tickets(found)
    return bool(found)


def _tell_tickets(found: Iterable[TicketCheck]) -> None:
    for ticket in found:
        click.echo(f"{ticket.number}: {ticket.verdict}: {' '.join(finding.problem for finding in ticket.findings)}")


def _move(engine: Engine, package: str, version: int, mapping: Mapping, source: int | None) -> bool:
    """Moves them; says whether any has stayed. A server that runs on the same database helps."""
    from engine.commands.packages import migrations
    from engine.queries.migrations import progress

    number = migrations.start(engine, SYSTEM, package, version, mapping, source)
    while migrations.go_on(engine, str(number)):
        pass
    done = progress.one(engine, SYSTEM, package, number)
    if done.state == "failed":
        raise Invalid(done.problem)
    _tell_tickets(progress.stayed(engine, SYSTEM, package, number, limit=LISTED).items)
    _tell(done)
    return bool(done.choice + done.impossible + done.left)


def _stop(engine: Engine, package: str) -> None:
    from engine.commands.packages import migrations
    from engine.queries.migrations import progress

    latest = progress.latest(engine, SYSTEM, package)
    if latest is None:
        raise NotFound(said("There is no such migration."))
    migrations.stop(engine, SYSTEM, package, latest.id)
    _tell(progress.one(engine, SYSTEM, package, latest.id))


def _tell(found: Progress) -> None:
    """What became of the tickets; what can't be is left out."""
    counts = {
        "moved": found.moved, "stayed": found.choice + found.impossible, "not come to": found.left,
        "ended or moved meanwhile": found.gone,
    }  # fmt: skip
    told = ", ".join(f"{n} {what}" for what, n in counts.items() if n or what in ("moved", "stayed"))
    click.echo(f"Migration {found.id}{' was stopped' if found.state == 'stopped' else ''}: {told}.")


VERBS = (migrate_tickets,)
