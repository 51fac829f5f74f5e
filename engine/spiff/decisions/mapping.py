"""A decision's answer in the form in which a business rule task of Camunda wants it (`camunda:mapDecisionResult`)."""

from __future__ import annotations

from typing import Any

from engine.domain.said import said
from engine.spiff.decisions.model import Decision, DecisionFailed
from engine.spiff.model import DecisionResult


def as_wanted(decision: Decision, answer: Any, wanted: DecisionResult) -> Any:
    """One value, one record, a list of values or a list of records; without a wish the answer as it is.

    Raises `DecisionFailed` where there is more than one value or record.
    """
    rows = _rows(decision, answer)
    match wanted:
        case "resultList":
            return rows
        case "singleResult":
            return _single(rows)
        case "collectEntries":
            return [_single(list(row.values())) for row in rows]
        case "singleEntry":
            return _single([value for row in rows for value in row.values()])
    return answer


def _rows(decision: Decision, answer: Any) -> list[dict[str, Any]]:
    """The answer as records of its outputs: none, one, or several where the decision collects."""
    answers = answer if decision.collects else [] if answer is None else [answer]
    names = [output.name for output in decision.outputs]
    return [{names[0]: each} if len(names) == 1 else each for each in answers]


def _single(items: list[Any]) -> Any:
    if len(items) > 1:
        raise DecisionFailed(said("It gives {count} values where one is wanted.", count=len(items)))
    return items[0] if items else None
