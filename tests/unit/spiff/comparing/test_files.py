"""Forms, settings, translations and texts are compared as what they are; none takes more time than by its size."""

from __future__ import annotations

import copy
import json
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.said import Said
from engine.spiff.comparing import compare
from engine.spiff.comparing.model import MOST_CHANGES, MOST_LINES, MOST_WORDS
from engine.spiff.comparing.texts import MOST_READ, rows_of
from tests.unit.spiff.comparing.telling import file_difference, told
from tests.unit.spiff.drawing import node, process, xml

FORM: dict[str, Any] = {
    "type": "default", "id": "Form", "components": [
        {"type": "select", "id": "F1", "key": "kind", "label": "Kind", "values": [
            {"label": "A", "value": "a"}, {"label": "B", "value": "b"}]},
        {"type": "textfield", "id": "F2", "key": "why", "label": "Why"},
        {"type": "group", "id": "G", "label": "More", "components": [{"type": "number", "id": "F3", "key": "much"}]},
    ]}  # fmt: skip
KIND, WHY, GROUP = range(3)


def edited(change: Callable[[list[Any]], object]) -> str:
    form = copy.deepcopy(FORM)
    change(form["components"])
    return json.dumps(form)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.append({"type": "number", "key": "n"}), ["added number n"]),
        (lambda c: c.pop(WHY), ["removed textfield why"]),
        (lambda c: c[WHY].update(label="Reason"), ["changed textfield why: label: ‘Why’ → ‘Reason’"]),
        (lambda c: c[WHY].update(type="textarea"), ["changed textarea why: type: ‘textfield’ → ‘textarea’"]),
        (lambda c: c[WHY].update(validate={"required": True}), ["changed textfield why: required: none → ‘yes’"]),
        (lambda c: c[WHY].update(conditional={"hide": "=x"}), ["changed textfield why: hidden if: none → ‘=x’"]),
        (lambda c: c[KIND]["values"][0].update(label="X"), ["changed select kind: option a: ‘A’ → ‘X’"]),
        (lambda c: c[KIND]["values"].pop(), ["changed select kind: option b: ‘B’ → none"]),
        (lambda c: c[KIND]["values"].reverse(), ["changed select kind: option b: position: ‘2’ → ‘1’"]),
        (lambda c: c.append(c.pop(KIND)), ["moved select kind: position: ‘1’ → ‘4’"]),
        (lambda c: c.append(c[GROUP]["components"].pop()), ["changed number much: stands in: ‘G’ → none"]),
        (lambda c: c[GROUP].update(new={"deep": 1}), ["changed group G: new.deep: none → ‘1’"]),
    ],
)  # fmt: skip
def test_a_form_is_told_by_its_fields(change: Callable[[list[Any]], object], said: list[str]) -> None:
    assert told("forms/x.form", json.dumps(FORM), edited(change)) == said


