"""`iter serve`, `web`, `worker`, `migrate`: what runs."""

from __future__ import annotations

from dataclasses import replace

import click

from web.settings import Settings, read_settings, unknown_variables


@click.command()
@click.option("--demo", is_flag=True, help="First fill an empty database with demonstration data (see `iter demo`).")
def serve(demo: bool) -> None:
    """Migrate, deploy workflows/, then answer requests and do what is due, in one process."""
    from web.cli.serving import serve_everything

    settings = _settings()
    serve_everything(replace(settings, demo=settings.demo or demo))


@click.command()
def web() -> None:
    """Answer requests only (waitress); `iter worker` does what is due."""
    from web.cli.serving import serve_web

    serve_web(_settings())


@click.command()
def worker() -> None:
    """Do what is due only: timers, jobs, mails. Any number of them may run."""
    from web.cli.serving import work

    work(_settings())


@click.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from web.database import migrate as bring_up

    bring_up(read_settings())
    click.echo("The database is up to date.")


def _settings() -> Settings:
    for name in unknown_variables():
        click.echo(f"iter: {name} isn't a setting of Iter; it is ignored", err=True)
    return read_settings()


VERBS = (serve, web, worker, migrate)
