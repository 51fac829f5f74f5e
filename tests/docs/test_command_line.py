"""The command line page names every verb with its arguments and options; documents name no verb that isn't there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from tests.support.documents import DOCUMENTS, ROOT, reference
from web.cli import iter_command


def _verbs(group: click.Group, path: str = "iter") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _verbs(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


VERBS = dict(_verbs(iter_command))
GROUPS = {path.rsplit(" ", 1)[0] for path in VERBS}


@pytest.mark.parametrize("verb", VERBS)
def test_the_verb_is_documented(verb: str) -> None:
    section = re.search(rf"`{verb}\b.*?(?=\n#|\Z)", reference("cli"), re.DOTALL)
    assert section, f"docs/reference/cli.md doesn't tell of `{verb}`"
    options = [max(option.opts, key=len) for option in VERBS[verb].params if isinstance(option, click.Option)]
    assert [option for option in options if option not in section[0]] == []


@pytest.mark.parametrize("verb", VERBS)
def test_the_verb_tells_of_itself(verb: str) -> None:
    assert VERBS[verb].help


def test_documents_name_no_verb_that_does_not_exist() -> None:
    commands = {
        command: str(page.relative_to(ROOT))
        for page in DOCUMENTS
        for command in re.findall(r"(?:`|^|\.venv/bin/)(iter [a-z]+(?: [a-z]+)?)", page.read_text(), re.MULTILINE)
    }
    known = set(VERBS) | GROUPS
    unknown = {c: page for c, page in commands.items() if c not in known and " ".join(c.split()[:2]) not in known}
    assert unknown == {}