SETTINGS = """
id = "desk"
lanes = { "A B" = ["x", "y"] }
[calendars.office]
hours = { mon = ["08:30-17:30"] }
[[statuses]]
key = "open"
label = { it = "Aperto" }
[[statuses]]
key = "closed"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Aperto", "Nuovo", "changed setting statuses.open.label.it: ‘Aperto’ → ‘Nuovo’"),
        ("08:30", "09:00", "changed setting calendars.office.hours.mon: ‘08:30-17:30’ → ‘09:00-17:30’"),
        ('"y"', '"y", "z"', "changed setting lanes.A B: ‘x, y’ → ‘x, y, z’"),
        ('id = "desk"\n', "", "removed setting id: ‘desk’ → none"),
        ('[[statuses]]\nkey = "closed"', "", "removed setting statuses.closed: key: ‘closed’ → none"),
        ('"closed"', '"closed"\n[[statuses]]\nkey = "new"', "added setting statuses.new: key: none → ‘new’"),
    ],
)
def test_settings_are_told_by_their_keys(old: str, new: str, said: str) -> None:
    assert told("package.toml", SETTINGS, SETTINGS.replace(old, new, 1)) == [said]


def test_a_setting_that_stands_elsewhere_is_moved_and_a_remark_is_told_as_text() -> None:
    head, first, second = SETTINGS.split("[[statuses]]")
    assert told("package.toml", SETTINGS, f"{head}[[statuses]]{second}[[statuses]]{first}") == [
        "moved setting statuses.closed: position: ‘2’ → ‘1’"
    ]
    assert "+# why" in told("package.toml", SETTINGS, SETTINGS + "# why\n")


def test_translations_are_told_by_the_text_that_is_translated() -> None:
    before = 'msgid "A"\nmsgstr "uno"\n\nmsgid "B"\nmsgstr "due"\n'
    after = 'msgctxt "f"\nmsgid "C"\nmsgstr "tre"\n\n#, fuzzy\nmsgid "A"\nmsgstr "one"\n'
    assert told("translations/it.po", before, after) == [
        "added text C: none → ‘tre’",
        "changed text A: ‘uno’ → ‘one’; guessed by a tool: yes",
        "removed text B: ‘due’ → none",
    ]


def test_a_text_is_told_by_its_lines_with_those_around_them() -> None:
    lines = [f"line {number}" for number in range(1, 10)]
    after = [*lines[:4], "new", *lines[5:]]
    assert told("mail/x.txt", "\n".join(lines), "\n".join(after)) == [
        "@@ -3 +3 @@", " line 3", " line 4", "-line 5", "+new", " line 6", " line 7",
    ]  # fmt: skip
    assert told("mail/x.txt", "a\nb\n", "a\r\nb\r\n") == []


def test_what_comes_after_very_many_lines_is_compared_as_one() -> None:
    before = b"x\n" * (MOST_READ + 5)
    (head, *_, old, new) = told("x.md", before, before + b"y")
    assert (head, old, new) == (f"@@ -{MOST_READ - 1} +{MOST_READ - 1} @@", "-" + "x⏎" * 5, "+" + "x⏎" * 5 + "y")


@pytest.mark.parametrize("path", ["x.bpmn", "x.dmn", "x.form", "package.toml", "translations/it.po", "README.md"])
def test_what_cannot_be_read_is_compared_as_text(path: str) -> None:
    assert told(path, "\n".join("abc"), "\n".join("axc")) == ["@@ -1 +1 @@", " a", "-b", "+x", " c"]
    assert told(path, b"\xff\n", b"\xfe\xff\n")[0] == "@@ -1 +1 @@"


def test_files_that_came_or_went_are_told_by_their_paths() -> None:
    found = compare({"a.md": b"", "b.md": b""}, {"b.md": b"", "c.md": b""})
    assert [(file.path, file.kind) for file in found.files] == [("a.md", "removed"), ("c.md", "added")]


def test_all_that_is_said_can_be_said_in_other_languages() -> None:
    form = edited(lambda c: c[WHY].update(validate={"required": True}))
    (word,) = file_difference("x.form", json.dumps(FORM), form).changes[0].words
    assert isinstance(word, Said) and all(isinstance(part, Said) for part in word.values.values())


def test_much_is_told_in_part_and_the_rest_is_counted() -> None:
    many = MOST_CHANGES + 20
    tasks = xml(process(*(node("task", f"t{number}") for number in range(many))))
    found = file_difference("p.bpmn", xml(process()), tasks)
    assert (len(found.changes), found.left_out) == (MOST_CHANGES, 20)
    found = file_difference("x.txt", b"", b"x\n" * (MOST_LINES + 20))
    assert len(found.text) == MOST_LINES and found.left_out == 21
    properties = {f"k{number}": "v" for number in range(MOST_WORDS + 5)}
    (change,) = file_difference(
        "p.bpmn", xml(process(node("task", "t"))), xml(process(node("task", "t", "", properties)))
    ).changes
    assert change.words[-1] == "… and 5 more"


def test_facts_that_stand_deep_inside_take_little_memory() -> None:
    deep = "".join(f"<x id='{'k' * 110}{at}'>" for at in range(90))
    many = "<a " + " ".join(f"a{at}='1'" for at in range(80)) + "/>"
    inside = f"<bpmn:extensionElements>{deep}{many * 150}{'</x>' * 90}</bpmn:extensionElements>"
    tracemalloc.start()
    try:
        (change,) = file_difference("p.bpmn", xml(process()), xml(process(inside))).changes
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert change.words[-1] == "… and 11980 more"
    assert used < 60_000_000


def test_a_number_too_long_to_be_told_is_compared_as_text() -> None:
    long = f"x = 0x{'f' * 5_000}\n".encode()
    assert told("package.toml", b"x = 1\n", long)[0] == "@@ -1 +1 @@"


def _form(count: int, extra: str) -> bytes:
    return json.dumps({"components": [{"key": "a", "values": [{"value": n}, extra]} for n in range(count)]}).encode()


def _shuffled(count: int, extra: str) -> bytes:
    return "\n".join(str(n * (7 if extra == "x" else 1) % count) for n in range(count)).encode()


#: path, and a file in which something stands so many times; the older file has x and the newer z
HOSTILE: dict[str, tuple[str, Callable[[int, str], bytes]]] = {
    "elements with one id": ("p.bpmn", lambda n, x: xml(process(node("task", "a", x) * n))),
    "elements without any": ("p.bpmn", lambda n, x: xml(process(node("task", "a", f"<bpmn:{x}/>" * n)))),
    "remarks": ("p.bpmn", lambda n, x: xml(process(node("task", "a", f"<!--{x}-->y" * n)))),
    "properties": ("p.bpmn", lambda n, x: xml(process(node("task", "a", "", {f"{x}{i}": x for i in range(n)})))),
    "rules": ("x.dmn", lambda n, x: f"<d><decision id='d'>{'<decisionTable/>' * n}{x}</decision></d>".encode()),
    "fields": ("x.form", _form),
    "few lines": ("x.md", lambda n, x: b"\n".join([b"a", b"b", x.encode()] * n)),
    "lines in another order": ("x.md", _shuffled),
    "settings": ("package.toml", lambda n, x: "".join(f'[[a]]\nkey = "{x}"\n' for _ in range(n)).encode()),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_twice_as_much_takes_about_twice_the_work(case: str) -> None:
    path, made = HOSTILE[case]
    few, many = (calls(lambda n=n: compare({path: made(n, "x")}, {path: made(n + 1, "z")})) for n in (100, 200))
    assert many < 2.6 * few


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, those of libraries among them."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_what_is_told_of_a_text_makes_the_newer_out_of_the_older(before: list[str], after: list[str]) -> None:
    rows = list(rows_of(before, after))
    assert [line for mark, line, *_ in rows if mark != "+"] == before
    assert [line for mark, line, *_ in rows if mark != "-"] == after
