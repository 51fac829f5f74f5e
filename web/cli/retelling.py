"""`iter retell`: a scenario made out of a ticket."""

from __future__ import annotations

from pathlib import Path

import click

from engine.domain.actors import SYSTEM
from web.cli.opening import engine_of
from web.settings import read_settings


@click.command()
@click.argument("ticket")
@click.option("--to", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
def retell(ticket: str, file: Path | None) -> None:
    """Print a scenario that goes the way of TICKET (its number, or its id), with invented names and texts."""
    from engine.queries.packages import retelling

    with engine_of(read_settings()) as engine:
        known = int(ticket) if ticket.isascii() and ticket.isdigit() else retelling.id_of(engine, ticket)
        content = retelling.scenario_of(engine, SYSTEM, known)
    if file is None:
        click.echo(content, nl=False)
        return
    file.write_text(content, encoding="utf-8")
    click.echo(f"{file}: {content.count(chr(10))} lines")


VERBS = (retell,)
