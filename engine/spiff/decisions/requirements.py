"""Which decisions of a file need which others, and in what order they are made."""

from __future__ import annotations

from engine.domain.said import said
from engine.spiff.decisions.source import Source, first, named
from engine.spiff.parsing.xml import Element

#: decisions that one may need, those that they need in turn included
MAX_REQUIRED = 100


class Requirements:
    """The lines between the decisions of a file (`informationRequirement`); what is wrong with them is told."""

    def __init__(self, source: Source, decisions: list[Element]) -> None:
        self._source = source
        self._decisions = {element.get("id", ""): element for element in decisions}
        self._needed = {key: self._read(element) for key, element in self._decisions.items()}

    def order(self, element: Element) -> list[str] | None:
        """The ids of all that a decision needs, each after those that it needs itself; None where that fails."""
        key = element.get("id", "")
        done: list[str] = []
        problem = self._visit(key, [], done)
        if problem:
            self._source.tell(element, problem, said("Divide the decisions, so that none needs itself."))
            return None
        return done[:-1]

    def _visit(self, key: str, above: list[str], done: list[str]) -> str:
        if key in above:
            return said("The decision needs its own answer: {names}.", names=[*above[above.index(key) :], key])
        if len(done) > MAX_REQUIRED or len(above) > MAX_REQUIRED:
            return said("The decision needs more than {most} others.", most=MAX_REQUIRED)
        for needed in self._needed.get(key, []):
            if needed not in done and (problem := self._visit(needed, [*above, key], done)):
                return problem
        done.append(key)
        return ""

    def _read(self, element: Element) -> list[str]:
        found = []
        for requirement in named(element, "informationRequirement"):
            self._source.unsupported(requirement, {"requiredInput", "requiredDecision"}, owner=element)
            needed = first(requirement, "requiredDecision")
            if needed is None:
                continue
            href = needed.get("href", "")
            found.append(href.removeprefix("#"))
            if not href.startswith("#") or found[-1] not in self._decisions:
                problem = said("It needs the decision '{name}', which isn't in this file.", name=href[:60])
                self._source.tell(element, problem, said("Put both decisions into one file."))
        return found
