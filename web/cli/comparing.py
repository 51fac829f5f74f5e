"""`iter diff`: what isn't the same in a deployed package and a folder, file by file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.folders import PACKAGE_FOLDER
from web.cli.opening import engine_of
from web.package_sources import from_folder
from web.settings import read_settings

if TYPE_CHECKING:
    from engine.spiff.comparing import Change, FileDifference

_FILES = {"removed": "only deployed", "added": "only in the folder", "changed": "differs"}
#: what a terminal would obey
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")


@click.command()
@click.argument("package")
@click.argument("folder", type=PACKAGE_FOLDER)
@click.option("--brief", is_flag=True, help="Name the files, and not what is in them.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of {path, kind, changes, text, left_out}.")
@click.pass_context
def diff(context: click.Context, package: str, folder: Path, brief: bool, as_json: bool) -> None:
    """Say in what the latest version of PACKAGE and FOLDER differ; exit 1 where they do."""
    from engine.queries.packages.exports import latest_files
    from engine.spiff.comparing import compare

    settings = read_settings()
    with engine_of(settings) as engine:
        deployed = latest_files(engine, package)
    found = compare(deployed, from_folder(folder, settings.max_package)).files
    if as_json:
        click.echo(json.dumps([asdict(file) for file in found], indent=2, ensure_ascii=False))
    else:
        for line in (line for file in found for line in _lines(file, brief)):
            click.echo(_CONTROL.sub("�", line))
    context.exit(1 if found else 0)


def _lines(file: FileDifference, brief: bool) -> Iterator[str]:
    """A line for the file, and indented below it one for each change."""
    yield f"{_FILES[file.kind]}: {file.path}"
    if brief or file.kind != "changed":
        return
    yield from (f"  {_line(change)}" for change in file.changes)
    yield from (f"  {line}" for line in file.text)
    if file.left_out:
        yield f"  … and {file.left_out} more"
    if not (file.changes or file.text):
        yield "  only written in another way"


def _line(change: Change) -> str:
    """A change in one line."""
    label = f"“{change.label}”" if change.label != change.id else ""
    said = " ".join(filter(None, [change.kind, change.type, change.id, label]))
    return f"{said}: {'; '.join(change.words)}" if change.words else said


VERBS = (diff,)
