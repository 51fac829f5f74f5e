"""A whole package compared: with itself, in whatever hand, nothing is told; one change is, and nothing else."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.spiff.comparing import compare
from tests.support.documents import ROOT
from tests.unit.spiff.comparing.telling import line

FOLDER = ROOT / "workflows" / "mrdoc"
FILES = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
DIALECTS = {path.as_posix(): path.read_bytes() for path in (ROOT / "tests/unit/spiff/dialects").rglob("*.bpmn")}
DRAWN = {path: content for path, content in (FILES | DIALECTS).items() if path.endswith((".bpmn", ".dmn", ".form"))}


def written_anew(path: str, content: bytes, seed: int) -> bytes:
    """The same in another hand: keys, attributes and prefixes in another order, other spaces."""
    chance = random.Random(seed)
    if path.endswith(".form"):
        return json.dumps(_shuffled(json.loads(content), chance), indent=chance.randrange(5)).encode()
    root = etree.fromstring(content)
    for element in root.iter(etree.Element):
        attributes = chance.sample(list(element.attrib.items()), len(element.attrib))
        element.attrib.clear()
        element.attrib.update(dict(attributes))
        if len(element) and not (element.text or "").strip():
            element.text = " " * chance.randrange(3) + "\n" * chance.randrange(3)
    for number, prefix in enumerate(sorted(filter(None, root.nsmap), reverse=True)):
        content = etree.tostring(root.getroottree())
        content = content.replace(b"xmlns:%s=" % prefix.encode(), b"xmlns:n%d=" % number)
        for before in (b"<", b"</", b" ", b'type="'):
            content = content.replace(before + prefix.encode() + b":", before + b"n%d:" % number)
        root = etree.fromstring(content)
    return etree.tostring(root.getroottree(), encoding="utf-16" if seed % 2 else "utf-8")


def _shuffled(tree: object, chance: random.Random) -> object:
    if isinstance(tree, dict):
        return {key: _shuffled(tree[key], chance) for key in chance.sample(list(tree), len(tree))}
    return [_shuffled(item, chance) for item in tree] if isinstance(tree, list) else tree


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(DRAWN)), st.integers(0, 1_000))
def test_the_same_in_another_hand_is_the_same(path: str, seed: int) -> None:
    written = written_anew(path, DRAWN[path], seed)
    assert written != DRAWN[path]
    (difference,) = compare({path: DRAWN[path]}, {path: written}).files
    assert (difference.changes, difference.text) == ((), ())


def test_a_version_compared_with_itself_gives_nothing() -> None:
    assert compare(FILES, dict(reversed(FILES.items()))).files == ()


CHECK, POLICY, FORM, PACKAGE = "classification.bpmn", "sla.dmn", "forms/check.form", "package.toml"
#: file, what stands there, what is put in its place, at what a change is told, and what
CHANGES = [
    (CHECK, 'formRef="check"', 'formRef="x"', "userTask check_request", "form: ‘check’ → ‘x’"),
    (CHECK, '"Da classificare"', '"X"', "startEvent to_classify", "name: ‘Da classificare’ → ‘X’"),
    (CHECK, 'x="330" y="350"', 'x="340" y="350"', "subProcess check", ""),
    (CHECK, 'name="Cliente"', 'name="X"', "lane Lane_classification_customer", "name: ‘Cliente’ → ‘X’"),
    (POLICY, '"PT3H"', '"PT2H"', "rule sla_rule_3", 'Tempo: ‘"PT3H"’ → ‘"PT2H"’'),
    (POLICY, '"FIRST"', '"UNIQUE"', "decision sla", "hit policy: ‘FIRST’ → ‘UNIQUE’"),
    (FORM, '"minLength": 10', '"minLength": 20', "textarea question", "least characters: ‘10’ → ‘20’"),
    (FORM, '"label": "Bug CRM"', '"label": "X"', "select category", "option bug_crm: ‘Bug CRM’ → ‘X’"),
    (PACKAGE, '"APERTO"', '"X"', "setting statuses.open.label.it", "‘APERTO’ → ‘X’"),
    (PACKAGE, 'country = "IT"', 'country = "FR"', "setting calendars.office.holidays.country", "‘IT’ → ‘FR’"),
    ("translations/en.po", '"Reason"', '"X"', "text Motivo", "‘Reason’ → ‘X’"),
]


@pytest.mark.parametrize(("path", "old", "new", "at", "said"), CHANGES, ids=[case[3] for case in CHANGES])
def test_a_change_in_one_place_is_told_and_nothing_else(path: str, old: str, new: str, at: str, said: str) -> None:
    assert old.encode() in FILES[path]
    changed = {**FILES, path: FILES[path].replace(old.encode(), new.encode(), 1)}
    (difference,) = compare(FILES, changed).files
    assert (difference.path, difference.kind, difference.text) == (path, "changed", ())
    assert [line(change) for change in difference.changes] == [f"changed {at}: {said}" if said else f"moved {at}"]


@pytest.mark.parametrize("folder", ["mail/", "scenarios/", "demonstration/", "README.md"])
def test_a_line_of_a_text_is_told_and_nothing_else(folder: str) -> None:
    path = next(path for path in sorted(FILES) if path.startswith(folder))
    (difference,) = compare(FILES, {**FILES, path: b"A line more\n" + FILES[path]}).files
    assert difference.path == path
    assert [text for text in difference.text if text[0] in "+-"] == ["+A line more"]
