"""`iter test` and `iter deadline`: trying a package out in memory, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from engine.domain.errors import Invalid, Refused
from web.cli.folders import PACKAGE_FOLDER
from web.package_sources import from_folder
from web.settings import read_settings


@click.command("test")
@click.argument("folder", type=PACKAGE_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def run_scenarios(context: click.Context, folder: Path, as_json: bool) -> None:
    """Run a package's scenarios in memory; says what differed and what none of them covers."""
    from engine.spiff.scenarios import run_package
    from engine.spiff.versions import read_version

    report = run_package(read_version(from_folder(folder, read_settings().max_package)))
    text = json.dumps(report.to_json(), indent=2, ensure_ascii=False) if as_json else report.text()
    click.echo(text.rstrip())
    if not report.ok:
        context.exit(1)


@click.command()
@click.argument("folder", type=PACKAGE_FOLDER)
@click.option("--from", "start", required=True, metavar="INSTANT", help="ISO 8601, such as 2026-03-27T16:00+01:00.")
@click.option("--add", "duration", required=True, metavar="DURATION", help="Working time: PT3H, P5D, P1DT4H.")
@click.option("--calendar", help="Default: the package's.")
def deadline(folder: Path, start: str, duration: str, calendar: str | None) -> None:
    """Print the instant at which so much working time has passed in a package's calendar."""
    from engine.domain.casework import deadline_from
    from engine.domain.package_files import read_package
    from engine.domain.time.durations import parse_instant
    from engine.domain.time.zones import find_zone

    package, problems = read_package(from_folder(folder, read_settings().max_package))
    if package is None:
        raise Refused(problems)
    zone = find_zone(package.time_zone)
    try:
        due = deadline_from(package, parse_instant(start, zone), duration, calendar)
    except Invalid as error:
        raise click.UsageError(str(error)) from None
    click.echo(due.isoformat())


VERBS = (run_scenarios, deadline)
