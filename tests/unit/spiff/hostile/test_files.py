"""Hostile files: what grows while it is read, what reaches outside, what is larger or deeper than anything real."""

from __future__ import annotations

import json
import time

import pytest

from engine.domain.errors import CorruptState, StepFailed
from engine.domain.events import UserTaskCompleted
from engine.spiff.advancing import advance
from engine.spiff.decisions import read_decisions
from engine.spiff.versions import check_diagram, check_version
from tests.support.desk import desk_files
from tests.unit.spiff.decisions.drawing import literal, model, table
from tests.unit.spiff.drawing import NOW, SANDBOX, Play, node, path, process, xml
from tests.unit.spiff.hostile.places import CELLS

LAUGHS = "".join('<!ENTITY l{} "{}">'.format(n, f"&l{n - 1};" * 10) for n in range(1, 10))
DIAGRAM = xml(process(node("task", "a"), path("s", "a", "e"))).decode()
TABLE = model(table(CELLS)).decode().partition("?>")[2].strip()
#: document types, with what is put into the file in their place
BOMBS = {
    "billion laughs": (f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"),
    "quadratic": ('<!DOCTYPE x [<!ENTITY a "' + "a" * 50_000 + '">]>', "&a;" * 20_000),
    "file": ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
    "network": ('<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/a">]>', "&a;"),
    "parameter": ('<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>', ""),
    "document type alone": ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/a.dtd">', ""),
    "behind a remark": ("<!-- " + "x" * 10_000 + ' --><!DOCTYPE x SYSTEM "http://127.0.0.1:9/a.dtd">', ""),
    "endless": ('<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>', "&a;"),
}
ENCODINGS = ["utf-8", "utf-16", "utf-32"]


def read(path: str, content: bytes) -> list[str]:
    """What is wrong with a file, told within a second."""
    began = time.process_time()
    found = check_diagram(path, content) if path.endswith(".bpmn") else read_decisions(path, content)[1]
    assert time.process_time() - began < 1
    return [problem.problem for problem in found]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("where", ["text", "attribute"])
@pytest.mark.parametrize(("file", "sound"), [("p.bpmn", DIAGRAM), ("t.dmn", TABLE)], ids=["bpmn", "dmn"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_no_entity_is_made_larger_or_fetched(bomb: str, file: str, sound: str, where: str, encoding: str) -> None:
    document_type, entities = BOMBS[bomb]
    begin, _, rest = sound.partition(">")
    inside = f"{begin}><x>{entities}</x>{rest}" if where == "text" else f'{begin} x="{entities}">{rest}'
    content = f'<?xml version="1.0" encoding="{encoding}"?>{document_type}{inside}'.encode(encoding)
    (problem,) = read(file, content)
    assert "root:" not in problem
    assert len(problem) < 400


@pytest.mark.parametrize(
    "drawn",
    [
        node("task", "a").replace('name="a"', 'name="' + "x" * 10_000_000 + '"'),
        node("task", "a").replace('id="a"', 'id="' + "x" * 100_000 + '"'),
        node("scriptTask", "a", "<bpmn:script>" + "x = 1;" * 20_000 + "</bpmn:script>"),
        node("task", "a", "<bpmn:documentation>" + "x" * 10_000_000 + "</bpmn:documentation>"),
        node("task", "a", properties={"note": "x" * 100_000}),
        node("task", "a", "<bpmn:documentation>" * 3_000 + "</bpmn:documentation>" * 3_000),
        "".join(f'<bpmn:subProcess id="u{n}">' for n in range(200)) + "</bpmn:subProcess>" * 200,
    ],
    ids=["label", "id", "script", "documentation", "property", "elements", "subprocesses"],
)
def test_what_is_larger_or_deeper_than_anything_real_is_one_problem(drawn: str) -> None:
    (problem,) = read("p.bpmn", xml(process(drawn, path("s", "a", "e"))))
    assert len(problem) < 400


def test_subprocesses_as_deep_as_may_be_are_checked_and_stop_by_themselves() -> None:
    """XML may be 100 levels deep, scopes 20."""
    deep = ""
    for n in reversed(range(40)):
        ends = node("startEvent", f"i{n}") + node("endEvent", f"o{n}")
        inside = path(f"i{n}", f"u{n + 1}", f"o{n}") + deep if deep else path(f"i{n}", f"o{n}")
        deep = node("subProcess", f"u{n}", ends + inside)
    drawn = process(deep, path("s", "u0", "e"))
    assert read("p.bpmn", xml(drawn)) == []
    with pytest.raises(StepFailed, match="nested more than 20 deep"):
        Play(drawn)


@pytest.mark.parametrize("text", ["(" * 3_000 + "1" + ")" * 3_000, "[" * 5_000, "if true then " * 900, "not(" * 2_000])
def test_deep_feel_is_told_and_not_followed(text: str) -> None:
    assert read("t.dmn", model(literal(text, key="routing")))
    assert read("t.dmn", model(table([([text], ['"a"'])])))


@pytest.mark.parametrize("state", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000, b"1" * 10_000])
def test_deep_states_are_corrupt(state: bytes) -> None:
    play = Play(process(node("userTask", "a"), path("s", "a", "e")))
    began = time.process_time()
    with pytest.raises(CorruptState):
        advance(play.definitions, state, UserTaskCompleted(2, {}), {}, NOW, SANDBOX)
    assert time.process_time() - began < 1


def test_deep_values_stay_what_they_are() -> None:
    value: object = 1
    for _ in range(38):
        value = [value]
    play = Play(process(node("userTask", "a"), node("userTask", "b"), path("s", "a", "b", "e")))
    play.send(UserTaskCompleted(play.token("user", "a"), {"deep": value}))
    play.send(UserTaskCompleted(play.token("user", "b"), {}))
    assert play.variables == {"deep": value}
    assert json.loads(play.state or b"")


def test_a_package_of_bombs_is_told_file_by_file_in_one_pass() -> None:
    bomb = (BOMBS["billion laughs"][0] + "<x>&l9;</x>").encode()
    files = {**desk_files(), "a.bpmn": bomb, "b.dmn": bomb, "forms/c.form": b"[" * 100_000, "mail/d.txt": b"{{" * 4_000}
    began = time.process_time()
    found = {problem.file for problem in check_version(files)}
    assert time.process_time() - began < 2
    assert {"a.bpmn", "b.dmn", "forms/c.form", "mail/d.txt"} <= found
