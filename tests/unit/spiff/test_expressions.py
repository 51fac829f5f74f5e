"""Expressions and scripts: what they give, what they are told, and what they cost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.spiff.expressions import ExpressionFailed, Sandbox, Snippet, names_used, strip

NOW = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)
NAMES: dict[str, Any] = {
    "x": 1,
    "text": "a",
    "items": [1, 2, 3],
    "empty": None,
    "type": "quote",
    "sum": 7,
    "not-a-name": 1,
    "ticket": {"category": "crm", "status": "open", "agreed_date": None},
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("x == 1", True),
        ("x + 0.5", 1.5),
        ("'crm' if ticket.category == 'crm' else 'site'", "crm"),
        ('ticket["category"]', "crm"),
        ('ticket.get("missing", 3)', 3),
        ("ticket", NAMES["ticket"]),
        ("[i * 2 for i in items if i > x]", [4, 6]),
        ("(1, 2)", [1, 2]),
        ("{'a': empty}", {"a": None}),
        ("{1: 2}", {"1": 2}),
        ("len(items) > 2 and text in ('a', 'b')", True),
        ('type == "quote"', True),
        ("sum(items)", 6),
        ("sum", 7),
        ("(lambda y: y + x)(2)", 3),
        ("f'{text}-{ticket.category}'", "a-crm"),
        ("now", "2026-03-27T15:00:00+00:00"),
        ("[now, {'at': now}]", ["2026-03-27T15:00:00+00:00", {"at": "2026-03-27T15:00:00+00:00"}]),
        ("now.hour", 15),
        ("'é😀' * 2", "é😀é😀"),
        (" \n x \n", 1),
        ("x # a remark", 1),
        ("2 ** 62", 2**62),
    ],
)
def test_values(sandbox: Sandbox, expression: str, value: object) -> None:
    assert sandbox.evaluate(expression, NAMES, NOW) == value


def test_the_clock_stands_in_the_zone_that_is_handed_in(sandbox: Sandbox) -> None:
    rome = NOW.astimezone(ZoneInfo("Europe/Rome"))
    assert sandbox.evaluate("now.hour", {}, rome) == 16
    script = "import datetime\nhere = datetime.datetime.now()\nday = datetime.date.today()"
    assert sandbox.execute(script, {}, rome) == {"here": "2026-03-27T16:00:00", "day": "2026-03-27"}


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("missing + 1", "The name 'missing' has no value here."),
        ("ticket.colour", "has no 'colour'"),
        ("empty < 3", "an empty value"),
        ("text + 1", "fit together"),
        ("1 / 0", "divides by zero"),
        ("items[9]", "fewer items"),
        ("{'a': 1}.a", 'Write ["a"]'),
        ("lambda: 1", "a function"),
        ("{1, 2}", "a set"),
        ("float('nan')", "finite"),
        ("1e308 * 10", "finite"),
        ("'\\u0000'", "stored"),
        ("chr(0)", "stored"),
        ("'\\ud800'", "stored"),
        ("10 ** 30", "18 digits"),
        ("x ==", "valid expression"),
        ("x = 1", "'=='"),
        ("x && y", "'and'"),
        ("x || y", "'or'"),
        ("!x", "'not'"),
        ("(x := 3)", ":="),
        ("", "empty"),
        ("eval('1')", "'eval' can't be used"),
        ("x.__class__", "'.__class__' can't be used"),
        ("print(", "valid"),
    ],
)
def test_failures_are_told_in_words(sandbox: Sandbox, expression: str, words: str) -> None:
    with pytest.raises(ExpressionFailed) as failed:
        sandbox.evaluate(expression, NAMES, NOW)
    assert words in failed.value.problem


@pytest.mark.parametrize(
    ("script", "changes"),
    [
        ("total = sum(items) + x", {"total": 7}),
        ("x = x + 1\ny = x", {"x": 2, "y": 2}),
        ("x = 1", {}),
        ("x = True", {"x": True}),
        ("items.append(4)", {"items": [1, 2, 3, 4]}),
        ("for i in items:\n    last = i", {"i": 3, "last": 3}),
        ("if x > 5:\n    big = True", {}),
        ("import math\ndef twice(n):\n    return n * 2\n_private = 3\nr = twice(math.floor(2.5))", {"r": 4}),
        ("category = ticket.category", {"category": "crm"}),
        ("print('hello')", {}),
        ("try:\n    y = items[9]\nexcept IndexError:\n    y = None", {"y": None}),
        ("# only a remark", {}),
        ("text = 'b'  # line\n", {"text": "b"}),
    ],
)
def test_scripts_give_what_they_change(sandbox: Sandbox, script: str, changes: dict[str, object]) -> None:
    names = {**NAMES, "items": [1, 2, 3]}
    assert sandbox.execute(script, names, NOW) == changes
    assert names == NAMES


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("ticket.status = 'closed'", "set.<field>"),
        ("ticket['status'] = 'closed'", "set.<field>"),
        ("ticket = 3", "Iter's own"),
        ("now = 3", "Iter's own"),
        ("import os", "'os' can't be used"),
        ("from subprocess import run", "'subprocess' can't be used"),
        ("del x", "None instead"),
        ("f = lambda: 1", "a function"),
        ("x = y", "'y' has no value"),
        ("class A: pass", "Classes"),
        ("x =\ny = 1", "line 1"),
        ("raise ValueError('no')", "no"),
        ("_iter_json = 1", "'_iter_json'"),
        ("return 3", "outside a function"),
        ("from json import *", "import *"),
    ],
)
def test_scripts_that_fail_say_why(sandbox: Sandbox, script: str, words: str) -> None:
    with pytest.raises(ExpressionFailed) as failed:
        sandbox.execute(script, NAMES, NOW)
    assert words in failed.value.problem


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("${x == 1}", "x == 1"),
        ("#{ x == 1 }", "x == 1"),
        ("x == 1", "x == 1"),
        (" x ", "x"),
        ('${ok == true and text != "true"}', 'ok == True and text != "true"'),
        ("${x != null}", "x != None"),
        ("{'a': 1}", "{'a': 1}"),
    ],
)
def test_the_wrapping_of_other_engines_is_taken_off(text: str, expression: str) -> None:
    assert strip(text) == expression


@pytest.mark.parametrize("text", ["${a && b}", "${a || b}", "${!a}", "${a ? b : c}", "${empty a}", "${a = 1}"])
def test_other_languages_are_refused(text: str) -> None:
    with pytest.raises(ExpressionFailed, match=r"Write|isn't"):
        strip(text)
    assert strip('${a == "&& || ! ?"}') == 'a == "&& || ! ?"'


def test_what_spiffarena_has_without_an_import_is_there_unless_a_variable_has_the_name(sandbox: Sandbox) -> None:
    script = "due = (datetime.datetime.now() + timedelta(days=1)).isoformat()\nread = json.loads('[1]')"
    assert sandbox.execute(script, {}, NOW) == {"due": "2026-03-28T15:00:00", "read": [1]}
    assert sandbox.evaluate("[timedelta(hours=2), timedelta(seconds=-5)]", {}, NOW) == ["PT7200S", "-PT5S"]
    assert sandbox.evaluate("json + 1", {"json": 1}, NOW) == 2
    assert sandbox.execute("datetime = datetime.date.today()", {}, NOW) == {"datetime": "2026-03-27"}
    assert sandbox.check([Snippet("timedelta(days=n)", names={"n": "int"}), Snippet("json.dumps(n)")]) == [[], []]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("datetime.now()", "2026-03-27T15:00:00"), ("datetime(2026, 1, 1)", "2026-01-01T00:00:00"),
        ("datetime.strptime('2026-01-02', '%Y-%m-%d').year", 2026),
        ("datetime.now() + timedelta(days=1)", "2026-03-28T15:00:00"),
        ("datetime.datetime.now().date()", "2026-03-27"), ("datetime.date.today()", "2026-03-27"),
    ],
)  # fmt: skip
def test_datetime_is_the_class_as_in_spiffarena_or_the_module(sandbox: Sandbox, text: str, value: object) -> None:
    assert sandbox.evaluate(text, {}, NOW) == value
    assert sandbox.check([Snippet(text)]) == [[]]


def test_the_names_that_are_read_are_told() -> None:
    assert names_used("x == 1 and ticket.a in [y for y in z if len(y) > w]") == {"x", "ticket", "z", "w"}
    assert names_used("type == 'a'") == {"type"}
    assert names_used("True") == set()


def test_an_evaluation_costs_little(sandbox: Sandbox) -> None:
    sandbox.evaluate("x == 1", NAMES, NOW)
    best = min(_seconds(lambda: sandbox.evaluate("x == 1 and ticket.category == 'crm'", NAMES, NOW)) for _ in range(50))
    assert best < 0.003


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def test_threads_share_a_sandbox(sandbox: Sandbox) -> None:
    results: list[object] = []

    def work(number: int) -> None:
        results.extend(sandbox.evaluate("x + 1", {"x": number}, NOW) - number for _ in range(20))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert results == [1] * 160


_FORKING = """
import os, sys
from datetime import UTC, datetime
from engine.spiff.expressions import Sandbox
sandbox, now = Sandbox(), datetime(2026, 3, 27, tzinfo=UTC)
if {used}:
    sandbox.evaluate("1", {{}}, now)
