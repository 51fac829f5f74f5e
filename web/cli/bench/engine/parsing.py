"""How long reading a diagram of 300 elements takes: deployed anew, and when it is known."""

from __future__ import annotations

import statistics
import time

from engine.spiff.expressions import Sandbox
from engine.spiff.versions import read_version
from web.cli.bench.engine.places import Place
from web.cli.bench.engine.workshop import furnish, package_files, workshop

ELEMENTS = 300
_BLOCK = """
<bpmn:userTask id="ask_{n}" name="Ask {n}" camunda:formKey="answer" camunda:candidateGroups="clerk"/>
<bpmn:boundaryEvent id="late_{n}" attachedToRef="ask_{n}" cancelActivity="false">
  <bpmn:timerEventDefinition><bpmn:timeDuration>PT{n}H</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:endEvent id="told_{n}"/>
<bpmn:exclusiveGateway id="which_{n}" default="else_{n}"/>
<bpmn:scriptTask id="count_{n}" scriptFormat="python"><bpmn:script>total = {n}</bpmn:script></bpmn:scriptTask>
<bpmn:exclusiveGateway id="join_{n}"/>
<bpmn:sequenceFlow id="to_told_{n}" sourceRef="late_{n}" targetRef="told_{n}"/>
<bpmn:sequenceFlow id="to_which_{n}" sourceRef="ask_{n}" targetRef="which_{n}"/>
<bpmn:sequenceFlow id="if_{n}" sourceRef="which_{n}" targetRef="count_{n}">
  <bpmn:conditionExpression>answer == "{n}"</bpmn:conditionExpression>
</bpmn:sequenceFlow>
<bpmn:sequenceFlow id="else_{n}" sourceRef="which_{n}" targetRef="join_{n}"/>
<bpmn:sequenceFlow id="counted_{n}" sourceRef="count_{n}" targetRef="join_{n}"/>
<bpmn:sequenceFlow id="next_{n}" sourceRef="join_{n}" targetRef="{next}"/>
"""
_AROUND = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="large_file" targetNamespace="urn:bench">
<bpmn:process id="large" isExecutable="true">
<bpmn:startEvent id="begun"/><bpmn:sequenceFlow id="begin" sourceRef="begun" targetRef="ask_1"/>
{blocks}<bpmn:endEvent id="over"/>
</bpmn:process></bpmn:definitions>
"""


def large_diagram() -> bytes:
    """300 elements: user tasks with timers, gateways with conditions, scripts."""
    blocks = (ELEMENTS - 2) // 6
    texts = [_BLOCK.format(n=n, next=f"ask_{n + 1}" if n < blocks else "over") for n in range(1, blocks + 1)]
    return _AROUND.format(blocks="".join(texts)).encode()


def parsing(place: Place, sandbox: Sandbox, rounds: int) -> tuple[float, float]:
    """Milliseconds (medians): from files to what runs, checked as when deploying; then as every command asks for it."""
    files = {**package_files(), "large.bpmn": large_diagram()}
    taken = [_timed(lambda: read_version(files).definitions.specs) for _ in range(rounds)]
    url = place.new("parsing")
    furnish(url, sandbox, 0)
    with workshop(url, sandbox) as made:
        made.engine.remember(2, read_version(files))
        made.engine.version(2)
        cached = [_timed(lambda: made.engine.version(2).definitions.specs["large"]) for _ in range(rounds)]
    return statistics.median(taken), statistics.median(cached)


def _timed(work: object) -> float:
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return (time.perf_counter() - begun) * 1_000
