"""Evaluates expressions and executes scripts of diagrams, in the sandbox alone. Nothing here reaches a database."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

from pydantic_monty import MontyError

from engine.domain.said import said
from engine.spiff.expressions.checking import Snippet, Wrong, check
from engine.spiff.expressions.failures import ExpressionFailed, failure_of, is_not_plain
from engine.spiff.expressions.reading import OFFHAND, Reading, imports, read
from engine.spiff.expressions.workers import Workers

MAX_RESULT_DEPTH = 32
#: characters of JSON that an expression, or a script's changes, may give
MAX_RESULT = 256_000
#: characters of JSON of all variables that a script touches
_MAX_TOUCHED = 4_000_000

_HEAD = "import json as _iter_json\n"
_DUMP = "_iter_json.dumps({}, allow_nan=False)"
#: the second try, for results that hold dates
_PLAIN = """
import datetime as _iter_datetime
def _iter_plain(v):
    if isinstance(v, dict):
        return {k: _iter_plain(w) for k, w in v.items()}
    if isinstance(v, (list, tuple)):
        return [_iter_plain(w) for w in v]
    if isinstance(v, (_iter_datetime.datetime, _iter_datetime.date)):
        return v.isoformat()
    if isinstance(v, _iter_datetime.timedelta):
        s = v.total_seconds()
        return ("-" if s < 0 else "") + "PT" + str(abs(int(s) if s == int(s) else s)) + "S"
    return v
"""
_VARIABLES = "{{k: v for k, v in locals().items() if k[0] != '_' and k not in {tools!r}}}"


class Sandbox:
    """Evaluates in a pool of worker processes; one for a whole process, safe to share between threads.

    Limits: 0.5 s and 64 MB an evaluation, results of 256 kB and 32 levels. No files, no network; the clock stands
    at `now`, sleeping takes no time and random numbers are always the same. Results are JSON values; dates and
    durations in them come back as ISO texts. Every failure is an ExpressionFailed, and the next evaluation works.
    """

    def __init__(self, stopwatch: Callable[[], float] = lambda: 0.0) -> None:
        #: gives seconds that go on: by it steps are ended that evaluate for too long altogether
        self.stopwatch = stopwatch
        self._workers = Workers()
        self._checkers = Workers("check")

    def evaluate(self, expression: str, names: Mapping[str, Any], now: datetime) -> Any:
        """The expression's value."""
        reading = read(expression)
        return self._json(
            imports(_given(reading, names), reading.code),
            f"[({reading.code})]",
            _inputs(reading, names, now),
            now,
            MAX_RESULT,
        )[0]

    def evaluate_all(self, expressions: Sequence[str], names: Mapping[str, Any], now: datetime) -> list[Any]:
        """The values of several expressions, in one evaluation with its limits. Fails where one of them does."""
        readings = [read(expression) for expression in expressions]
        given = set().union(*(_given(reading, names) for reading in readings))
        inputs = {name: value for reading in readings for name, value in _inputs(reading, names, now).items()}
        code = ", ".join(f"({reading.code})" for reading in readings)
        return list(self._json(imports(given, code), f"[{code}]", inputs, now, MAX_RESULT))

    def execute(self, script: str, names: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """The variables that the script makes or changes. Names that begin with `_` stay its own."""
        reading = read(script, "script")
        inputs = _inputs(reading, names, now)
        given = _given(reading, names)
        tail = _VARIABLES.format(tools=sorted(reading.tools | {"ticket", "now"} | (given - reading.assigned)))
        found = self._json(imports(given, reading.code) + reading.code + "\n", tail, inputs, now, _MAX_TOUCHED)
        changed = {name: value for name, value in found.items() if not _same(value, inputs, name)}
        if len(json.dumps(changed)) > MAX_RESULT:
            raise _too_large()
        return changed

    def check(self, snippets: Sequence[Snippet]) -> list[list[Wrong]]:
        """All that is wrong with each snippet: syntax, unknown names, types."""
        return check(snippets, self._checkers)

    def close(self) -> None:
        """End the worker processes."""
        self._workers.close()
        self._checkers.close()

    def _json(self, body: str, result: str, inputs: Mapping[str, Any], now: datetime, most: int) -> Any:
        try:
            text = self._workers.run(body + _HEAD + _DUMP.format(result), inputs, now)
        except (MontyError, TimeoutError, ValueError, TypeError, RecursionError) as error:
            if not is_not_plain(error):
                raise failure_of(error) from None
            text = self._with_dates(body, result, inputs, now)
        return _parsed(text, most)

    def _with_dates(self, body: str, result: str, inputs: Mapping[str, Any], now: datetime) -> Any:
        try:
            return self._workers.run(body + _HEAD + _PLAIN + _DUMP.format(f"_iter_plain({result})"), inputs, now)
        except (MontyError, TimeoutError, ValueError, TypeError, RecursionError) as error:
            raise failure_of(error) from None


def _given(reading: Reading, names: Mapping[str, Any]) -> set[str]:
    """The modules and functions that are there without an import, and that the text mentions."""
    return {name for name in OFFHAND if name in reading.names and name not in names}


def _inputs(reading: Reading, names: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The values that are mentioned: the others need not cross."""
    inputs = {name: names[name] for name in sorted(reading.names) if name in names}
    if "now" in reading.names:
        inputs["now"] = now
    return inputs


def _parsed(text: Any, most: int) -> Any:
    """The value of JSON text that came out of the sandbox, which may not be believed."""
    if not isinstance(text, str) or len(text) > most:
        raise _too_large()
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ExpressionFailed(
            said("The result can't be kept as data: too long a number, or nested too deep.")
        ) from None
    _check_value(value)
    return value


def _refuse_constant(_name: str) -> NoReturn:
    raise ExpressionFailed(said("The result is no finite number."))


def _check_value(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_RESULT_DEPTH + 1:
            raise ExpressionFailed(
                said("The result is nested more than {max_result_depth} deep.", max_result_depth=MAX_RESULT_DEPTH)
            )
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                deeper += [*item, *item.values()]
            elif isinstance(item, list):
                deeper += item
            else:
                _check_scalar(item)
        level = deeper


def _check_scalar(value: Any) -> None:
    if isinstance(value, str) and ("\0" in value or not _encodable(value)):
        raise ExpressionFailed(said("The result holds a character that can't be stored (\\u0000, or half a pair)."))
    if isinstance(value, float) and not math.isfinite(value):
        raise ExpressionFailed(said("The result is no finite number."))
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ExpressionFailed(said("The result is a whole number of more than 18 digits."))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _same(value: Any, inputs: Mapping[str, Any], name: str) -> bool:
    if name not in inputs:
        return False
    try:
        return json.dumps(value, sort_keys=True) == json.dumps(inputs[name], sort_keys=True)
    except (TypeError, ValueError):
        return False


def _too_large() -> ExpressionFailed:
    return ExpressionFailed(said("The result is larger than {value} kB.", value=MAX_RESULT // 1000))
