"""What a package offers to whoever draws in it: bounded, however much a draft holds."""

from __future__ import annotations

import time

from engine.spiff.offering import MAX_NAMES, MAX_PLACES, offers
from engine.spiff.versions import Reading
from tests.unit.spiff.drawing import node, process, xml


def test_many_names_in_many_subprocesses_are_offered_once_and_in_part() -> None:
    scripts = [
        node(
            "scriptTask", f"s{at}", "<bpmn:script>" + "\n".join(f"v{at}_{n} = 1" for n in range(100)) + "</bpmn:script>"
        )
        for at in range(100)
    ]
    inner = [node("subProcess", f"u{at}") for at in range(500)]
    began = time.process_time()
    found = offers(Reading({"z.bpmn": xml(process(*scripts, *inner))}))
    assert time.process_time() - began < 5
    assert len(found.variables) == MAX_PLACES
    assert {len(names) for names in found.variables.values()} == {MAX_NAMES}


def test_an_element_with_a_loop_has_its_own_names_beside() -> None:
    count = "<bpmn:loopCardinality>=3</bpmn:loopCardinality>"
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{count}</bpmn:multiInstanceLoopCharacteristics>"
    script = node("scriptTask", "a", f"{loop}<bpmn:script>x = 1</bpmn:script>")
    found = offers(Reading({"z.bpmn": xml(process(script))}))
    assert "x" in found.variables["p"]
    assert "loopCounter" in found.own["a"] and "x" not in found.own["a"]
