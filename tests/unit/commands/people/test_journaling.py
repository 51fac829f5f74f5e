"""What commands on people are called, as far as others must know it."""

from __future__ import annotations

import re
from pathlib import Path

from engine.commands import people
from engine.storage.demonstration.removing import OF_PEOPLE


def test_removing_a_demonstration_knows_every_command_on_people() -> None:
    sources = [path.read_text("utf-8") for path in Path(people.__path__[0]).rglob("*.py")]
    commands = {name for text in sources for name in re.findall(r'working\(.*, f?"([a-z_]+\.)', text)}
    assert {"accounts.", "recovery.", "tokens."} <= commands <= set(OF_PEOPLE)
