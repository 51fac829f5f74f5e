"""What a new file of a package begins as: the least that can be opened and checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, quoteattr

from engine.domain.errors import Invalid
from engine.domain.said import said

LONGEST_NAME = 80
_WORD = re.compile(r"[a-z0-9]+")


def begin(kind: str, name: str) -> tuple[str, bytes]:
    """Path and content of a new file. `kind`: one of `KINDS`; `name`: what people call it. Raises `Invalid`."""
    words = _WORD.findall(name.lower())
    if kind not in KINDS or not words or len(name) > LONGEST_NAME:
        raise Invalid(
            said("A new file needs a kind and a name."),
            {"name": [said("Give it a name with letters or digits, of at most {most} characters.", most=LONGEST_NAME)]},
        )
    pattern, content = KINDS[kind]
    key = "_".join(words)
    key = key if key[0].isalpha() else f"a_{key}"
    return pattern.format(key=key), content(key, name).encode()


def _diagram(key: str, name: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
id="Definitions_{key}" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="{key}" name={quoteattr(name)} isExecutable="true">
    <bpmn:startEvent id="{key}_start"><bpmn:outgoing>{key}_flow</bpmn:outgoing></bpmn:startEvent>
    <bpmn:endEvent id="{key}_end"><bpmn:incoming>{key}_flow</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="{key}_flow" sourceRef="{key}_start" targetRef="{key}_end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{key}_diagram">
    <bpmndi:BPMNPlane id="{key}_plane" bpmnElement="{key}">
      <bpmndi:BPMNShape id="{key}_start_di" bpmnElement="{key}_start">
        <dc:Bounds x="160" y="120" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="{key}_end_di" bpmnElement="{key}_end">
        <dc:Bounds x="420" y="120" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="{key}_flow_di" bpmnElement="{key}_flow">
        <di:waypoint x="196" y="138" /><di:waypoint x="420" y="138" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def _decision(key: str, name: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="Definitions_{key}" name={quoteattr(name)} \
namespace="http://camunda.org/schema/1.0/dmn">
  <decision id="{key}" name={quoteattr(name)}>
    <decisionTable id="{key}_table" hitPolicy="FIRST">
      <input id="{key}_input" label="category"><inputExpression id="{key}_expression" typeRef="string">\
<text>ticket.category</text></inputExpression></input>
      <output id="{key}_output" name="answer" typeRef="string" />
      <rule id="{key}_rule_1"><inputEntry id="{key}_test_1"><text></text></inputEntry>\
<outputEntry id="{key}_answer_1"><text>""</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


def _form(key: str, name: str) -> str:
    field = {"type": "textfield", "id": f"{key}_1", "key": "answer", "label": name, "validate": {"required": True}}
    return json.dumps({"type": "default", "id": key, "components": [field]}, indent=2, ensure_ascii=False) + "\n"


def _mail(_key: str, name: str) -> str:
    return f"Subject: {' '.join(name.split())}\n\n{escape(name)}\n"


def _scenario(_key: str, name: str) -> str:
    return f"title: {json.dumps(name, ensure_ascii=False)}\ngiven: {{}}\nsteps: []\n"


#: kind → where it stands, and what makes its content of its key and its name
KINDS: Mapping[str, tuple[str, Callable[[str, str], str]]] = {
    "diagram": ("{key}.bpmn", _diagram),
    "form": ("forms/{key}.form", _form),
    "decision": ("{key}.dmn", _decision),
    "mail": ("mail/{key}.txt", _mail),
    "scenario": ("scenarios/{key}.yaml", _scenario),
}
