"""`make screenshots`: pictures of every page at two widths, in both languages, light and dark, and contact sheets.

Into build/screenshots/. Ends with 1 where a page is missing in the list, or something is wrong with one.
"""

from __future__ import annotations

import argparse
import fnmatch
import itertools
import signal
import sys
import tempfile
import time
from pathlib import Path

import click

from tests.screenshots.finding import running
from tests.screenshots.pages import SHOTS, unlisted
from tests.screenshots.sheets import write_sheets
from tests.screenshots.taking import HEIGHTS, Look, Photographer
from tests.support.browser import chromium
from tests.support.processes import ROOT
from web.app import create_app
from web.settings import Settings

TARGET = ROOT / "build" / "screenshots"


def page_routes() -> set[str]:
    """The paths of all routes for GET."""
    return {rule.rule for rule in create_app(Settings()).url_map.iter_rules() if "GET" in (rule.methods or ())}


def main() -> int:
    """Takes the pictures; gives the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or the server would go on without us
    asked = _arguments()
    missing, gone = unlisted(page_routes())
    for route in missing:
        click.echo(f"no picture is taken of {route}: add it to tests/screenshots/pages.py")
    for route in gone:
        click.echo(f"there is no route {route} any more: take it out of tests/screenshots/pages.py")
    if missing or gone:
        return 1
    shots = [shot for shot in SHOTS if any(fnmatch.fnmatch(shot.name, pattern) for pattern in asked.page)]
    looks = [Look(*how) for how in itertools.product(asked.width, asked.language, asked.theme)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as stage, chromium() as browser:
        photographer = Photographer(stage, browser, asked.to, asked.language[0] if asked.axe else "")
        for look in looks:
            pictures = [
                (f"{shot.name}  {shot.who or 'signed out'}", path)
                for shot, path in photographer.take(look, shots, click.echo)
            ]
            for sheet in write_sheets(asked.to, look.name, look.width, pictures):
                click.echo(f"{sheet}")
        if "Traceback" in stage.served.output:
            photographer.faults.append(stage.served.output[-5000:])
    click.echo(f"{len(looks) * len(shots)} pictures in {time.monotonic() - began:.0f} s, {asked.to}")
    for fault in photographer.faults:
        click.echo(fault)
    return 1 if photographer.faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--width", type=int, nargs="+", default=sorted(HEIGHTS, reverse=True))
    parser.add_argument("--language", nargs="+", default=["it", "en"])
    parser.add_argument("--theme", nargs="+", default=["light", "dark"], choices=["light", "dark"])
    parser.add_argument("--page", nargs="+", default=["*"], metavar="PATTERN", help="names in pages.py, as inbox-*")
    parser.add_argument("--no-axe", dest="axe", action="store_false", help="don't let axe look at each page")
    parser.add_argument("--to", type=Path, default=TARGET, metavar="FOLDER")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
