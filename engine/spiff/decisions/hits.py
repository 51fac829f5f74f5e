"""What the rules that match come to, by the table's hit policy (DMN 1.3, 8.2.10 and 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.domain.errors import Invalid
from engine.domain.feel import Run
from engine.domain.feel.comparing import equal
from engine.domain.feel.functions.lists import greatest, least, total
from engine.domain.said import said
from engine.spiff.decisions.cells import shown

if TYPE_CHECKING:
    from engine.spiff.decisions.model import Input, Output, Rule, Table

Row = tuple[Any, ...]
_AGGREGATES: dict[str, Callable[[Run, list[Any]], Any]] = {
    "+": total,
    "<": least,
    ">": greatest,
    "#": lambda run, items: Decimal(len(items)),
}


def answer(table: Table, matching: Sequence[Rule], names: Mapping[str, Any], run: Run) -> Any:
    """The table's answer: a value or a record of all outputs; a list of them for R, O and C. Raises Invalid."""
    if not matching:
        return _without_hit(table, names, run)
    if table.hit_policy == "U" and len(matching) > 1:
        raise Invalid(said("One rule may match, but these do: {rules}.", rules=_listed(matching)))
    rows = [_row(table, rule, names, run) for rule in matching]
    if table.hit_policy == "A" and not all(equal(run, list(row), list(rows[0])) for row in rows):
        raise Invalid(said("Rules that match must agree, but these differ: {rules}.", rules=_listed(matching)))
    if table.hit_policy in ("P", "O"):
        rows.sort(key=lambda row: [_rank(*pair, run) for pair in zip(table.outputs, row, strict=True)])
    if table.aggregation:
        return _aggregate(table, [row[0] for row in rows], run)
    if table.hit_policy in ("R", "O", "C"):
        return [_record(table, row) for row in rows]
    return _record(table, rows[0])


def _without_hit(table: Table, names: Mapping[str, Any], run: Run) -> Any:
    """The default outputs; without any, null, no rows, or a count of none."""
    if any(output.default for output in table.outputs):
        row = tuple(output.default.value(names, run) if output.default else None for output in table.outputs)
        return [_record(table, row)] if table.collects else _record(table, row)
    return Decimal(0) if table.aggregation == "#" else [] if table.collects else None


def _row(table: Table, rule: Rule, names: Mapping[str, Any], run: Run) -> Row:
    """What a rule answers; each value must be one that its column allows."""
    try:
        row = tuple(cell.value(names, run) for cell in rule.cells)
        for output, value in zip(table.outputs, row, strict=True):
            check_allowed(output, value, run)
    except Invalid as error:
        raise Invalid(said("rule {number} ({id}): {error}", number=rule.number, id=rule.id, error=str(error))) from None
    return row


def check_allowed(column: Input | Output, value: Any, run: Run) -> None:
    """Raises Invalid where the column lists its values, and this is none of them; of a list, every item.

    Null is always allowed.
    """
    allowed = column.allowed
    if allowed is None or value is None or allowed.matches(value, run=run):
        return
    if not isinstance(value, list) or not all(allowed.matches(item, run=run) for item in value):
        raise Invalid(said("{value} isn't one of the values of '{label}'.", value=shown(value), label=column.label))


def _record(table: Table, row: Row) -> Any:
    if len(table.outputs) == 1:
        return row[0]
    return dict(zip((output.name for output in table.outputs), row, strict=True))


def _rank(output: Output, value: Any, run: Run) -> int:
    """The place of a value in its column's list: the first counts most. What isn't in it comes last."""
    order = output.order
    return next((place for place, test in enumerate(order) if test.matches(value, run=run)), len(order))


def _aggregate(table: Table, values: list[Any], run: Run) -> Any:
    result = _AGGREGATES[table.aggregation](run, values)
    if result is None:
        told = said("The values {values} can't be added or compared.", values=[shown(value) for value in values[:5]])
        raise Invalid(told)
    return result


def _listed(rules: Sequence[Rule]) -> str:
    return ", ".join(f"{rule.number} ({rule.id})" for rule in rules)
