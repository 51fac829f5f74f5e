"""Functions of numbers (DMN 1.3, 10.3.4.5). Those that round are null for more than 34 decimals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    InvalidOperation,
)
from typing import Any

from engine.domain.feel.arithmetic import NUMBERS
from engine.domain.feel.durations import Months
from engine.domain.feel.functions.function import ANY, Function
from engine.domain.feel.run import Run
from engine.domain.feel.values import is_whole

_NONE = Decimal(0)


def _rounding(mode: str) -> Callable[..., Decimal | None]:
    def rounded(run: Run, number: Decimal, scale: Decimal = _NONE) -> Decimal | None:
        if not is_whole(scale) or abs(scale) > NUMBERS.prec:
            return None
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and exponent >= -scale:
            return number
        try:
            return number.quantize(Decimal(1).scaleb(-int(scale)), mode, NUMBERS)
        except InvalidOperation:  # more than 34 digits would be left
            return None

    return rounded


def _abs(run: Run, value: Any) -> Any:
    if isinstance(value, Months):
        return Months(abs(value.count))
    if isinstance(value, Decimal):
        return value.copy_abs()
    return abs(value) if isinstance(value, timedelta) else None


def _modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """`dividend - divisor * floor(dividend / divisor)`: it has the divisor's sign."""
    try:
        rest = NUMBERS.remainder(dividend, divisor)
    except (InvalidOperation, ZeroDivisionError):
        return None
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def _sqrt(run: Run, number: Decimal) -> Decimal | None:
    return None if number < 0 else NUMBERS.sqrt(number)


def _is(rest: int) -> Callable[[Run, Decimal], bool | None]:
    def asked(run: Run, number: Decimal) -> bool | None:
        left = _modulo(run, number, Decimal(2))
        return left == rest if left in (0, 1) else None

    return asked


FUNCTIONS = {
    "abs": Function(_abs, (ANY,)),
    "decimal": Function(_rounding(ROUND_HALF_EVEN), (Decimal, Decimal)),
    "floor": Function(_rounding(ROUND_FLOOR), (Decimal, Decimal), optional=1),
    "ceiling": Function(_rounding(ROUND_CEILING), (Decimal, Decimal), optional=1),
    "round up": Function(_rounding(ROUND_UP), (Decimal, Decimal)),
    "round down": Function(_rounding(ROUND_DOWN), (Decimal, Decimal)),
    "round half up": Function(_rounding(ROUND_HALF_UP), (Decimal, Decimal)),
    "round half down": Function(_rounding(ROUND_HALF_DOWN), (Decimal, Decimal)),
    "modulo": Function(_modulo, (Decimal, Decimal)),
    "sqrt": Function(_sqrt, (Decimal,)),
    "even": Function(_is(0), (Decimal,)),
    "odd": Function(_is(1), (Decimal,)),
}
