"""`iter companies …`: the companies of customers."""

from __future__ import annotations

import click

from engine.domain.actors import SYSTEM
from web.cli.opening import engine_of
from web.cli.people import all_companies
from web.settings import read_settings


@click.group()
def companies() -> None:
    """Companies: add, list."""


@companies.command()
@click.argument("name")
def add(name: str) -> None:
    """Add a company."""
    from engine.commands.people import companies as commands

    with engine_of(read_settings()) as engine:
        click.echo(f"{commands.create(engine, SYSTEM, name=name)}  {name}")


@companies.command("list")
def list_companies() -> None:
    """List all companies."""
    with engine_of(read_settings()) as engine:
        for company in all_companies(engine):
            click.echo(company)


VERBS = (companies,)
