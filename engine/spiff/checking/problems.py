"""A problem of an element, with what a person calls it."""

from __future__ import annotations

from engine.domain.errors import Problem
from engine.spiff.model import Node, Process


def at(process: Process, node: Node, problem: str, remedy: str) -> Problem:
    """A problem of an element."""
    return Problem(process.file, problem, remedy, element=node.id, label=" ".join(node.name.split()), line=node.line)
