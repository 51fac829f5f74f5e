"""What works is never refused: texts as process owners write them run in the sandbox, and the check is silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

import pytest

from engine.spiff.expressions import Sandbox, Snippet
from engine.spiff.versions import check_version
from tests.support.desk import desk_files
from tests.unit.spiff.drawing import NOW, Play, flow, node, path, process, xml

TYPES = {
    "n": "int", "text": "str", "flag": "bool", "items": "list[Any]", "record": "dict[str, Any]", "any": "Any",
    "rows": "list[Any]", "type": "str", "sum": "int",
}  # fmt: skip
FIELDS = {"number": "str", "size": "int", "urgent": "bool", "agreed": "str", "assignee": "int"}
NAMES: dict[str, Any] = {
    "n": 3, "text": "a,b", "flag": True, "items": [1, 2, 3], "record": {"a": 1, "b": "x"}, "any": "7", "type": "quote",
    "rows": [{"price": 2.5, "name": "x"}, {"price": 4, "name": "y"}], "sum": 7,
    "ticket": {"number": "D-1", "size": 2.5, "urgent": False, "agreed": "2026-03-27", "assignee": 7},
}  # fmt: skip

EXPRESSIONS = """
n + 1.5 > 3 and n / 2 < 9
-n + +n - ~n + (n & 1) + (n << 2) + n // 2 % 3 + n ** 2
1 < n < 3.5 or n == text or n != None or n is not None
True + n + flag + (flag < 2) + (not flag)
flag == True and urgent if False else flag
text * n + n * text
text[n - 3] + text[0:1] + text[::-1]
text.split(',')[0].strip().lower() + str(n).zfill(3)
', '.join(str(i) for i in items) + f'{n:03}{text!r:>9}' + '{}'.format(n) + '%s-%d' % (text, n)
int(any) + float(any) + len(text) + round(2.5) + round(2.567, 2) + abs(-n) + pow(n, 2)
items[n - 1] + items[-1] + sum(items[1:]) if False else sum
sum + len(items + ['a'] + [n]) + len([*items, 'a']) + min(items) + max(items, default=0)
[i * 2 for i in items if i > 1][0] + items[0]
{**record, 'c': [1]}['a'] + record['a'] + record.get('z', 0) + len(record | {'d': 4})
{'low': 1, 'high': 'x'}['low'] + 1
{'low': 1, 'high': 2}.get(any, 3) + 1
({'7': 1}.get(any) or 0) + 1
[1, 'a'][0] + 1
(items if flag else n)[0] + len([i for i in (items if flag else n)]) + (len if flag else n)(items)
-(n if flag else text)
(text if flag else n).upper() + [text, n][0].upper() + (record.get('z') or 'x').upper()
{'a': text, 'b': n}['a'].upper()
(1 in (items if flag else n)) + (n if flag else text) + len(items if flag else n) + int(any if flag else items)
(n or 0) + 1 if n else (text or '') + 'a'
(any if flag else n) == 7 or (text and n) == 3
(record.get('a') or 0) + 1
sorted(rows, key=lambda row: row['price'])[-1]['price'] * 2
max(row['price'] for row in rows) + min(rows, key=lambda row: row['name'])['price']
dict(zip(text.split(','), items))['a'] + list(zip(items, items))[0][1] + list(enumerate(items))[0][0]
sorted(record.items(), key=lambda pair: pair[0])[0][0] + 'x'
list(map(int, '1 2'.split()))[0] + next(iter(items)) + divmod(n, 2)[0]
any in ('7', 8) and text in ['a', None] and 'a' in record and 'a' in text and n in {1, 2} or n in range(9)
isinstance(n, (int, float)) and type(n) is int and type(any) == str and hasattr(now, 'hour')
type == 'quote' and type in ('quote', 'bug')
now.date().isoformat() > ticket.agreed and now.isoformat()[:10] != ticket['agreed']
now.strftime('%Y-%m') + str(now.year) + str((now - now).days) + str((now - now).total_seconds() / 3600)
now.replace(hour=1) < now and now.weekday() < 5 and now.date() == now.date()
ticket.size * 2 > 4 or ticket.size is None or ticket.size == ''
ticket.number + ticket['number'] + ticket.get('number', '') + str(len(ticket)) + ''.join(ticket.keys())
{**ticket}['size'] + dict(ticket)['size'] + [ticket[name] for name in ticket if name == 'size'][0]
ticket.urgent == False and not ticket.urgent and ticket.urgent in (True, False)
(lambda a, b=1: a + b)(n) + (lambda f: f('7'))(int)
[x for row in rows for x in row.values()] + [not items, items == [], record == {}, text == '', n == 0]
'yes' if ticket.assignee == n else 'no' if ticket.assignee else None
all(i > 0 for i in items) and any
set(items) | {4} == {1, 2, 3, 4} and len(set(text)) == 3 and list({*items} & {1}) == [1]
"""

SCRIPTS = r"""
total = 0
for row in rows:
    total += row['price']
