"""`iter companies …`: the companies of customers."""

from __future__ import annotations

from typing import Any

import click

from engine.domain.actors import SYSTEM
from web.cli.opening import engine_of
from web.cli.people import all_companies, company_of_name
from web.settings import read_settings


def _described(command: Any) -> Any:
    """The options that say what a company is."""
    for option in (
        click.option("--service", "services", multiple=True, help="One that it has; give it several times."),
        click.option("--reference", help="What it is called in your other systems."),
        click.option("--vat-number"),
    ):
        command = option(command)
    return command


@click.group()
def companies() -> None:
    """Companies: add, edit, list."""


@companies.command()
@click.argument("name")
@_described
def add(name: str, vat_number: str | None, reference: str | None, services: tuple[str, ...]) -> None:
    """Add a company."""
    from engine.commands.people import companies as commands

    with engine_of(read_settings()) as engine:
        made = commands.create(
            engine, SYSTEM, name=name, vat_number=vat_number or "", reference=reference or "", services=services
        )
    click.echo(f"{made}  {name}")


@companies.command()
@click.argument("name")
@click.option("--name", "new_name", help="Another name.")
@_described
@click.option("--active/--inactive", default=None, help="Whether it is a customer.")
def edit(name: str, new_name: str | None, active: bool | None, services: tuple[str, ...], **more: str | None) -> None:
    """Change a company; what isn't given stays. Services that are given take the place of all."""
    from engine.commands.people import companies as commands

    given = {"name": new_name, "active": active, "services": list(services) or None, **more}
    with engine_of(read_settings()) as engine:
        company_id = company_of_name(engine, name)
        commands.edit(engine, SYSTEM, company_id or 0, **{key: v for key, v in given.items() if v is not None})
    click.echo(f"{company_id}  {new_name or name}")


@companies.command("list")
def list_companies() -> None:
    """List all companies."""
    with engine_of(read_settings()) as engine:
        for company in all_companies(engine):
            click.echo(company)


VERBS = (companies,)
