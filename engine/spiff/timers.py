"""When a timer is due: ISO 8601 texts as modelers write them, working time, or a service level goal.

Says only what the timer waits for; nothing here compares it with the clock.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.effects import At, Day, Due, Goal, Working
from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.time.durations import WorkingDuration, parse_cycle, parse_elapsed, parse_instant
from engine.domain.time.zones import YEARS
from engine.spiff.expressions import ExpressionFailed, strip
from engine.spiff.model import Timer

Evaluate = Callable[[str], Any]
#: names that exist; None: not known, for there is no package around
Known = frozenset[str] | None

_LITERAL = re.compile(r"(R\d*/|-?P|\d{4}-)[\w:+./()\"', -]*", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CALLS = ("working", "deadline", "warning")


def due_of(timer: Timer, now: datetime, since: datetime, zone: ZoneInfo, evaluate: Evaluate) -> Due:
    """What the timer waits for from `now` on. Raises `ExpressionFailed` where it names no time.

    `since`: when it was set first. A cycle of elapsed time counts from there, however late it fires; repetitions
    that a downtime has swallowed aren't made up for. One of working time counts from its last firing.
    """
    text = plain(timer.text)
    if timer.kind == "cycle":
        text = _interval(text)
        if is_literal(text):
            return At(parse_elapsed(text).next_after(now, since, zone))
    if call := _call(text):
        name, arguments = call
        values = [str(_argument(argument, evaluate)) for argument in arguments]
        return _working(*values) if name == "working" else Goal(values[0], name)  # type: ignore[arg-type]
    written = text if is_literal(text) else evaluate(strip(text))
    try:
        if _DAY.fullmatch(str(written)):
            return Day(_day(str(written)))
        return At(_instant(str(written), now, zone))
    except Invalid as error:
        raise ExpressionFailed(
            said("The timer says '{written}', which is no time: {error}", written=written, error=str(error))
        ) from error


def _working(duration: str, calendar: str = "") -> Working:
    try:
        WorkingDuration.parse(duration)
    except Invalid as error:
        raise ExpressionFailed(str(error)) from error
    return Working(duration, calendar)


def repetitions_of(timer: Timer) -> int | None:
    """How often a timer fires: once, unless it is a cycle; None for without end."""
    return parse_cycle(plain(timer.text)).repetitions if timer.kind == "cycle" else 1


def plain(text: str) -> str:
    """The timer's text without the signs around it: quotes of SpiffArena, `=`, `${…}`."""
    text = strip(text.strip().removeprefix("=").strip())
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]:
        return text[1:-1]
    return text


def is_literal(text: str) -> bool:
    """Whether the text is an ISO 8601 time by itself."""
    return bool(_LITERAL.fullmatch(text)) and not text.startswith("R(")


def check_timer(timer: Timer, zone: ZoneInfo, goals: Known, calendars: Known) -> str:
    """What is wrong with a timer as far as it can be told without running it; empty where nothing is."""
    try:
        text = _text(timer)
        if call := _call(text):
            return _check_call(*call, goals, calendars)
        if _DAY.fullmatch(text):
            _day(text)
        elif is_literal(text):
            _instant(text, datetime(2026, 1, 1, tzinfo=zone), zone)
    except (Invalid, ExpressionFailed) as error:
        return str(error)
    return ""


def expressions_of(timer: Timer) -> list[str]:
    """The expressions that a timer evaluates; of one that can't be read, none (`check_timer` tells)."""
    try:
        text = _text(timer)
    except (Invalid, ExpressionFailed):
        return []
    if call := _call(text):
        return [ast.unparse(argument) for argument in call[1] if not isinstance(argument, ast.Constant)]
    return [] if is_literal(text) else [strip(text)]


def calendar_of(timer: Timer) -> str:
    """The calendar that a timer names, as in `working("PT3H", "office")`; empty where it names none or computes it."""
    try:
        name, arguments = _call(_text(timer)) or ("", [])
    except (Invalid, ExpressionFailed):
        return ""
    return _written(arguments[1]) if name == "working" and len(arguments) == 2 else ""


def _text(timer: Timer) -> str:
    """What a timer says, without quotes; of a cycle its interval."""
    text = plain(timer.text)
    return parse_cycle(text).interval if timer.kind == "cycle" else text


def _interval(text: str) -> str:
    try:
        return parse_cycle(text).interval
    except Invalid as error:
        raise ExpressionFailed(str(error)) from error


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(said("'{text}' isn't a day of the calendar.", text=text)) from error
    if day.year not in YEARS:
        raise Invalid(said("'{text}' isn't a day of the calendar.", text=text))
    return day.isoformat()


def _instant(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    return parse_elapsed(text).after(now, zone) if text.startswith(("P", "-P")) else parse_instant(text, zone)


def _call(text: str) -> tuple[str, list[ast.expr]] | None:
    """`working(…)`, `deadline(…)` or `warning(…)` taken apart."""
    if not text.startswith(_CALLS) or len(text) > 500:
        return None
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id in _CALLS and not tree.keywords:
        return tree.func.id, tree.args
    return None


def _argument(argument: ast.expr, evaluate: Evaluate) -> Any:
    return argument.value if isinstance(argument, ast.Constant) else evaluate(ast.unparse(argument))


def _check_call(name: str, arguments: list[ast.expr], goals: Known, calendars: Known) -> str:
    if name == "working" and len(arguments) not in (1, 2):
        return said("{name}(…) takes 1 or 2 text(s).", name=name)
    if name != "working" and len(arguments) != 1:
        return said("{name}(…) takes 1 text(s).", name=name)
    first, second = (_written(argument) for argument in (*arguments, ast.Constant(None))[:2])
    if first and name != "working":
        return "" if goals is None or first in goals else said("There is no goal '{first}' in sla.dmn.", first=first)
    if first:
        WorkingDuration.parse(first)
    return (
        ""
        if not second or calendars is None or second in calendars
        else said("There is no calendar '{second}'.", second=second)
    )


def _written(argument: ast.expr) -> str:
    """A text that stands in the call as it is; empty for anything that must be evaluated."""
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""
