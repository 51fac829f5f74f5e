"""Hostile expressions: nothing gets out, nothing waits, nothing stays, and the next evaluation works."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.spiff.expressions import ExpressionFailed, Sandbox, Snippet, names_used, strip

NOW = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)

ESCAPES = [
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__.__mro__",
    "(lambda: 0).__globals__",
    "(lambda: 0).__code__",
    "getattr((), '__class__')",
    "getattr(getattr((), '__cla' + 'ss__'), '__bases__')",
    "__import__('os').system('id')",
    "__builtins__",
    "__loader__",
    "open('/etc/passwd').read()",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "globals()",
    "locals()",
    "vars()",
    "breakpoint()",
    "input()",
    "exit()",
    "'{0.__class__}'.format(())",
    "'{x.__class__.__init__.__globals__}'.format(x=x)",
    "type(x).__subclasses__()",
    "type('X', (), {'__init__': print})()",
    "[c for c in ().__class__.__base__.__subclasses__()]",
    "x.gi_frame.f_back",
    "(i for i in x).gi_frame",
    "print",
    "setattr(x, 'y', 1)",
    "_iter_json",
    "_iter_json.dumps",
    "1)] + [open('/etc/passwd'",
    "1]\nimport os\n[1",
    "1)\nimport os\n(1",
]
BOMBS = [
    "[i for i in range(10 ** 12)]",
    "sum(i for i in range(10 ** 12))",
    "sum(range(10 ** 12))",
    "all(i >= 0 for i in range(10 ** 12))",
    "10 ** 10 ** 10",
    "9 ** 9 ** 9 ** 9",
    "2 ** 100000000",
    "1 << 10 ** 10",
    "str(10 ** 4400)",
    "10 ** 5000",
    "'a' * 10 ** 10",
    "[0] * 10 ** 10",
    "[[0] * 1000] * 10 ** 9",
    "'%1000000000d' % 1",
    "'{:>1000000000}'.format(1)",
    "f'{1:>999999999}'",
    "'a' * 300_000",
    "['a' * 1000] * 1000",
    "[[['a' * 100] * 100] * 100] * 100",
    "(lambda f: f(f))(lambda f: f(f))",
    "max((f := 1), 2)",
    "{i: i for i in range(10 ** 8)}",
    "list(zip(*[range(10 ** 7)] * 5))",
    "'a'.join(['b' * 10 ** 6] * 10 ** 5)",
    "sorted(range(10 ** 8), key=lambda i: -i)",
    "b'a' * 300_000_000",
    "float('inf')",
    "-float('nan')",
    "{'a': float('nan')}",
    "[1e999]",
    "0 * float('inf')",
    "'a\\x00b'",
    "{'\\x00': 1}",
    "{'a': chr(0)}",
    "'\\udc80'",
    "{(1, 2): 3}",
    "{1, 2}",
    "1j",
    "b'a'",
    "...",
    "range(3)",
    "len",
    "Exception('x')",
    "int",
]
DEEP = [
    "(" * 5_000 + "1" + ")" * 5_000,
    "[" * 100 + "]" * 100,
    "not " * 2_400 + "x",
    "-" * 9_000 + "1",
    "~" * 9_000 + "1",
    "x" + ".a" * 4_000,
    "x" + "[0]" * 3_000,
    "x" + "()" * 3_000,
    "+".join(["1"] * 4_900),
    "**".join(["1"] * 3_000),
    "1 if x else " * 800 + "1",
    "lambda: " * 1_200 + "1",
    "'" + "a" * 20_000 + "'",
    "f'" + '{f"' * 50 + "1" + '"}' * 50 + "'",
    "f'{" * 200 + "1" + "}'" * 200,
    "9" * 9_000,
    "0x" + "f" * 9_000,
    "1e" + "9" * 9_000,
    "x\0y",
    "'\ud800'",
    "\udfff",
    "\N{ZERO WIDTH SPACE}x",
    "ｅval('1')",
    "x " * 4_000,
    "\\\n" * 3_000,
    "{" * 39,
    "\f\v\r",
    "'''" + "a" * 9_000,
    "#" * 9_000,
    "x if",
    "*x",
    "**x",
    "x; y",
    "import os",
    "x = 1",
    "yield x",
    '"' + '\\"' * 4_900,
    "'" * 9_999,
    "await x",
    "(yield)",
    "[*range(10 ** 9)]",
]
SCRIPTS = [
    "while True: pass",
    "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass",
    "x = []\nwhile True: x.append(x)",
    "x = 'a'\nwhile True: x = x + x",
    "def f(): return f()\nf()",
    "def f(n):\n    try:\n        f(n + 1)\n    finally:\n        f(n + 1)\nf(0)",
    "x = []\nfor i in range(100000): x = [x]",
    "x = []\nfor i in range(40): x = [x]",
    "x = [0]\nfor i in range(40): x = [x, x]",
    "x = [0]\nfor i in range(16): x = [x, x]",
    "x = []\nx.append(x)",
    "x = {}\nx['x'] = x",
    "x = {i: 'a' * 100 for i in range(10000)}",
    "import os",
    "import sys",
    "import time\ntime.sleep(100)",
    "import asyncio",
    "import random",
    "import socket",
    "from os import system",
    "from json import *\nx = __name__",
    "from . import x",
    "import json as ticket",
    "import json.decoder",
    "import re\nx = re.match('(a|aa)+$', 'a' * 60 + 'b' + '(' * 10000)\nwhile True: pass",
    "open('/tmp/x', 'w').write('x')",
    "ticket.status = 'closed'",
    "ticket['status'] = 'closed'",
    "ticket = {}",
    "ticket.x.y, z = 1, 2\nticket.a = 3",
    "def ticket(): pass",
    "for ticket in [1]: pass",
    "now += 1",
    "class A: pass",
    "global x\nx = 1",
    "del x",
    "raise SystemExit",
    "raise KeyboardInterrupt",
    "raise BaseException('x' * 1000000)",
    "assert False, 'x' * 1000000",
    "_iter_json = None",
    "__import__ = 1",
    "x = lambda: 1",
    "x = (lambda: 1,)",
    "x = {1, 2}",
    "x = print",
    "x = 1 / 0",
    "x = float('nan')",
    "x = '\\x00'",
    "def f():\n" + "".join("    " * n + f"for i{n} in [1]:\n" for n in range(1, 90)) + "    " * 90 + "pass",
    "match x:\n    case _iter_x: pass",
    "match x:\n    case ticket: pass",
    "try:\n    1 / 0\nexcept Exception as ticket: pass",
    "y = [ticket for ticket in [1]]",
    "y = (lambda now: now)(1)",
    "with open('x') as f: pass",
    "async def f(): pass",
    "try: raise ValueError\nexcept* ValueError: raise",
    "print('x' * 10 ** 8)\nwhile True: print('x' * 10000)",
]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    sandbox.evaluate("1", {}, NOW)
    yield sandbox
    sandbox.close()


def _fails(sandbox: Sandbox, work: Callable[[], object]) -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionFailed) as failed:
        work()
    assert time.perf_counter() - started < 2
    assert 0 < len(failed.value.problem) < 400
    assert "Traceback" not in failed.value.problem
    assert sandbox.evaluate("x + 1", {"x": 1}, NOW) == 2


@pytest.mark.parametrize("expression", [*ESCAPES, *BOMBS, *DEEP], ids=lambda text: ascii(text[:30]))
def test_hostile_expressions_fail(sandbox: Sandbox, expression: str) -> None:
    _fails(sandbox, lambda: sandbox.evaluate(expression, {"x": [1]}, NOW))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda text: ascii(text[:30]))
def test_hostile_scripts_fail(sandbox: Sandbox, script: str) -> None:
    names = {"x": 1, "ticket": {"status": "open"}}
    _fails(sandbox, lambda: sandbox.execute(script, names, NOW))
    assert names == {"x": 1, "ticket": {"status": "open"}}


@pytest.mark.parametrize("text", [*DEEP, *ESCAPES], ids=lambda text: ascii(text[:30]))
def test_no_text_hurts_the_readers(text: str) -> None:
    for read in (names_used, strip, lambda text: strip("${" + text + "}")):
        started = time.perf_counter()
        with contextlib.suppress(ExpressionFailed):
            read(text)
        assert time.perf_counter() - started < 1


def test_checks_stand_hostile_texts_too(sandbox: Sandbox) -> None:
    started = time.perf_counter()
    texts = [*ESCAPES, *BOMBS, *DEEP]
    problems = sandbox.check([Snippet(text, names={"x": "Any"}, others=False) for text in texts])
    scripts = sandbox.check([Snippet(text, "script", {"x": "Any"}, others=False) for text in SCRIPTS])
    assert time.perf_counter() - started < 10
    assert len(problems) == len(texts)
    assert sum(map(bool, problems)) > len(DEEP) + len(ESCAPES) / 2
    assert len(scripts) == len(SCRIPTS)
    assert sandbox.check([Snippet("1 + 1")]) == [[]]


def test_the_smallest_thread_can_read_the_deepest_text() -> None:
    """A worker's thread has a smaller stack than the main one."""
    failures: list[BaseException] = []

    def work() -> None:
        for text in DEEP:
            try:
                names_used(text + " ")
            except ExpressionFailed:
                pass
            except BaseException as error:  # whatever it is, it must be seen
                failures.append(error)

    before = threading.stack_size(1024 * 1024)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)
    threading.stack_size(before)
    assert failures == []


