"""Functions of lists (DMN 1.3, 10.3.4.4). Places are counted from 1, negative ones from the end."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import Any

from engine.domain.feel.arithmetic import calculate
from engine.domain.feel.comparing import compare, equal, every, some, truth
from engine.domain.feel.functions.function import ANY, Function
from engine.domain.feel.run import Run
from engine.domain.feel.values import is_whole, normal

Items = list[Any]


def ordered(run: Run, items: Items) -> Items | None:
    """The items from the least to the greatest; None where two of them have no order."""
    run.spend(len(items))
    if any(compare(run, "<=", items[0], item) is None for item in items):
        return None
    return sorted(items, key=cmp_to_key(lambda a, b: -1 if compare(run, "<", a, b) else 1))


def total(run: Run, items: Items) -> Any:
    """All items added up; None for none, and where they can't be added."""
    return reduce(lambda a, b: calculate(run, "+", a, b), items) if _addable(items) else None


def least(run: Run, items: Items) -> Any:
    """The least item; None for none."""
    return reduce(lambda a, b: _chosen(run, "<", a, b), items) if items else None


def greatest(run: Run, items: Items) -> Any:
    """The greatest item; None for none."""
    return reduce(lambda a, b: _chosen(run, ">", a, b), items) if items else None


def _addable(items: Items) -> bool:
    return bool(items) and all(isinstance(item, type(items[0])) and not isinstance(item, str) for item in items)


def _chosen(run: Run, operator: Any, left: Any, right: Any) -> Any:
    found = compare(run, operator, left, right)
    return None if found is None else left if found else right


def _product(run: Run, items: Items) -> Any:
    return reduce(lambda a, b: calculate(run, "*", a, b), items) if items else None


def _mean(run: Run, items: Items) -> Any:
    return calculate(run, "/", total(run, items), Decimal(len(items)))


def _median(run: Run, items: Items) -> Any:
    found = ordered(run, items) if items and all(isinstance(item, Decimal) for item in items) else None
    if not found:
        return None
    middle = len(found) // 2
    return found[middle] if len(found) % 2 else _mean(run, found[middle - 1 : middle + 1])


def _place(items: Items, position: Decimal) -> int | None:
    """A position as an index from 0; None where nothing is."""
    if not is_whole(position) or not position or abs(position) > len(items):
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


def item_at(items: Items, position: Decimal) -> Any:
    """`items[position]`; None where there is none (DMN 1.3, table 67)."""
    place = _place(items, position)
    return None if place is None else normal(items[place])


def _copied(run: Run, items: Items) -> Items:
    run.spend(len(items))
    return list(items)


def _sublist(run: Run, items: Items, start: Decimal, length: Decimal | None = None) -> Items | None:
    place = _place(items, start)
    if place is None or (length is not None and (length < 0 or not is_whole(length) or place + length > len(items))):
        return None
    return _copied(run, items)[place : None if length is None else place + int(length)]


def _insert(run: Run, items: Items, position: Decimal, item: Any) -> Items | None:
    place = _place(items, position)
    return None if place is None else [*_copied(run, items)[:place], item, *items[place:]]


def _remove(run: Run, items: Items, position: Decimal) -> Items | None:
    place = _place(items, position)
    return None if place is None else [*_copied(run, items)[:place], *items[place + 1 :]]


def _joined(run: Run, lists: Items) -> Items:
    """Single values count as lists of one."""
    found: Items = []
    for part in lists:
        found += _copied(run, part if isinstance(part, list) else [part])
    return found


def _distinct(run: Run, items: Items) -> Items:
    found: Items = []
    for item in items:
        if not any(equal(run, item, other) for other in found):
            found.append(item)
    return found


def _flatten(run: Run, items: Items) -> Items:
    found: Items = []
    for item in map(normal, items):
        run.spend()
        found += _flatten(run, item) if isinstance(item, list) else [item]
    return found


def _index_of(run: Run, items: Items, wanted: Any) -> Items:
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(run, item, wanted)]


def _contains(run: Run, items: Items, wanted: Any) -> bool:
    return any(equal(run, item, wanted) for item in items)


FUNCTIONS = {
    "count": Function(lambda run, items: Decimal(len(items)), (list,)),
    "min": Function(least, spread=True),
    "max": Function(greatest, spread=True),
    "sum": Function(total, spread=True),
    "product": Function(_product, spread=True),
    "mean": Function(_mean, spread=True),
    "median": Function(_median, spread=True),
    "all": Function(lambda run, items: every(truth(item) for item in items), spread=True),
    "any": Function(lambda run, items: some(truth(item) for item in items), spread=True),
    "list contains": Function(_contains, (list, ANY)),
    "index of": Function(_index_of, (list, ANY)),
    "append": Function(lambda run, items, *more: [*_copied(run, items), *more], (list, ANY), repeated=True),
    "concatenate": Function(_joined, spread=True),
    "union": Function(lambda run, lists: _distinct(run, _joined(run, lists)), spread=True),
    "distinct values": Function(_distinct, (list,)),
    "flatten": Function(_flatten, (list,)),
    "reverse": Function(lambda run, items: _copied(run, items)[::-1], (list,)),
    "sublist": Function(_sublist, (list, Decimal, Decimal), optional=1),
    "insert before": Function(_insert, (list, Decimal, ANY)),
    "remove": Function(_remove, (list, Decimal)),
}