mean = total / len(rows)
total = str(total) + ' EUR'
---
best = None
for row in rows:
    if best is None or row['price'] > best['price']:
        best = row
name = best['name'] + '!'
---
counts = {}
for i in items:
    counts[i] = counts.get(i, 0) + 1
counts['all'] = [1]
n = n + 1
n = str(n) + 'x'
---
parts = text.split(',')
parts[0] = len(parts[0])
parts.append(3)
parts[0] = parts[0] + 1
---
grid = [[0] * 3 for _ in range(3)]
grid[0][0] = 'x'
word = grid[0][0] + 'y'
row = [None] * 3
row[0] = 1
x = row[0] + 1
---
try:
    x = int(text)
except ValueError as e:
    x = str(e)
    y = x.upper()
---
def add(a, b=None):
    if b is None:
        return a
    return a + b
x = add(1, 2) + add(3)
y = add('a', 'b') + 'c'
---
def walk(v):
    return [walk(w) for w in v] if isinstance(v, list) else v
deep = walk([1, [2, 'x']])
first = deep[0] + 1
---
import datetime
day = datetime.date.fromisoformat(ticket.agreed) + datetime.timedelta(days=n)
left = (day - now.date()).days + 1
---
import re
found = re.match(r'(\w),(\w)', text)
if found:
    first, second = found.groups()
    both = found.group(1) + second
found = None
all = re.findall('a', text)[0] + 'x'
---
import json
value = json.loads('{"a": [1, 2]}')
x = value['a'][0] + 1
text = json.dumps(value)
---
from math import ceil, sqrt
x = ceil(ticket.size * 1.22) + sqrt(n) + round(ticket.size, 1)
---
x = 1
while x < 5:
    x = x * 2 if x < 3 else x + 1.5
x = [x]
x = x[0] + 1
---
match type:
    case 'quote':
        price = 1
    case _:
        price = None
result = price + 1 if price else 0
---
a, *rest = items
b, c = (1, 'x')
b = b + 1
c = c + 'y'
n += 1
flag = flag + 1
record['a'] += 1
record['k'] = [1]
---
answer: int = 'x'
whole = answer + 'y'
def f(a: int) -> str:
    return a
r = f('z') + 'z'
---
parts = text.split(',')
parts[0] = 3
for part in parts:
    last = part if part == 3 else part + 'x'
parts.insert(0, {})
parts.index(3)
---
def first(rows):
    best = None
    for row in rows:
        if best is None or best['price'] > row['price']:
            best = row
    return best['name'] + '!'
name = first(rows)
---
act = None
if flag:
    act = len
x = act(items) + (len if flag else None)(items) + ([1] if flag else 5)[0]
for i in ([1] if flag else 5):
    pass
act = 1
---
x = items if flag else n
y = [i + 1 for i in x]
z = x[0] + len(x) + (n in x)
u = (text if flag else n).upper()
v = -(n if flag else text)
---
status = 'open' if flag else None
if status:
    status = status + '!'