def test_values_that_cannot_cross_fail(sandbox: Sandbox) -> None:
    cyclic: list[Any] = []
    cyclic.append(cyclic)
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    for value in (object(), cyclic, deep, "\ud800", float("nan"), lambda: 1, {"a": object()}):
        _fails(sandbox, lambda value=value: sandbox.evaluate("x", {"x": value}, NOW))  # type: ignore[misc]


def test_nothing_stays_from_one_evaluation_to_the_next(sandbox: Sandbox) -> None:
    sandbox.execute("import json\nx = 3\ndef len(y): return 7", {}, NOW)
    assert sandbox.evaluate("len([1])", {}, NOW) == 1
    with pytest.raises(ExpressionFailed, match="'x' has no value"):
        sandbox.evaluate("x", {}, NOW)


def test_time_stands_still(sandbox: Sandbox) -> None:
    script = "import datetime\na = datetime.datetime.now(datetime.timezone.utc)\nb = datetime.date.today()"
    first = sandbox.execute(script, {}, NOW)
    time.sleep(0.01)
    assert first == sandbox.execute(script, {}, NOW) == {"a": NOW.isoformat(), "b": "2026-03-27"}


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "starved"])
def test_a_worker_that_dies_or_never_gets_the_processor_harms_no_evaluation(blow: signal.Signals) -> None:
    sandbox = Sandbox()
    with sandbox._workers._started().checkout() as session:
        victim = session.worker_pid
    assert victim
    os.kill(victim, blow)
    assert sandbox.evaluate("1 + 1", {}, NOW) == 2
    sandbox.close()


def test_bombs_at_the_same_time_do_not_stop_the_others(sandbox: Sandbox) -> None:
    bombs = [threading.Thread(target=_explode, args=(sandbox,)) for _ in range(3)]
    for bomb in bombs:
        bomb.start()
    started = time.perf_counter()
    assert sandbox.evaluate("1 + 1", {}, NOW) == 2
    assert time.perf_counter() - started < 3
    for bomb in bombs:
        bomb.join(5)


def _explode(sandbox: Sandbox) -> None:
    with pytest.raises(ExpressionFailed):
        sandbox.evaluate("sum(range(10 ** 12))", {}, NOW)
