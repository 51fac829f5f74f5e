"""What a verdict on an instance depends on: many tickets that stand alike are judged by one of them."""

from __future__ import annotations

from collections.abc import Hashable

from engine.spiff.stored import read_state


def shape_of(state: bytes) -> Hashable:
    """Where the tokens of a state stand and what they wait for; equal for all that get the same verdict.

    Not what expressions give: a timer that is drawn otherwise may fail to be read with the variables of one instance
    alone. Raises `CorruptState`.
    """
    stored = read_state(state)
    numbers = [token.number for scope in stored.scopes for _, token in scope.tokens]
    place = {number: order for order, number in enumerate(numbers, start=1)} | {0: 0}
    return tuple(
        (
            scope.process,
            place[scope.host],
            tuple(
                (element, token.waits, token.flow if token.waits == "join" else "", place[token.host])
                for element, token in scope.tokens
            ),
        )
        for scope in stored.scopes
    )
