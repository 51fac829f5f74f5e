"""What a package counts in a calendar besides the rows of its policy: a policy can't do without these calendars."""

from __future__ import annotations

from engine.domain.package_files.calendars import ALWAYS
from engine.domain.packages import Package
from engine.domain.said import said
from engine.spiff.definitions import Definitions
from engine.spiff.model import Timer
from engine.spiff.timers import calendar_of


def calendar_uses(package: Package, definitions: Definitions) -> dict[str, list[str]]:
    """By the key of each calendar that is counted in, who does: the package itself, and timers that name one."""
    uses: dict[str, dict[str, None]] = {}
    if package.calendar != ALWAYS:
        uses[package.calendar] = {said("The package counts in it where no calendar is named."): None}
    for process in definitions.processes.values():
        for node in process.nodes.values():
            key = calendar_of(node.event) if isinstance(node.event, Timer) else ""
            if key and key != ALWAYS:
                name = " ".join(node.name.split()) or node.id
                use = said("The timer “{name}” in {file} counts in it.", name=name, file=process.file)
                uses.setdefault(key, {})[use] = None
    return {key: list(found) for key, found in uses.items()}
