"""Collects what is wrong with a file, each problem at the element that it is about."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.domain.errors import Problem
from engine.domain.said import said
from engine.spiff.parsing.xml import Element, line_of


@dataclass(slots=True)
class Findings:
    """The problems of one file so far."""

    path: str
    problems: list[Problem] = field(default_factory=list)

    def tell(self, element: Element, problem: str, remedy: str) -> None:
        """Something is wrong with an element."""
        label = " ".join(element.get("name", "").split())
        told = Problem(self.path, problem, remedy, element=element.get("id", ""), label=label, line=line_of(element))
        self.problems.append(told)

    def refuse(self, element: Element, what: str, remedy: str, holder: Element | None = None) -> None:
        """The element (or the one that holds it) has something that Iter doesn't run."""
        self.tell(element if holder is None else holder, said("Iter doesn't run {what}.", what=what), remedy)

    def refuse_language(self, condition: Element, holder: Element) -> None:
        """Conditions are Python; another language is refused."""
        language = condition.get("language", "python")
        if language.rsplit("/", 1)[-1].lower() not in PYTHON:
            self.refuse(holder, said("a condition in '{get}'", get=language), said("Write it as a Python expression."))


#: what a script's format or an expression's language is called, its last part in small letters
PYTHON = frozenset({"python", "python3", "x-python"})
