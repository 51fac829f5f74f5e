"""The scenario format: a file as a `Scenario`, or what is wrong with it in words. Running it is `runner`'s business.

Reference: docs/reference/scenarios.md; the schema beside this module says the same to editors.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from engine.domain.errors import Problem
from engine.domain.said import Said, said
from engine.spiff.scenarios.plain_yaml import NotPlainError, Path, Plain, load
from engine.spiff.scenarios.schema import Schema, dotted

VERBS = (
    "complete", "note", "action", "message", "signal", "pass", "pass_working", "until", "job", "edit", "repeat",
)  # fmt: skip
#: steps of all turns together
MAX_STEPS = 20_000

_SCHEMA = Schema(FilePath(__file__).with_name("scenarios.schema.json"))


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario file, known to keep to the schema. Instants are still texts."""

    file: str
    data: Mapping[str, Any]
    plain: Plain

    @property
    def title(self) -> str:
        """What it is about, in a sentence."""
        return str(self.data["title"])

    def line(self, path: Path) -> int:
        """The line of a place in the file."""
        return self.plain.line(path)


def read_scenario(file: str, content: bytes) -> tuple[Scenario | None, list[Problem]]:
    """The scenario, and everything that is wrong with the file."""
    try:
        plain = load(content)
    except NotPlainError as error:
        told = said("The scenario can't be read: {problem}.", problem=error.problem)
        return None, [Problem(file, told, said("Correct it."), line=error.line)]
    see = said("See {page}.", page="docs/reference/scenarios.md")
    wrong = _wrong(plain.data)
    problems = [Problem(file, told, see, element=dotted(path), line=plain.line(path)) for path, told in wrong]
    return (None, problems) if problems else (Scenario(file, plain.data, plain), [])


def verb_of(step: Mapping[str, Any]) -> str:
    """What a step does."""
    return next((verb for verb in VERBS if verb in step), "expect")


def _wrong(data: Any) -> Iterator[tuple[Path, Said]]:
    if not isinstance(data, dict):
        keys = ["`title`", "`at`", "`given`", "`steps`", "`expect`"]
        yield (), said("A scenario is a mapping with {keys}.", keys=keys)
        return
    steps = data.get("steps", [])
    without_steps = {key: value for key, value in data.items() if key != "steps"}
    yield from _SCHEMA.against("", without_steps, ())
    yield from _wrong_steps(steps, ("steps",))
    if _count(steps) > MAX_STEPS:
        yield ("steps",), said("All turns together have more than {most:,} steps.", most=MAX_STEPS)


def _wrong_steps(steps: Any, path: Path) -> Iterator[tuple[Path, Said]]:
    """Each step against the schema of its own verb, so that one says what is wrong with what was meant."""
    if not isinstance(steps, list):
        yield path, said("`steps` must be a list.")
        return
    for index, step in enumerate(steps):
        here = (*path, index)
        if not isinstance(step, dict):
            yield here, said("A step is a mapping with one verb: {verbs}, …", verbs=["complete", "pass", "expect"])
            continue
        found = [verb for verb in VERBS if verb in step]
        if len(found) != 1 and not (not found and "expect" in step):
            yield here, _verbs(step, found)
            continue
        verb = verb_of(step)
        if verb == "repeat" and "steps" in step:
            yield from _wrong_steps(step["steps"], (*here, "steps"))
            step = {**step, "steps": []}
        yield from _SCHEMA.against(f"step_{verb}", step, here)


def _verbs(step: Mapping[str, Any], found: list[str]) -> Said:
    if found:
        return said("A step has exactly one verb, but this has {verbs}.", verbs=found)
    near = next((m for key in step for m in difflib.get_close_matches(key, VERBS, 1)), "")
    if near:
        return said("A step needs one verb of: {verbs}. Did you mean `{near}`?", verbs=VERBS, near=near)
    return said("A step needs one verb of: {verbs}.", verbs=VERBS)


def _count(steps: Any) -> int:
    """How many steps run, turns included; stops counting where it is too much."""
    total = 0
    for step in steps if isinstance(steps, list) else []:
        if isinstance(step, dict) and isinstance(step.get("repeat"), int):
            total += step["repeat"] * _count(step.get("steps", []))
        total += 1
    return total
