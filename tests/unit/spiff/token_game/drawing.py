"""The blocks as BPMN. Ids of what only routes begin with `g`: the oracle has no such thing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from tests.unit.spiff.drawing import CYCLE, ERROR, MESSAGE, TERMINATE, TIMER, flow, node, path, process
from tests.unit.spiff.token_game.blocks import Block

MULTIPLE = (
    "<bpmn:multiInstanceLoopCharacteristics{}><bpmn:loopCardinality>{}</bpmn:loopCardinality>{}"
    "</bpmn:multiInstanceLoopCharacteristics>"
)
ENOUGH = "<bpmn:completionCondition>nrOfCompletedInstances &gt;= 2</bpmn:completionCondition>"
AGAIN = (
    "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>{}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="esc"/>'


class Drawing:
    """Draws a block and all that is in it."""

    def __init__(self, root: Block) -> None:
        self.processes: list[str] = []
        self.processes.insert(0, process(self.scope("", root), id_="p"))

    def scope(self, mark: str, block: Block) -> str:
        parts: list[str] = []
        first, last = self.block(block, parts)
        return "".join(parts) + path(f"{mark}s", first) + path(last, f"{mark}e")

    def block(self, block: Block, to: list[str]) -> tuple[str, str]:
        """Draws a block; gives its first and last element."""
        drawn: tuple[str, str] = getattr(self, block.kind)(block, block.id, to)
        return drawn

    def task(self, _block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        to.append(node("task", id_))
        return id_, id_

    def user(self, _block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        to.append(node("userTask", id_))
        return id_, id_

    def seq(self, block: Block, _id: str, to: list[str]) -> tuple[str, str]:
        ends = [self.block(kid, to) for kid in block.kids]
        to.extend(flow(one[1], other[0]) for one, other in pairwise(ends))
        return ends[0][0], ends[-1][1]

    def xor(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        return self._split("exclusiveGateway", block, id_, to, lambda n: f"v_{id_} % {len(block.kids)} == {n}")

    def or_(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        return self._split("inclusiveGateway", block, id_, to, lambda n: f"{n} in v_{id_}")

    def and_(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        return self._split("parallelGateway", block, id_, to, None)

    def _split(
        self, kind: str, block: Block, id_: str, to: list[str], condition: Callable[[int], str] | None
    ) -> tuple[str, str]:
        ends = [self.block(kid, to) for kid in block.kids]
        default = {"default": f"g1{id_}->{ends[-1][0]}"} if condition else {}
        to += [node(kind, f"g1{id_}", **default), node(kind, f"g2{id_}")]
        for number, (first, last) in enumerate(ends):
            asked = condition(number) if condition and number < len(ends) - 1 else ""
            to += [flow(f"g1{id_}", first, asked), flow(last, f"g2{id_}")]
        return f"g1{id_}", f"g2{id_}"

    def loop(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        first, last = self.block(block.kids[0], to)
        to += [
            node("scriptTask", f"g0{id_}", f"<bpmn:script>k_{id_} = 0</bpmn:script>"),
            node("exclusiveGateway", f"g1{id_}"),
            node("scriptTask", f"g2{id_}", f"<bpmn:script>k_{id_} = k_{id_} + 1</bpmn:script>"),
            node("exclusiveGateway", f"g3{id_}", default=f"g3{id_}->g4{id_}"),
            node("task", f"g4{id_}"),
            path(f"g0{id_}", f"g1{id_}", first),
            path(last, f"g2{id_}", f"g3{id_}", f"g4{id_}"),
            flow(f"g3{id_}", f"g1{id_}", f"k_{id_} &lt;= v_{id_}"),
        ]
        return f"g0{id_}", f"g4{id_}"

    def sub(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        ends = node("startEvent", f"{id_}s") + node("endEvent", f"{id_}e")
        to.append(node("subProcess", id_, ends + self.scope(id_, block.kids[0])))
        return id_, id_

    def many(self, _block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A task so many times at once."""
        to.append(node("task", id_, MULTIPLE.format("", f"v_{id_}", "")))
        return id_, id_

    def crowd(self, _block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A user task so many times at once, until a message takes all of them away."""
        event = node("boundaryEvent", f"{id_}b", MESSAGE.format("m"), attachedToRef=id_)
        to += [node("userTask", id_, MULTIPLE.format("", f"v_{id_}", "")), event, node("exclusiveGateway", f"g{id_}")]
        to += [path(id_, f"g{id_}"), path(f"{id_}b", f"g{id_}")]
        return id_, f"g{id_}"

    def each(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess so many times at once, each with a user task first; by an odd number two are enough."""
        inner: list[str] = []
        first, last = self.block(block.kids[0], inner)
        inner += [node("startEvent", f"{id_}s"), node("userTask", f"{id_}u"), node("endEvent", f"{id_}e")]
        inner += [path(f"{id_}s", f"{id_}u", first), path(last, f"{id_}e")]
        marker = MULTIPLE.format("", f"v_{id_}", ENOUGH if block.odd else "")
        to.append(node("subProcess", id_, "".join(inner) + marker))
        return id_, id_

    def rows(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess so many times in a row."""
        return self._marked(block, id_, to, MULTIPLE.format(' isSequential="true"', f"v_{id_}", ""))

    def again(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess once, and then so many times again."""
        return self._marked(block, id_, to, AGAIN.format(f"loopCounter &lt;= v_{id_}"))

    def hand(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess with an event subprocess that a message starts in its place: the second kid."""
        return self._marked(block, id_, to, self._handler(id_, block.kids[1], MESSAGE.format("m"), interrupting="true"))

    def rung(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess with an event subprocess that a message starts beside it."""
        return self._marked(block, id_, to, self._beside_it(id_, MESSAGE.format("m")))

    def tick(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess with an event subprocess that a timer starts beside it, twice."""
        return self._marked(block, id_, to, self._beside_it(id_, CYCLE.format("R2/PT1H")))

    def _beside_it(self, id_: str, event: str) -> str:
        return self._handler(id_, Block("task", 0, [], f"{id_}c"), event, interrupting="false")

    def _handler(self, id_: str, block: Block, event: str, interrupting: str) -> str:
        start = node("startEvent", f"{id_}hs", event, isInterrupting=interrupting)
        inner = start + node("endEvent", f"{id_}he") + self.scope(f"{id_}h", block)
        return node("subProcess", f"{id_}h", inner, triggeredByEvent="true")

    def nag(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess with a timer beside it that comes twice."""
        self.sub(block, id_, to)
        event = node("boundaryEvent", f"{id_}b", CYCLE.format("R2/PT1H"), attachedToRef=id_, cancelActivity="false")
        to += [event, node("task", f"{id_}c"), path(f"{id_}b", f"{id_}c")]
        return id_, id_

    def cry(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess that escalates at its end: by an odd number it is taken away by who hears that."""
        inner: list[str] = []
        first, last = self.block(block.kids[0], inner)
        inner += [node("intermediateThrowEvent", f"{id_}t", ESCALATION), path(f"{id_}s", first)]
        inner += [path(last, f"{id_}t", f"{id_}e"), node("startEvent", f"{id_}s"), node("endEvent", f"{id_}e")]
        interrupting = str(block.odd).lower()
        heard = node("boundaryEvent", f"{id_}b", ESCALATION, attachedToRef=id_, cancelActivity=interrupting)
        to += [node("subProcess", id_, "".join(inner)), heard, node("task", f"{id_}c"), path(f"{id_}b", f"{id_}c")]
        to += [node("exclusiveGateway", f"g{id_}"), path(id_, f"g{id_}")]
        to += [path(f"{id_}c", f"g{id_}")] if block.odd else []
        return id_, f"g{id_}"

    def _marked(self, block: Block, id_: str, to: list[str], more: str) -> tuple[str, str]:
        ends = node("startEvent", f"{id_}s") + node("endEvent", f"{id_}e")
        to.append(node("subProcess", id_, ends + self.scope(id_, block.kids[0]) + more))
        return id_, id_

    def call(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        inner = self.scope(f"q{id_}_", block.kids[0])
        self.processes.append(process(inner, id_=f"q{id_}"))
        given = '<bpmn:extensionElements><camunda:in variables="all"/></bpmn:extensionElements>'
        to.append(node("callActivity", id_, given, calledElement=f"q{id_}"))
        return id_, id_

    def try_(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess whose errors are caught: the second kid is what happens then."""
        self.sub(block, id_, to)
        return self._beside(block.kids[1], id_, to, node("boundaryEvent", f"{id_}b", ERROR, attachedToRef=id_))

    def cut(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess that a message ends: the second kid is what happens then."""
        self.sub(block, id_, to)
        event = node("boundaryEvent", f"{id_}b", MESSAGE.format("m"), attachedToRef=id_)
        return self._beside(block.kids[1], id_, to, event)

    def late(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A user task that a timer takes away: the kid is what happens then."""
        to.append(node("userTask", id_))
        event = node("boundaryEvent", f"{id_}b", TIMER.format("PT1H"), attachedToRef=id_)
        return self._beside(block.kids[0], id_, to, event)

    def _beside(self, other: Block, id_: str, to: list[str], event: str) -> tuple[str, str]:
        first, last = self.block(other, to)
        to += [event, node("exclusiveGateway", f"g{id_}"), path(id_, f"g{id_}"), path(f"{id_}b", first)]
        to.append(path(last, f"g{id_}"))
        return id_, f"g{id_}"

    def noisy(self, _block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A user task with a message beside it that leads to a user task of its own."""
        event = node("boundaryEvent", f"{id_}b", MESSAGE.format("m"), attachedToRef=id_, cancelActivity="false")
        to += [node("userTask", id_), event, node("userTask", f"{id_}c"), path(f"{id_}b", f"{id_}c")]
        return id_, id_

    def race(self, _block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        to += [
            node("eventBasedGateway", f"g1{id_}"),
            node("intermediateCatchEvent", f"{id_}m", MESSAGE.format("m")),
            node("intermediateCatchEvent", f"{id_}t", TIMER.format("PT1H")),
            node("exclusiveGateway", f"g2{id_}"),
            path(f"g1{id_}", f"{id_}m", f"g2{id_}"),
            path(f"g1{id_}", f"{id_}t", f"g2{id_}"),
        ]
        return f"g1{id_}", f"g2{id_}"

    def throw(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        return self._ending(block, id_, to, ERROR)

    def stop(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        return self._ending(block, id_, to, TERMINATE)

    def _ending(self, _block: Block, id_: str, to: list[str], event: str) -> tuple[str, str]:
        """A user task, and then perhaps an end that isn't only its token's."""
        to += [
            node("userTask", id_),
            node("exclusiveGateway", f"g1{id_}", default=f"g1{id_}->g2{id_}"),
            node("endEvent", f"{id_}x", event),
            node("task", f"g2{id_}"),
            path(id_, f"g1{id_}", f"g2{id_}"),
            flow(f"g1{id_}", f"{id_}x", f"v_{id_} % 2 == 1"),
        ]
        return id_, f"g2{id_}"


for _name in ("or", "and", "try"):
    setattr(Drawing, _name, getattr(Drawing, f"{_name}_"))
