"""What each kind of gateway does: where tokens wait for one another, and which flows they take (BPMN 2.0, 13.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task

from engine.spiff.model import Flow
from engine.spiff.running.joins import incoming_by_flow, ready_inclusive
from engine.spiff.running.specs import Element, default_flow, true_flows
from engine.spiff.running.tokens import Wait

if TYPE_CHECKING:
    from engine.spiff.running.execution import Execution


class ExclusiveGateway(Element):
    """One flow: the first whose condition holds, else the default (BPMN 13.4.2)."""

    def choose(self, task: Task, on: Execution) -> list[tuple[Flow, dict[str, Any]]]:
        """Conditions are asked in the order of the file, and none behind the first that holds."""
        flows = on.flows_of(task)
        if len(flows) == 1 and not flows[0].condition:
            return [(flows[0], {})]
        found = next(true_flows(task, on, flows, self.node.default), None)
        return [found] if found else default_flow(task, flows, self.node)


class ParallelGateway(Element):
    """Waits for one token on each incoming flow (BPMN 13.4.1)."""

    rests: Wait = "join"

    def arrive(self, task: Task, on: Execution) -> bool:
        """The last token that is missing takes the others with it; excess ones stay."""
        on.wait(task, "join")
        waiting = incoming_by_flow(task)
        if any(flow not in waiting for flow in self.node.incoming):
            return False
        on.join(task, [waiting[flow][0] for flow in self.node.incoming])
        return True


class InclusiveGateway(Element):
    """Waits until no further token can come (BPMN 13.4.3); splits by every condition that holds."""

    rests: Wait = "join"

    def arrive(self, task: Task, on: Execution) -> bool:
        """A join is looked at when nothing else can move."""
        if len(self.node.incoming) < 2:
            return True
        on.wait(task, "join")
        return False

    def try_join(self, task: Task, on: Execution) -> bool:
        """Joins if it may; says whether it did."""
        if not ready_inclusive(task):
            return False
        waiting = incoming_by_flow(task)
        first = next(iter(waiting.values()))[0]
        on.join(first, [tokens[0] for tokens in waiting.values()])
        first._ready()
        return True

    def choose(self, task: Task, on: Execution) -> list[tuple[Flow, dict[str, Any]]]:
        """Every flow whose condition holds, or that has none and isn't the default."""
        flows = on.flows_of(task)
        chosen = list(true_flows(task, on, flows, self.node.default))
        return chosen or default_flow(task, flows, self.node)


class EventGateway(Element):
    """The first of several events decides (BPMN 13.4.4)."""

    rests: Wait = "events"

    def arrive(self, task: Task, on: Execution) -> bool:
        """Listens to each of its events."""
        on.wait(task, "events")
        for flow in on.flows_of(task):
            on.listen(on.attach(task, flow.target, flow.id))
        return False
