"""Demonstrations: tickets of invented people, made by running the process itself. What happens is in the packages."""

from engine.commands.demonstration.filling import Filled, Progress, fill
from engine.commands.demonstration.passwords import KNOWN_PASSWORD, is_taken
from engine.commands.demonstration.removing import Removed, remove
from engine.commands.demonstration.state import packages_with_one, real_tickets

__all__ = [
    "KNOWN_PASSWORD", "Filled", "Progress", "Removed", "fill", "is_taken",
    "packages_with_one", "real_tickets", "remove",
]  # fmt: skip
