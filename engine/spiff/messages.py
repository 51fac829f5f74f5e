"""Messages from outside: what they are correlated by, as the diagrams of their package say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.spiff.definitions import Definitions
from engine.spiff.expressions import ExpressionFailed, Sandbox
from engine.spiff.running.correlating import key_of


def published_key(
    definitions: Definitions, sandbox: Sandbox, name: str, data: Mapping[str, Any], given: str | None, now: datetime
) -> str | None:
    """The correlation key of a message: taken out of its data where a diagram says how, else the one that is given.

    Raises `Invalid` where the data lack what it is made of, and none is given.
    """
    correlation = definitions.correlations.get(name)
    if correlation is None:
        return given
    instant = now.astimezone(definitions.zone)
    try:
        return key_of({key: sandbox.evaluate(text, data, instant) for key, text in correlation.retrieval.items()})
    except ExpressionFailed as failure:
        if given is not None:
            return given
        told = said("The data don't say what the message is correlated by: {problem}", problem=str(failure))
        raise Invalid(told, {"data": [told]}) from failure
