"""`iter migrate-tickets`: open tickets go on by another version of their package."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid
from web.cli.opening import engine_of
from web.settings import read_settings

if TYPE_CHECKING:
    from engine.commands.engine import Engine
    from engine.queries.migrations.verdicts import Check, TicketCheck

#: tickets that are listed, of those that stay
LISTED = 100
Mapping = dict[tuple[str, str], str]


@click.command("migrate-tickets")
@click.argument("package")
@click.option("--to", "version", required=True, type=click.IntRange(1), help="The version that tickets go to.")
@click.option("--from", "source", type=click.IntRange(1), help="Only those of this version (default: all others).")
@click.option(
    "--map", "chosen", multiple=True, metavar="PROCESS/ELEMENT=ELEMENT",
    help="Where tokens go whose element is gone; may be given several times.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would become of each ticket, and move none.")
@click.pass_context
def migrate_tickets(
    context: click.Context, package: str, version: int, source: int | None, chosen: tuple[str, ...], dry_run: bool
) -> None:
    """Move the open tickets of PACKAGE to another version; exit 1 where some stay on theirs."""
    from engine.queries.migrations import verdicts

    mapping = dict(map(_place, chosen))
    with engine_of(read_settings()) as engine:
        found = verdicts.check(engine, SYSTEM, package, version, mapping, source=source)
        click.echo(
            f"{found.tickets} tickets: {found.safe} safe, {found.choice} need a choice, {found.impossible} can't"
        )
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
    click.echo(f"Migration {number}: {done.moved} moved, {done.choice + done.impossible} stayed.")
    return bool(done.choice + done.impossible)


VERBS = (migrate_tickets,)
