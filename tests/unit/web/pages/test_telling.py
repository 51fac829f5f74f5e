"""What happens to tickets is told in words: every command has its sentence, and every sentence its command."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from engine import commands
from web.pages.telling import HEADLINES

#: folders whose commands are about no ticket
OTHERS = {"people", "packages", "demonstration"}


def journaling() -> Iterator[str]:
    """The commands that open a transaction, as they are named there."""
    root = Path(commands.__path__[0])
    for path in root.rglob("*.py"):
        if path.relative_to(root).parts[0] in OTHERS:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("working", "_settle"):
                texts = (arg.value for arg in node.args if isinstance(arg, ast.Constant))
                yield from (text for text in texts if re.fullmatch(r"[a-z_]+\.[a-z_]+", str(text)))


def test_every_command_on_tickets_is_told_in_a_sentence() -> None:
    assert set(journaling()) == set(HEADLINES)
