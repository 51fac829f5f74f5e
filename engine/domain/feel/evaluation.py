"""What a FEEL tree says of given values: true, false, or null where a question makes no sense (DMN 1.3, 10.3.2).

Values are what JSON has, and dates. Texts that hold ISO dates are compared with dates as dates, because forms and
tickets carry dates so. Numbers are compared exactly.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from engine.domain.errors import Invalid
from engine.domain.feel.arithmetic import calculate
from engine.domain.feel.comparing import compare, equal, every, some, truth
from engine.domain.feel.functions import FUNCTIONS
from engine.domain.feel.functions.lists import item_at
from engine.domain.feel.run import Run
from engine.domain.feel.syntax import (
    IS_DEFINED,
    Access,
    All,
    Among,
    Anything,
    Arithmetic,
    Asked,
    Between,
    Call,
    Choice,
    Comparison,
    Condition,
    Constant,
    Either,
    Filter,
    Interval,
    Items,
    Name,
    Node,
    Not,
    Question,
)
from engine.domain.feel.values import normal, part_of
from engine.domain.said import said


def evaluate(node: Node, names: Mapping[str, Any], question: Any = None, run: Run | None = None) -> Any:
    """The node's value where `?` stands for `question`. Raises Invalid when that takes too many steps."""
    try:
        return _Evaluation(names, run or Run()).value(node, question)
    except RecursionError:
        raise Invalid(said("The values compared are nested too deep. Compare values inside them.")) from None


@dataclass(slots=True)
class _Evaluation:
    """The names it may read, and what it may use up."""

    names: Mapping[str, Any]
    run: Run

    def value(self, node: Node, question: Any) -> Any:
        self.run.spend()
        match node:
            case Constant(value):
                return value
            case Name(path):
                return self._named(path)
            case Question():
                return normal(question)
            case Items(items):
                return [self.value(item, question) for item in items]
            case Interval():
                raise AssertionError("the parser lets intervals stand in tests only")
            case Comparison() | Between() | Among() | All() | Either() | Not() | Anything():
                return self._holds(node, question)
            case _:
                return self._worked_out(node, question)

    def _holds(self, node: Condition, question: Any) -> bool | None:
        match node:
            case Comparison(operator, left, right):
                return compare(self.run, operator, self.value(left, question), self.value(right, question))
            case Between(value, low, high):
                return self._between(self.value(value, question), self.value(low, question), self.value(high, question))
            case Among(value, tests):
                about = self.value(value, question)
                return some(self._passes(test, about) for test in tests)
            case All(parts):
                return every(truth(self.value(part, question)) for part in parts)
            case Either(parts):
                return some(truth(self.value(part, question)) for part in parts)
            case Not(part):
                held = truth(self.value(part, question))
                return None if held is None else not held
            case Anything():
                return True

    def _worked_out(self, node: Arithmetic | Asked | Choice | Access | Filter | Call, question: Any) -> Any:
        match node:
            case Arithmetic(first, rest):
                result = self.value(first, question)
                for operator, part in rest:
                    result = calculate(self.run, operator, result, self.value(part, question))
                return result
            case Asked(part):
                return self.value(part, question)
            case Choice(condition, then, otherwise):
                return self.value(then if self.value(condition, question) is True else otherwise, question)
            case Access(value, name):
                return self._part(self.value(value, question), name)
            case Filter(value, condition):
                return self._filtered(self.value(value, question), condition, question)
            case Call(function, arguments):
                if function == IS_DEFINED:
                    return all(self._is_defined(part) for part in arguments)
                return FUNCTIONS[function].ask(self.run, [self.value(part, question) for part in arguments])

    def _passes(self, test: Node, about: Any) -> bool | None:
        """Whether a value passes a unary test: a condition on `?`, an interval, a list's item, an equal value."""
        if isinstance(test, Interval):
            return self._within(test, about)
        found = self.value(test, about)
        if isinstance(test, Condition):
            return truth(found)
        if isinstance(test, Asked) and _answers(test, found, about):
            return truth(found)
        if isinstance(found, list) and not isinstance(about, list):
            return some(equal(self.run, about, item) for item in found)
        return equal(self.run, about, found)

    def _between(self, about: Any, low: Any, high: Any) -> bool | None:
        return every((compare(self.run, ">=", about, low), compare(self.run, "<=", about, high)))

    def _within(self, interval: Interval, about: Any) -> bool | None:
        low, high = self.value(interval.low, about), self.value(interval.high, about)
        above = compare(self.run, ">=" if interval.with_low else ">", about, low)
        below = compare(self.run, "<=" if interval.with_high else "<", about, high)
        return every((above, below))

    def _named(self, path: tuple[str, ...]) -> Any:
        value = normal(self.names.get(path[0]))
        for name in path[1:]:
            value = self._part(value, name)
        return value

    def _part(self, value: Any, name: str) -> Any:
        """What a dot leads to; from a list, that of every item (DMN 1.3, 10.3.1.2, path expressions)."""
        if not isinstance(value, list):
            return part_of(value, name)
        self.run.spend(len(value))
        return [part_of(normal(item), name) for item in value]

    def _filtered(self, value: Any, condition: Node, question: Any) -> Any:
        """The item at a position, or the items for which a condition holds; a single value is a list of one."""
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        position = self.value(condition, question)
        if isinstance(position, Decimal):
            return item_at(items, position)
        return [item for item in map(normal, items) if self._about(item).value(condition, question) is True]

    def _about(self, item: Any) -> _Evaluation:
        """The same evaluation with an item's own names before the others."""
        own = dict(item) if isinstance(item, Mapping) else {}
        self.run.spend(len(own))
        return _Evaluation(ChainMap({**own, "item": item}, cast(dict[str, Any], self.names)), self.run)

    def _is_defined(self, node: Node) -> bool:
        value: Any = self.names
        if not isinstance(node, Name):
            return self.value(node, None) is not None
        for name in node.path:
            if not isinstance(value, Mapping) or name not in value:
                return False
            value = value[name]
        return True


def _answers(test: Asked, found: Any, about: Any) -> bool:
    """Whether what a calculation gives is the test's answer, and not a value to be equal to."""
    if test.about:
        return found is None or isinstance(found, bool)
    return isinstance(found, bool) and not isinstance(about, bool)
