"""The texts and names that a version itself mentions: what its conditions, scripts and tables compare with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.domain.packages import Package
from engine.spiff.checking.texts import written_in
from engine.spiff.decisions import Decision
from engine.spiff.decisions.model import Table
from engine.spiff.model import Error
from engine.spiff.versions import PackageVersion

#: a text between quotes, as both Python and FEEL write it
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'')
_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Literals:
    """What the version's own files say, so that it tells nothing of anybody."""

    #: texts that values are compared with, options of forms, keys of the package
    texts: frozenset[str]
    #: names of variables, fields and parts of values
    names: frozenset[str]


def literals_of(version: PackageVersion) -> Literals:
    """The texts and names that the version mentions."""
    code = list(_code(version))
    quoted = {one or other for text in code for one, other in _QUOTED.findall(text)}
    names = {name for text in code for name in _NAME.findall(text)}
    keys = {key for form in version.forms.values() for key in form.keys}
    return Literals(
        frozenset(quoted | set(_options(version)) | set(_keys(version.package))),
        frozenset(names | keys | set(version.package.fields)),
    )


def _code(version: PackageVersion) -> Iterator[str]:
    definitions = version.definitions
    for process in definitions.processes.values():
        yield from (written.text for written in written_in(process, definitions.decisions))
    for decision in definitions.decisions.values():
        yield from _cells(decision)
    for form in version.forms.values():
        yield from (field.hide.text for field in form.fields if field.hide is not None)


def _cells(decision: Decision) -> Iterator[str]:
    if not isinstance(decision.logic, Table):
        yield decision.logic.cell.expression.text
        return
    for item in decision.logic.inputs:
        yield item.expression.text
        if item.allowed:
            yield item.allowed.text
    for rule in decision.logic.rules:
        yield from (test.text for test in rule.tests)
        yield from (cell.expression.text for cell in rule.cells)


def _options(version: PackageVersion) -> Iterator[str]:
    for form in version.forms.values():
        yield from (choice for field in form.fields for choice in field.rules.choices if isinstance(choice, str))
    for process in version.definitions.processes.values():
        yield from (node.event.code for node in process.nodes.values() if isinstance(node.event, Error))


def _keys(package: Package) -> Iterator[str]:
    for keyed in (package.statuses, package.request_types, package.categories, package.departments, package.roles):
        yield from keyed
    for field in package.fields.values():
        yield from (choice.key for choice in field.choices)
