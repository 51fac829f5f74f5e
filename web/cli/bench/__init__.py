"""`iter bench`: what the engine costs, and pages with few and very many tickets; `iter bench seed` makes the many."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from web.settings import Settings, read_settings

if TYPE_CHECKING:
    from web.cli.bench.pages.measures import Measured

SIZES = (1_000, 100_000)
ENGINE = ("step", "open", "loop", "timers", "parse", "http")
PARTS = (*ENGINE, "pages")


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--only", "parts", type=click.Choice(PARTS), multiple=True, help="Measure this; all where none is named.")
@click.option("--postgresql", default="", metavar="URL", help="A server to make databases on, beside SQLite.")
@click.option(
    "--scale", type=click.FloatRange(0.001, 1), default=1.0, help="Measure the engine less often, for a first look."
)
@click.option(
    "--tickets", "sizes", type=click.IntRange(1), multiple=True, help="How many tickets; two of them or more."
)
@click.option(
    "--rounds", type=click.IntRange(1), default=15, show_default=True, help="How often each page is asked for."
)
@click.option("--limit", type=float, default=2.0, show_default=True, help="How much slower the most tickets may be.")
@click.pass_context
def bench(
    context: click.Context,
    as_json: bool,
    parts: tuple[str, ...],
    postgresql: str,
    scale: float,
    sizes: tuple[int, ...],
    rounds: int,
    limit: float,
) -> int | None:
    """Measure what steps, timers and pages cost, in databases of its own that are gone afterwards.

    Takes many minutes, for it makes the tickets first. Exit status 1 where a figure is beyond its limit.
    """
    if context.invoked_subcommand is not None:
        return None
    wanted = sorted(set(sizes or SIZES))
    if len(wanted) < 2:
        raise click.UsageError("Name at least two numbers of tickets to compare.")
    chosen = tuple(part for part in PARTS if part in (parts or PARTS))
    figures, over = _engine(chosen, postgresql, scale)
    found: dict[str, list[Measured]] = {}
    if "pages" in chosen:
        found = {kind: _pages(server, wanted, rounds) for kind, server in _kinds(postgresql).items()}
    _progress("")
    if as_json:
        click.echo(json.dumps({**_rounded(figures), "beyond": over, **_told(found, limit)}, indent=1))
    else:
        click.echo("\n\n".join(filter(None, (_list(figures), _table(found, wanted)))))
    return int(bool(over) or any(one.ratio > limit for measured in found.values() for one in measured))


@bench.command()
@click.option("--tickets", "total", type=click.IntRange(1), required=True, help="How many tickets there are to be.")
def seed(total: int) -> None:
    """Copy the database's tickets until there are so many: for trying how Iter works with very many.

    The copies look like tickets that were lived, but nothing of them is ever due. Not for a database in use.
    """
    from web.cli.bench.pages.seeding import seed as fill
    from web.cli.opening import engine_of

    with engine_of(read_settings()) as engine:
        added = fill(engine, total, lambda done, missing: _progress(f"{done} of {missing} copies"))
    click.echo(f"{added} tickets were added.")


def _engine(chosen: tuple[str, ...], postgresql: str, scale: float) -> tuple[dict[str, Any], list[str]]:
    """The engine's figures, and those beyond their limits."""
    from web.cli.bench.engine.figures import beyond, measure

    found = measure(tuple(part for part in ENGINE if part in chosen), postgresql, scale, _progress)
    return found, beyond(found)


def _kinds(postgresql: str) -> dict[str, str]:
    return {"sqlite": "", **({"postgresql": postgresql} if postgresql else {})}


def _pages(server: str, sizes: list[int], rounds: int) -> list[Measured]:
    from web.cli.bench.pages.measures import measure
    from web.cli.bench.pages.sites import databases, site_of

    settings: Settings = read_settings()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="iter-bench-"))
        urls = stack.enter_context(databases(server, folder, sizes))
        sites = [
            stack.enter_context(site_of(replace(settings, database_url=url), size, _progress))
            for url, size in zip(urls, sizes, strict=True)
        ]
        return measure(sites, rounds, _progress)


def _rounded(figures: dict[str, Any]) -> dict[str, Any]:
    return {name: _rounded(one) if isinstance(one, dict) else round(one, 3) for name, one in figures.items()}


def _told(found: dict[str, list[Measured]], limit: float) -> dict[str, Any]:
    """{database: {page: {"ratio": the worst reader's, "readers": [figures]}}}."""
    told: dict[str, Any] = {"limit": limit} if found else {}
    for kind, measured in found.items():
        pages: dict[str, Any] = {}
        for one in measured:
            page = pages.setdefault(one.name, {"ratio": 0.0, "readers": []})
            page["readers"].append(one.to_json())
            page["ratio"] = max(page["ratio"], round(one.ratio, 3))
        told[kind] = pages
    return told


def _list(figures: dict[str, Any]) -> str:
    """The engine's figures, each with its limit."""
    from web.cli.bench.engine.figures import LIMITS, flat

    told = flat(figures)
    limits = {name: f"at {'least' if name.endswith('_per_second') else 'most'} {LIMITS[name]}" for name in LIMITS}
    return "\n".join(f"{name:<30}{value:>12,.2f}   {limits.get(name, '')}".rstrip() for name, value in told.items())


def _table(found: dict[str, list[Measured]], sizes: list[int]) -> str:
    if not found:
        return ""
    head = f"{'database':<12}{'page':<10}{'reader':<12}" + "".join(f"{f'{size:,}':>12}" for size in sizes)
    lines = [head + f"{'ratio':>8}{'statements':>12}", ""]
    for kind, measured in found.items():
        for one in measured:
            times = "".join(f"{one.milliseconds[size]:>9.1f} ms" for size in sizes)
            counts = "/".join(str(count) for count in dict.fromkeys(one.statements.values()))
            lines.append(f"{kind:<12}{one.name:<10}{one.reader:<12}{times}{one.ratio:>8.2f}{counts:>12}")
    return "\n".join(lines)


def _progress(text: str) -> None:
    """On the terminal's last line, if there is one to see it."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)


VERBS = (bench,)
