"""`iter simulate`: running diagrams by themselves, as a list of events says."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from engine.domain.errors import Invalid, Refused
from web.cli.packages import MAX_FILE, line_of

REFUSED = 2


@click.command("simulate")
@click.argument("paths", metavar="DIAGRAM…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--events",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON list of what happens, in order (docs/reference/simulating.md).",
)
@click.option("--zone", default="UTC", help="Time zone of times without an offset. Default: UTC.")
@click.option("--json", "as_json", is_flag=True, help="Print one object with all that happened.")
@click.pass_context
def simulate_diagrams(context: click.Context, paths: tuple[Path, ...], events: Path, zone: str, as_json: bool) -> None:
    """Run diagrams by themselves, with no package around them, as a list of events says.

    DIAGRAM… are .bpmn and .dmn files, or folders of them. Exit 0 whatever came of it, 2 where a diagram is refused.
    """
    from engine.domain.time.zones import find_zone
    from engine.spiff.expressions import Sandbox
    from engine.spiff.simulating import WrongEvent, read_drawn, read_events, simulate

    sandbox = Sandbox(time.monotonic)
    try:
        planned = read_events(events.read_text(encoding="utf-8"), find_zone(zone))
        told = simulate(read_drawn(_drawings(paths), zone), planned, sandbox)
    except (WrongEvent, Invalid, UnicodeDecodeError) as error:
        raise click.UsageError(str(error)) from None
    except Refused as refused:
        found = [asdict(problem) for problem in refused.problems]
        if as_json:
            click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        else:
            click.echo("\n".join(line_of(problem) for problem in refused.problems))
        context.exit(REFUSED)
    finally:
        sandbox.close()
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else _summary(told))


def _drawings(paths: Iterable[Path]) -> dict[str, bytes]:
    """The diagrams and tables among the files, and in the folders, that were given."""
    found: dict[str, bytes] = {}
    for path in paths:
        inside = [file for file in sorted(path.rglob("*")) if file.suffix in (".bpmn", ".dmn")] if path.is_dir() else []
        for file in inside or [path]:
            if file.is_dir():
                raise click.UsageError(f"'{file}' holds no .bpmn file")
            if file.stat().st_size > MAX_FILE:
                raise click.UsageError(f"'{file}' is larger than {MAX_FILE:,} bytes")
            found[str(file)] = file.read_bytes()
    return found


def _summary(told: Mapping[str, Any]) -> str:
    """What came of it, for people."""
    lines = []
    for name, instance in told["instances"].items():
        lines.append(f"{name}: {instance['status']}")
        lines += [f"  {visit['entered']}  {visit['element']}: {visit['outcome']}" for visit in instance["path"]]
        lines += [f"  waits at {wait['element']}: {wait['kind']} {wait['due'] or ''}" for wait in instance["waiting"]]
        lines += [f"  incident at {found['element']}: {found['problem']}" for found in instance["incidents"]]
    return "\n".join(line.rstrip() for line in lines)


VERBS = (simulate_diagrams,)