keys = list(record)
keys.sort()
key = keys[0] + 'x'
---
x = [] if flag else {}
y = x or 'none'
z = (n, text)[0] + 1
s = 'a' if n > 100 else 5
t = s + 1
""".strip().split("\n---\n")

# what a script that runs three times finds of its own last turn (`n`: 0, 1, 2)
TURNS = """
if n > 0:
    total = total + 1
else:
    total = 0
---
total = total + 1 if n > 0 else 0
---
total = n and total + 1
---
total = sum([total + 1 for _ in range(min(n, 1))])
---
def next_one():
    return total + 1
total = next_one() if n else 0
---
steps = 0
while steps < n:
    total = total + 1 if steps else 1
    steps += 1
total = total if steps else 0
---
match n:
    case 0:
        total = 0
    case other:
        total = total + 1
---
for last in [n]:
    pass
total = last
---
match [n, n, n]:
    case [total, *rest]:
        pass
total = total + sum(rest) - 2 * n
---
if 0 < n < total + 9:
    total = total + 1
else:
    total = 0
---
try:
    total = total + 1
except NameError:
    total = 0
""".strip().split("\n---\n")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()


def test_expressions_that_work_are_not_refused(sandbox: Sandbox) -> None:
    texts = EXPRESSIONS.strip().splitlines()
    for text in texts:
        sandbox.evaluate(text, NAMES | {"urgent": True}, NOW)
    types = TYPES | {"urgent": "Any"}
    found = sandbox.check([Snippet(text, names=types, others=False, fields=FIELDS) for text in texts])
    assert [(text, wrong) for text, wrong in zip(texts, found, strict=True) if wrong] == []


def test_scripts_that_work_are_not_refused(sandbox: Sandbox) -> None:
    for text in SCRIPTS:
        sandbox.execute(text, NAMES, NOW)
    found = sandbox.check([Snippet(text, "script", TYPES, others=False, fields=FIELDS) for text in SCRIPTS])
    assert [(text, wrong) for text, wrong in zip(SCRIPTS, found, strict=True) if wrong] == []


def script(id_: str, text: str, more: str = "") -> str:
    return node("scriptTask", id_, f"{more}<bpmn:script>{escape(text)}</bpmn:script>")


@pytest.mark.parametrize("text", TURNS)
def test_a_script_on_a_cycle_may_read_what_it_set_the_last_time(text: str) -> None:
    assert_runs_unrefused(
        script("zero", "n = 0"), script("a", text), script("count", "n = n + 1"),
        node("exclusiveGateway", "g", default="g->e"),
        path("s", "zero", "a", "count", "g", "e"), flow("g", "a", "n &lt; 3"),
    )  # fmt: skip


@pytest.mark.parametrize("text", TURNS)
def test_a_script_in_a_loop_may_read_what_it_set_the_last_time(text: str) -> None:
    loop = "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>loopCounter &lt; 3</bpmn:loopCondition>"
    assert_runs_unrefused(
        script("a", f"n = loopCounter\n{text}", f"{loop}</bpmn:standardLoopCharacteristics>"), path("s", "a", "e")
    )


def test_a_script_may_read_what_the_script_before_it_set() -> None:
    spiff = 'xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    before = f"<bpmn:extensionElements><s:preScript {spiff}>total = 1</s:preScript></bpmn:extensionElements>"
    assert_runs_unrefused(script("a", "total = total + 1", before), path("s", "a", "e"))


def test_a_variable_may_be_made_by_the_function_whose_name_it_takes() -> None:
    assert_runs_unrefused(script("a", "max = max([1, 2])\nmin: int = min(max, 3)\ntotal = min"), path("s", "a", "e"))


def assert_runs_unrefused(*drawn: str) -> None:
    """The process runs and makes `total` 2, and the check of its package is silent."""
    assert Play(process(*drawn)).variables["total"] == 2
    found = check_version({**desk_files(), "p.bpmn": xml(process(*drawn))})
    assert [problem.problem for problem in found if problem.file == "p.bpmn"] == []
