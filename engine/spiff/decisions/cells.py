"""The output cells of decision tables: values and calculations of their column's type, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.feel import Expression, FeelError, Run, parse_calculation
from engine.domain.feel.durations import Months, duration_text
from engine.domain.feel.syntax import Constant, Items, Name, Node
from engine.domain.feel.values import alike, is_whole, normal
from engine.domain.said import said
from engine.domain.storable import RECORD, text_problem

#: whole numbers of JSON that every database keeps
_WHOLE = 2**63
_DEEPEST = 32
_NUMBER = (Decimal, said("a number such as 5 or 1.5"))
_INSTANT = (datetime, said('an instant: date and time("2026-03-27T16:00:00+01:00")'))
_DAYS = (timedelta, said('a duration: duration("P1DT2H")'))
_MONTHS = (Months, said('a duration: duration("P1Y6M")'))
_TYPES: dict[str, tuple[type, str]] = {
    "string": (str, said('a text between double quotes: "crm"')),
    "boolean": (bool, said("true or false")),
    "number": _NUMBER,
    "integer": _NUMBER,
    "long": _NUMBER,
    "double": _NUMBER,
    "date": (date, said('a date: date("2026-03-27")')),
    "dateTime": _INSTANT,
    "date and time": _INSTANT,
    "time": (time, said('a time: time("16:00:00")')),
    "dayTimeDuration": _DAYS,
    "days and time duration": _DAYS,
    "yearMonthDuration": _MONTHS,
    "years and months duration": _MONTHS,
}
#: a value of each temporal type, beside which texts are read as one
_LIKE: dict[type, Any] = {
    date: date.min,
    datetime: datetime.min.replace(tzinfo=UTC),
    time: time.min,
    timedelta: timedelta(),
    Months: Months(0),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What a rule answers in one column; `type` is the column's, empty for any."""

    expression: Expression
    type: str = ""

    @property
    def written_out(self) -> bool:
        """Whether it is a value, and no calculation."""
        return _is_written_out(self.expression.root)

    def value(self, names: Mapping[str, Any], run: Run) -> Any:
        """Its FEEL value; raises Invalid where that isn't of the column's type or can't be found."""
        value = normal(self.expression.evaluate(names, run))
        if not _fits(value, self.type, exactly=self.written_out):
            problem = said("{value} isn't of the column's type, {kind}.", value=shown(value), kind=self.type)
            raise Invalid(problem)
        return value


def read_cell(text: str, kind: str, known: frozenset[str] | None = None) -> Cell:
    """An output cell in a column of type `kind`; an empty one is null. Raises FeelError.

    A cell that is nothing but a name must be one of `known`: a text whose quotes were forgotten is told.
    """
    cell = Cell(parse_calculation(text if text.strip() else "null"), kind.rsplit(":", 1)[-1])
    root = cell.expression.root
    if isinstance(root, Name) and len(root.path) == 1 and known is not None and root.path[0] not in known:
        raise FeelError(
            said("it is a name that no input asks for."),
            said(
                'Write a text between double quotes: "{text}". Add an input where a variable is meant.',
                text=text.strip()[:60],
            ),
        )
    if cell.written_out:
        _check(cell)
    return cell


def _check(cell: Cell) -> None:
    value = cell.expression.evaluate()
    if not _fits(value, cell.type, exactly=True):
        _, example = _TYPES[cell.type]
        raise FeelError(
            said("it isn't of the column's type, {kind}.", kind=cell.type), said("Write {example}.", example=example)
        )
    try:
        json_value(value)
    except Invalid as error:
        raise FeelError(str(error), said('Write a value such as "crm", 5, true, null or ["a", "b"].')) from None


def _is_written_out(node: Node) -> bool:
    return isinstance(node, Constant) or (isinstance(node, Items) and all(map(_is_written_out, node.items)))


def _fits(value: Any, kind: str, *, exactly: bool) -> bool:
    """Whether a value is of a type. Null is of any; the text of a date is one, unless it is written out."""
    if kind not in _TYPES or value is None or (isinstance(value, list) and exactly):
        return True
    expected, _ = _TYPES[kind]
    found = value if exactly else alike(value, _LIKE.get(expected))
    if not isinstance(found, expected) or isinstance(found, bool) != (expected is bool):
        return False
    return kind not in ("integer", "long") or (isinstance(found, Decimal) and is_whole(found))


def json_value(value: Any, depth: int = 0) -> Any:
    """A FEEL value as JSON: dates and durations as ISO texts, numbers within 2^63. Raises Invalid."""
    value = normal(value)
    if depth > _DEEPEST:
        raise Invalid(said("the values are nested more than {max_depth} deep.", max_depth=_DEEPEST))
    match value:
        case Decimal():
            return _number(value)
        case date() | time():
            return value.isoformat()
        case timedelta() | Months():
            return duration_text(value)
        case list():
            return [json_value(item, depth + 1) for item in value]
        case Mapping():
            return {str(key): json_value(item, depth + 1) for key, item in value.items()}
        case str() if problem := text_problem(value, RECORD, required=False):
            raise Invalid(problem)
        case _:
            return value


def shown(value: Any) -> str:
    """A value in a message."""
    try:
        return f"{json_value(value)!r:.60}"
    except Invalid:
        return said("A number of more than 18 digits")


def _number(value: Decimal) -> int | float:
    if abs(value) >= _WHOLE:
        raise Invalid(said("the number has more than 18 digits."))
    return int(value) if value == value.to_integral_value() else float(value)
