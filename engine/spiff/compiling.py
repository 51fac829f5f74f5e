"""From our model to the specifications that SpiffWorkflow runs."""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.spiff import specs
from engine.spiff.model import Error, Node, Process, Terminate

#: no element can be called so: an XML id never begins with a slash
ROOT = "/root"


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process without the internal tasks whose names an element's id might collide with."""

    def __init__(self, process: Process) -> None:
        WorkflowSpec.__init__(self, name=process.id, filename=process.file)
        self.process = process
        self.start = SimpleBpmnTask(self, ROOT)
        self.data_objects: dict[str, object] = {}


def compile_process(process: Process) -> ProcessSpec:
    """The specification of one process; its flows become SpiffWorkflow's connections."""
    spec = ProcessSpec(process)
    for node in process.nodes.values():
        _behaviour(node)(spec, node)
    for flow in process.flows.values():
        spec.task_specs[flow.source].connect(spec.task_specs[flow.target])
    return spec


def _behaviour(node: Node) -> type[specs.Element]:
    if node.type == "endEvent" and isinstance(node.event, Terminate):
        return specs.TerminateEnd
    if node.type == "endEvent" and isinstance(node.event, Error):
        return specs.ErrorEnd
    return _BEHAVIOURS.get(node.type, specs.Element)


_BEHAVIOURS: dict[str, type[specs.Element]] = {
    "userTask": specs.UserTask,
    "scriptTask": specs.ScriptTask,
    "serviceTask": specs.JobTask,
    "businessRuleTask": specs.DecisionTask,
    "sendTask": specs.Thrower,
    "endEvent": specs.Thrower,
    "intermediateThrowEvent": specs.Thrower,
    "receiveTask": specs.Catcher,
    "intermediateCatchEvent": specs.Catcher,
    "boundaryEvent": specs.Catcher,
    "exclusiveGateway": specs.ExclusiveGateway,
    "parallelGateway": specs.ParallelGateway,
    "inclusiveGateway": specs.InclusiveGateway,
    "eventBasedGateway": specs.EventGateway,
    "subProcess": specs.SubProcess,
    "callActivity": specs.CallActivity,
}
