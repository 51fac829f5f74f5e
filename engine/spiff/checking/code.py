"""All expressions and scripts of a package, checked in one batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from engine.domain.errors import Problem
from engine.domain.packages import BUILT_IN_FIELDS, Package
from engine.domain.said import said
from engine.spiff.checking.references import Surroundings
from engine.spiff.checking.texts import written_in
from engine.spiff.checking.variables import Variables
from engine.spiff.expressions import Sandbox
from engine.spiff.model import Process

#: characters of all scripts and expressions together: checking them takes time in proportion
MAX_CODE = 300_000

#: what an expression may suppose of a ticket's field (see also `Form.keys`)
_BUILT_IN = dict.fromkeys(("id", "assignee", "requester", "company"), "int")
_DECLARED = {"number": "int", "boolean": "bool"}


def check_code(processes: Mapping[str, Process], around: Surroundings | None = None) -> Iterator[Problem]:
    """What is wrong with the code of processes, and with the names of their variables."""
    decisions = around.decisions if around else {}
    written = [item for process in processes.values() for item in written_in(process, decisions)]
    if sum(len(item.text) for item in written) > MAX_CODE:
        told = said(
            "The scripts and expressions of a package have at most {most:,} characters; these have more.", most=MAX_CODE
        )
        yield Problem(written[0].process.file, told, said("Shorten them: what computes much belongs into a job."))
        return
    variables = Variables(processes, around)
    for process in processes.values():
        yield from variables.check_names(process)
    fields = _fields(around.package) if around else None
    found = _sandbox().check([item.snippet(variables, fields) for item in written])
    for item, problems in zip(written, found, strict=True):
        yield from (item.problem(wrong) for wrong in problems if around or wrong.verdict != "doubtful")


def _fields(package: Package) -> dict[str, str]:
    """The fields of a ticket with their Python types."""
    built_in = {name: _BUILT_IN.get(name, "str") for name in BUILT_IN_FIELDS}
    return built_in | {name: _DECLARED.get(field.type, "str") for name, field in package.fields.items()}


@cache
def _sandbox() -> Sandbox:
    """A pool apart from the one that runs tickets: a bomb in a check keeps nobody waiting."""
    return Sandbox()