child = os.fork()
if not child:
    try:
        print(sandbox.evaluate("x + 1", {{"x": 1}}, now))
    except RuntimeError as error:
        print(error)
    sys.exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), sandbox.evaluate("3", {{}}, now))
"""


@pytest.mark.parametrize(("used", "first"), [(False, "2"), (True, "Expressions were evaluated before")])
def test_a_fork_gets_workers_of_its_own_or_a_clear_error(used: bool, first: str) -> None:
    code = _FORKING.format(used=used)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True)
    assert run.stdout.startswith(first)
    assert run.stdout.endswith("7 3\n")


def test_a_closed_sandbox_starts_anew() -> None:
    sandbox = Sandbox()
    assert sandbox.evaluate("1", {}, NOW) == 1
    sandbox.close()
    sandbox.close()
    assert sandbox.evaluate("2", {}, NOW) == 2
    sandbox.close()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("next((row for row in rows if row['id'] == 2), None)", {"id": 2}),
        ("next(filter(lambda row: row['id'] == 3, rows), None)", None),
        ("next(map(str, [1]))", "1"),
        ("next(iter(rows))", {"id": 1}),
    ],
)
def test_the_first_that_fits_is_found_as_in_python(sandbox: Sandbox, text: str, value: object) -> None:
    assert sandbox.check([Snippet(text, names={"rows": "list[Any]"}, others=False)]) == [[]]
    assert sandbox.evaluate(text, {"rows": [{"id": 1}, {"id": 2}]}, NOW) == value


def test_a_worker_that_stands_still_while_it_evaluates_harms_nothing() -> None:
    """Time is over for it when it goes on, though it has hardly had the processor."""
    sandbox = Sandbox()
    with sandbox._workers._started().checkout() as session:
        worker = session.worker_pid
    assert worker
    found: list[object] = []
    evaluating = threading.Thread(
        target=lambda: found.append(sandbox.evaluate("sum([n for n in range(200000)])", {}, NOW))
    )
    evaluating.start()
    time.sleep(0.005)  # it has begun, as a rule; if not, it stands still before it begins
    os.kill(worker, signal.SIGSTOP)
    time.sleep(0.6)  # longer than it may take, and shorter than it takes until it is killed
    os.kill(worker, signal.SIGCONT)
    evaluating.join(30)
    sandbox.close()
    assert found == [19999900000]
