"""`iter deploy`, `check`, `export`: packages between folders and Iter."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import click

from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid, Problem, Refused
from web.cli.folders import PACKAGE_FOLDER, SETTINGS, packages_in
from web.cli.opening import engine_of
from web.package_sources import from_folder, to_folder
from web.settings import read_settings

EITHER = click.Path(exists=True, path_type=Path)
#: bytes of a single file that is checked
MAX_FILE = 10_000_000
#: what can be checked by itself
_ALONE = (".bpmn", ".dmn", ".form")
_GIVE = "Give a package's folder, or one that holds packages."


@click.command()
@click.argument("folders", metavar="FOLDER…", nargs=-1, required=True, type=PACKAGE_FOLDER)
@click.option("--reason", default="", help="Why, for the list of versions.")
def deploy(folders: tuple[Path, ...], reason: str) -> None:
    """Deploy packages from folders; each is checked first, and nothing of a refused one is stored."""
    from engine.commands.packages import deployments

    settings = read_settings()
    with engine_of(settings) as engine:
        for folder in folders:
            done = deployments.deploy(engine, from_folder(folder, settings.max_package), SYSTEM, "folder", reason)
            word = "is version" if done.created else "was deployed before: version"
            click.echo(f"{folder}: {done.package} {word} {done.version}")


@click.command()
@click.argument("paths", metavar="FILE|FOLDER…", nargs=-1, required=True, type=EITHER)
@click.option("--json", "as_json", is_flag=True, help="Print a list of {file, element, label, line, problem, …}.")
@click.pass_context
def check(context: click.Context, paths: tuple[Path, ...], as_json: bool) -> None:
    """Find everything that is wrong with packages or single files; exit 0 only where all could be deployed.

    A folder that holds packages stands for all of them.
    """
    found = [problem for path in paths for each in _expanded(path) for problem in _problems(each)]
    if as_json:
        click.echo(json.dumps([asdict(problem) for problem in found], indent=2, ensure_ascii=False))
    else:
        for problem in found:
            click.echo(line_of(problem))
        if not found:
            click.echo("Nothing is wrong.")
    if any(problem.severity == "error" for problem in found):
        context.exit(1)


@click.command()
@click.argument("package")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), required=False)
def export(package: str, folder: Path | None) -> None:
    """Write the latest version of PACKAGE, with the policy that counts now, to FOLDER (workflows/PACKAGE)."""
    from engine.queries.packages.exports import latest_files

    settings = read_settings()
    target = folder or settings.workflows / package
    with engine_of(settings) as engine:
        files = latest_files(engine, package)
    to_folder(files, target)
    click.echo(f"{target}: {len(files)} files")


def _expanded(path: Path) -> list[Path]:
    """The packages in a folder around some; else the path itself."""
    if not path.is_dir() or (path / SETTINGS).is_file():
        return [path]
    return packages_in(path) or [path]


def _problems(path: Path) -> list[Problem]:
    """What is wrong with a folder's package, or with one file by itself; files are named as they were given."""
    from engine.spiff.versions import check_version

    try:
        if path.is_dir():
            if not any(file.name == SETTINGS or file.suffix in _ALONE for file in path.rglob("*")):
                return [Problem(str(path), "This folder is no package: it has no package.toml.", _GIVE)]
            found = check_version(from_folder(path, read_settings().max_package))
            return [replace(problem, file=(path / problem.file).as_posix()) for problem in found]
        return _problems_of_file(path)
    except Refused as refused:
        return list(refused.problems)
    except Invalid as invalid:
        return [Problem(str(path), str(invalid), _GIVE)]


def _problems_of_file(path: Path) -> list[Problem]:
    from engine.domain.forms import read_form
    from engine.domain.package_files import read_package
    from engine.spiff.decisions import read_decisions
    from engine.spiff.versions import check_diagram

    name = path.as_posix()
    if path.stat().st_size > MAX_FILE:
        return [Problem(name, f"The file has more than {MAX_FILE} bytes.", "Split it.")]
    content = path.read_bytes()
    if path.suffix == ".bpmn":
        return check_diagram(name, content)
    if path.suffix == ".dmn":
        return read_decisions(name, content)[1]
    if path.suffix == ".form":
        return read_form(name, content)[1]
    if path.name == "package.toml":
        return [replace(problem, file=name) for problem in read_package({path.name: content})[1]]
    raise Invalid(f"{name} can't be checked by itself: it is no .bpmn, .dmn, .form or package.toml.")


def line_of(problem: Problem) -> str:
    """A problem in one line."""
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    what = " ".join(filter(None, [problem.element, f"“{problem.label}”" if problem.label else ""]))
    return f"{place}: {problem.severity}: {what + ': ' if what else ''}{problem.problem} {problem.remedy}"


VERBS = (deploy, check, export)
