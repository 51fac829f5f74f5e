"""The `iter` command: its verbs, and what its exit status means. What a verb does stands in the modules beside.

Exit status: 0 done, 1 refused or failed, 64 wrong use or a bad setting (one line on stderr), 130 interrupted.
Verbs import what they need when they run, so that `iter serve` is up quickly and `iter check` needs no database.
"""

from __future__ import annotations

import sys

import click

from engine.domain.errors import Invalid, IterError, Refused
from web.cli import (
    accounts,
    bench,
    companies,
    comparing,
    demo,
    migrating,
    packages,
    rehearsing,
    retelling,
    server,
    simulating,
)
from web.settings import SettingError

WRONG_USE = 64


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}, no_args_is_help=False)
def iter_command() -> None:
    """Iter: ticket processes that you can draw. Settings are ITER_… variables (docs/reference/settings.md)."""


for module in (
    server,
    demo,
    packages,
    comparing,
    migrating,
    rehearsing,
    simulating,
    retelling,
    accounts,
    companies,
    bench,
):
    for verb in module.VERBS:
        iter_command.add_command(verb)


def main(arguments: list[str] | None = None) -> None:
    """The entry point; ends the process with its exit status."""
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Runs one verb; gives its exit status."""
    try:
        status = iter_command.main(arguments, prog_name="iter", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except click.ClickException as error:
        return _say(error.format_message(), WRONG_USE)
    except SettingError as error:
        return _say(str(error), WRONG_USE)
    except Refused as error:
        for found in error.problems:
            click.echo(f"{found.file}: {found.problem} {found.remedy}", err=True)
        return 1
    except IterError as error:
        fields = error.fields.items() if isinstance(error, Invalid) else ()
        return _say(" ".join([str(error), *(f"{name}: {text}" for name, texts in fields for text in texts)]), 1)
    return status or 0


def _say(text: str, status: int) -> int:
    click.echo("iter: " + " ".join(text.split()), err=True)
    return status
