"""A decision table and what it decides. How it is read from a file is `reading`'s business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.domain.errors import Invalid, IterError
from engine.domain.feel import Expression, Tests
from engine.domain.feel.syntax import Name, walk
from engine.domain.said import said

HitPolicy = Literal["U", "F", "C"]


class DecisionFailed(IterError):
    """A decision table gave no answer: it contradicts itself, or a value that it asks for isn't there."""

    code = "decision-failed"

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Input:
    """A column that asks: `expression` is the name of a variable, or simple FEEL."""

    id: str
    label: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Output:
    """A column that answers."""

    id: str
    label: str
    name: str
    #: as the modeler writes it (`string`, `number`, …), empty for any
    type: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: a test per input, a JSON value per output."""

    id: str
    #: 1-based, as the modeler shows it
    number: int
    tests: tuple[Tests, ...]
    values: tuple[Any, ...]
    line: int = 0

    def matches(self, asked: tuple[Any, ...], names: Mapping[str, Any]) -> bool:
        """Whether every value passes its test."""
        return all(test.matches(value, names) for test, value in zip(self.tests, asked, strict=True))


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision table. `hit_policy`: U (at most one rule may match), F (the first counts), C (all, as a list)."""

    id: str
    name: str
    file: str
    line: int
    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    #: all names that it reads, with what comes after a dot
    paths: frozenset[tuple[str, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        roots = [item.expression.root for item in self.inputs]
        roots += [test.root for rule in self.rules for test in rule.tests]
        nodes = (node for root in roots for node in walk(root))
        object.__setattr__(self, "paths", frozenset(node.path for node in nodes if isinstance(node, Name)))

    def decide(self, names: Mapping[str, Any]) -> Any:
        """The answer: the value of the single output, or a dict of all; None where no rule matches; a list for C.

        Raises DecisionFailed when several rules of a U table match, or a name has no value.
        """
        self._require(names)
        try:
            asked = tuple(item.expression.evaluate(names) for item in self.inputs)
            matching = [rule for rule in self.rules if rule.matches(asked, names)]
        except Invalid as error:
            raise DecisionFailed(
                said("The decision '{title}' can't be evaluated: {error}", title=self.title, error=str(error))
            ) from None
        if self.hit_policy == "C":
            return [self._answer(rule) for rule in matching]
        if self.hit_policy == "U" and len(matching) > 1:
            rules = ", ".join(f"{rule.number} ({rule.id})" for rule in matching)
            raise DecisionFailed(
                said(
                    "In the decision '{title}' one rule may match, but these do: {rules}.",
                    title=self.title,
                    rules=rules,
                )
            )
        return self._answer(matching[0]) if matching else None

    @property
    def title(self) -> str:
        """What it is called, or its id."""
        return self.name or self.id

    @property
    def names(self) -> frozenset[str]:
        """The names that it reads, without what comes after a dot."""
        return frozenset(path[0] for path in self.paths)

    def _answer(self, rule: Rule) -> Any:
        if len(self.outputs) == 1:
            return rule.values[0]
        return dict(zip((output.name for output in self.outputs), rule.values, strict=True))

    def _require(self, names: Mapping[str, Any]) -> None:
        for path in sorted(self.paths):
            if _is_missing(path, names):
                name = ".".join(path)
                raise DecisionFailed(
                    said(
                        "The decision '{title}' asks for '{name}', which has no value here.",
                        title=self.title,
                        name=name,
                    )
                )


def _is_missing(path: tuple[str, ...], names: Mapping[str, Any]) -> bool:
    """Whether a name leads nowhere. Going on from an empty value is fine: that is null."""
    value: Any = names
    for name in path:
        if value is None:
            return False
        if not isinstance(value, Mapping) or name not in value:
            return True
        value = value[name]
    return False
