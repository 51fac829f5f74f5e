"""From our model to the specifications that SpiffWorkflow runs."""

from __future__ import annotations

from collections.abc import Mapping

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from engine.spiff.model import Error, Link, Node, Process, Terminate
from engine.spiff.running import gateways, specs
from engine.spiff.running.repeating import ITEM

#: no element can be called so: an XML id never begins with a slash
ROOT = "/root"


class ProcessSpec(BpmnProcessSpec):  # type: ignore[misc]
    """A process without the internal tasks whose names an element's id might collide with."""

    def __init__(self, process: Process) -> None:
        WorkflowSpec.__init__(self, name=process.id, filename=process.file)
        self.process = process
        self.start = SimpleBpmnTask(self, ROOT)
        self.data_objects: dict[str, object] = {}
        #: the starts of the process's event subprocesses
        self.triggers: list[specs.Trigger] = []


def compile_process(process: Process, processes: Mapping[str, Process]) -> ProcessSpec:
    """The specification of one process; its flows become SpiffWorkflow's connections.

    `processes`: all, for what its event subprocesses are started by.
    """
    spec = ProcessSpec(process)
    for handler in process.event_subprocesses:
        if start := processes[handler.id].start:
            spec.triggers.append(specs.Trigger(spec, start, handler.id))
    for node in process.nodes.values():
        _behaviour(node)(spec, node)
    for flow in process.flows.values():
        spec.task_specs[flow.source].connect(spec.task_specs[flow.target])
    return spec


def _behaviour(node: Node) -> type[specs.Element]:
    if node.loop is not None:
        return specs.Repeated
    if node.type == "endEvent" and isinstance(node.event, Terminate):
        return specs.TerminateEnd
    if node.type == "endEvent" and isinstance(node.event, Error):
        return specs.ErrorEnd
    if isinstance(node.event, Link):
        return specs.Element
    if node.id.endswith(ITEM):
        return specs.Item
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
    "exclusiveGateway": gateways.ExclusiveGateway,
    "parallelGateway": gateways.ParallelGateway,
    "inclusiveGateway": gateways.InclusiveGateway,
    "eventBasedGateway": gateways.EventGateway,
    "subProcess": specs.SubProcess,
    "callActivity": specs.CallActivity,
}
