"""Random block-structured diagrams, walked at random: a token game of its own, played on the blocks, sees the same.

The oracle knows no flows, joins or tokens: it plays the blocks as a program would run (`Game`), so it shares nothing
with what it judges. Blocks: sequence, exclusive, parallel and inclusive split with join, loop, subprocess, call
activity, event gateway, boundary events (timer and message, interrupting and not), error and terminate ends, event
subprocess (interrupting and not), several instances (at once and in a row), loop marker, escalation.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.domain.events import Event, MessageReceived, TimerDue, UserTaskCompleted
from engine.spiff.versions import check_diagram
from tests.unit.spiff.drawing import ERROR, MESSAGE, TERMINATE, TIMER, Play, flow, node, path, process, xml

Then = Callable[[], None]
EVENTS: dict[str, Callable[[int], Event]] = {
    "user": UserTaskCompleted, "timer": TimerDue, "message": MessageReceived,
}  # fmt: skip

MULTIPLE = (
    "<bpmn:multiInstanceLoopCharacteristics{}><bpmn:loopCardinality>{}</bpmn:loopCardinality>"
    "</bpmn:multiInstanceLoopCharacteristics>"
)
AGAIN = (
    "<bpmn:standardLoopCharacteristics><bpmn:loopCondition>{}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)
ESCALATION = '<bpmn:escalationEventDefinition escalationRef="esc"/>'


@dataclass
class Block:
    kind: str
    #: what chance decides in it: the branch taken, the branches (bits), the number of turns, whether it throws
    number: int
    kids: list[Block]
    id: str = ""

    def named(self, numbers: Any) -> Block:
        self.id = f"{self.kind}{next(numbers)}"
        for kid in self.kids:
            kid.named(numbers)
        return self

    @property
    def chosen(self) -> list[int]:
        """The branches of an inclusive split; the last is its default."""
        last = len(self.kids) - 1
        return [n for n in range(last) if self.number >> n & 1] or [last]

    def variables(self) -> dict[str, Any]:
        mine = {f"v_{self.id}": self.chosen if self.kind == "or" else self.number}
        return mine | {name: value for kid in self.kids for name, value in kid.variables().items()}


LEAVES = ("task", "user", "race", "noisy", "throw", "throw", "stop", "many")
SEVERAL = ("seq", "xor", "and", "and", "or", "try", "cut", "hand")
SINGLE = ("loop", "sub", "call", "late", "rows", "again", "cry", "rung")


def grown(chance: Random, leaves: int) -> Block:
    """A block of so many leaves."""
    if leaves == 1:
        kind = chance.choice((*LEAVES, *SINGLE))
        return Block(kind, chance.randrange(4), [grown(chance, 1)] if kind in SINGLE else [])
    kind = chance.choice((*SEVERAL, *SEVERAL, *SINGLE))
    if kind in SINGLE:
        return Block(kind, chance.randrange(4), [grown(chance, leaves)])
    first = chance.randrange(1, leaves)
    parts = [first, leaves - first]
    if kind not in ("try", "cut", "hand") and parts[1] > 1:
        parts[1:] = [1, parts[1] - 1]
    return Block(kind, chance.randrange(4), [grown(chance, part) for part in parts])


class Drawing:
    """The blocks as BPMN. Ids of what only routes begin with `g`: the oracle has no such thing."""

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
        to.append(node("task", id_, MULTIPLE.format("", f"v_{id_}")))
        return id_, id_

    def rows(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess so many times in a row."""
        return self._marked(block, id_, to, MULTIPLE.format(' isSequential="true"', f"v_{id_}"))

    def again(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess once, and then so many times again."""
        return self._marked(block, id_, to, AGAIN.format(f"loopCounter &lt;= v_{id_}"))

    def hand(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess with an event subprocess that a message starts in its place: the second kid."""
        return self._marked(block, id_, to, self._handler(id_, block.kids[1], interrupting="true"))

    def rung(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess with an event subprocess that a message starts beside it."""
        return self._marked(block, id_, to, self._handler(id_, Block("task", 0, [], f"{id_}c"), interrupting="false"))

    def _handler(self, id_: str, block: Block, interrupting: str) -> str:
        start = node("startEvent", f"{id_}hs", MESSAGE.format("m"), isInterrupting=interrupting)
        inner = start + node("endEvent", f"{id_}he") + self.scope(f"{id_}h", block)
        return node("subProcess", f"{id_}h", inner, triggeredByEvent="true")

    def cry(self, block: Block, id_: str, to: list[str]) -> tuple[str, str]:
        """A subprocess that escalates at its end: by an odd number it is taken away by who hears that."""
        inner: list[str] = []
        first, last = self.block(block.kids[0], inner)
        inner += [node("intermediateThrowEvent", f"{id_}t", ESCALATION), path(f"{id_}s", first)]
        inner += [path(last, f"{id_}t", f"{id_}e"), node("startEvent", f"{id_}s"), node("endEvent", f"{id_}e")]
        odd = bool(block.number % 2)
        heard = node("boundaryEvent", f"{id_}b", ESCALATION, attachedToRef=id_, cancelActivity=str(odd).lower())
        to += [node("subProcess", id_, "".join(inner)), heard, node("task", f"{id_}c"), path(f"{id_}b", f"{id_}c")]
        to += [node("exclusiveGateway", f"g{id_}"), path(id_, f"g{id_}")]
        to += [path(f"{id_}c", f"g{id_}")] if odd else []
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


@dataclass
class Scope:
    """What ends together: the process, a subprocess, a called process."""

    ended: Then
    caught: Then | None = None
    parent: Scope | None = None
    #: branches that go on
    live: int = 1
    waits: dict[tuple[str, str], Then] = field(default_factory=dict)
    inner: list[Scope] = field(default_factory=list)

    def all_waits(self) -> dict[tuple[str, str], Then]:
        found = dict(self.waits)
        for scope in self.inner:
            found |= scope.all_waits()
        return found

    def less(self) -> None:
        self.live -= 1
        if not self.live:
            self.close()
            self.ended()

    def close(self) -> None:
        self.live = 0
        self.waits.clear()
        self.inner.clear()
        if self.parent is not None and self in self.parent.inner:
            self.parent.inner.remove(self)


#: elements of one walk: loops inside one another would keep this program, which calls itself, busy for too long
MOST = 600


class Game:
    """Plays the blocks."""

    def __init__(self, root: Block) -> None:
        self.entered: Counter[str] = Counter()
        self.over = self.failed = False
        self.top = Scope(self._end)
        self.inside("", root, self.top)

    def _end(self) -> None:
        self.over = True

    def inside(self, mark: str, block: Block, scope: Scope) -> None:
        self.entered[f"{mark}s"] += 1

        def end() -> None:
            self.entered[f"{mark}e"] += 1
            scope.less()

        self.play(block, scope, end)

    def play(self, block: Block, scope: Scope, then: Then) -> None:
        assume(self.entered.total() < MOST)
        kids, number = block.kids, block.number
        match block.kind:
            case "task":
                self.entered[block.id] += 1
                then()
            case "user" | "late" | "noisy" | "throw" | "stop":
                self.person(block, scope, then)
            case "seq":
                self.row(kids, scope, then)
            case "xor":
                self.play(kids[number % len(kids)], scope, then)
            case "and":
                self.together(kids, scope, then)
            case "or":
                self.together([kids[n] for n in block.chosen], scope, then)
            case "loop":
                self.row(kids * (number + 1), scope, then)
            case "race":
                self.race(block, scope, then)
            case "many" | "rows" | "again":
                self.several(block, scope, then)
            case _:
                self.within(block, scope, then)

    def row(self, kids: list[Block], scope: Scope, then: Then) -> None:
        if kids:
            self.play(kids[0], scope, lambda: self.row(kids[1:], scope, then))
        else:
            then()

    def several(self, block: Block, scope: Scope, then: Then) -> None:
        if block.kind == "many":
            self.entered[block.id] += max(block.number, 1)
            then()
        else:
            self.times(block.number + (block.kind == "again"), block, scope, then)

    def times(self, left: int, block: Block, scope: Scope, then: Then, first: bool = True) -> None:
        """A subprocess so many times in a row; none at all is told once."""
        if first or left:
            self.entered[block.id] += 1
        if not left:
            then()
            return
        inner = Scope(lambda: self.times(left - 1, block, scope, then, first=False), None, scope)
        scope.inner.append(inner)
        self.inside(block.id, block.kids[0], inner)

    def together(self, kids: list[Block], scope: Scope, then: Then) -> None:
        missing = [len(kids)]

        def came() -> None:
            missing[0] -= 1
            if not missing[0]:
                then()

        for kid in kids:
            self.play(kid, scope, came)

    def race(self, block: Block, scope: Scope, then: Then) -> None:
        events = [("message", f"{block.id}m"), ("timer", f"{block.id}t")]

        def happens(event: tuple[str, str]) -> Then:
            return lambda: self.go(scope, events, event[1], then)

        scope.waits |= {event: happens(event) for event in events}

    def go(self, scope: Scope, waits: list[tuple[str, str]], enters: str, then: Then) -> None:
        for wait in waits:
            scope.waits.pop(wait, None)
        if enters:
            self.entered[enters] += 1
        then()

    def person(self, block: Block, scope: Scope, then: Then) -> None:
        id_ = block.id
        self.entered[id_] += 1
        done, beside = ("user", id_), f"{id_}b"
        waits = [done, ("timer", beside), ("message", beside)]
        after = then if block.kind in ("user", "late", "noisy") or not block.number % 2 else self.ending(block, scope)
        scope.waits[done] = lambda: self.go(scope, waits, "", after)
        if block.kind == "late":
            other = block.kids[0]
            scope.waits["timer", beside] = lambda: self.go(scope, waits, beside, lambda: self.play(other, scope, then))
        if block.kind == "noisy":
            scope.waits["message", beside] = lambda: self.noise(id_, scope)

    def noise(self, id_: str, scope: Scope) -> None:
        scope.live += 1
        self.entered[f"{id_}b"] += 1
        self.entered[f"{id_}c"] += 1
        scope.waits["user", f"{id_}c"] = lambda: self.go(scope, [("user", f"{id_}c")], "", scope.less)

    def ending(self, block: Block, scope: Scope) -> Then:
        def end() -> None:
            self.entered[f"{block.id}x"] += 1
            if block.kind == "stop":
                scope.close()
                scope.ended()
                return
            catching: Scope | None = scope
            while catching is not None and catching.caught is None:
                catching = catching.parent
            if catching is None or catching.caught is None:
                self.failed = True
                return
            catching.close()
            catching.caught()

        return end

    def within(self, block: Block, scope: Scope, then: Then) -> None:
        id_, beside = block.id, f"{block.id}b"
        self.entered[id_] += 1
        wait = ("message", beside)

        def after() -> None:
            self.go(scope, [wait], "", then)

        def instead() -> None:
            self.entered[beside] += 1
            self.play(block.kids[1], scope, then)

        inner = Scope(after, instead if block.kind == "try" else None, scope)
        scope.inner.append(inner)
        if block.kind == "cut":

            def interrupt() -> None:
                inner.close()
                scope.waits.pop(wait)
                instead()

            scope.waits[wait] = interrupt
        if block.kind in ("hand", "rung"):
            inner.waits["message", f"{id_}hs"] = lambda: self.handle(block, inner)
        if block.kind == "cry":
            self.entered[f"{id_}s"] += 1
            self.play(block.kids[0], inner, lambda: self.cry(block, inner, scope, then))
            return
        self.inside(f"q{id_}_" if block.kind == "call" else id_, block.kids[0], inner)

    def handle(self, block: Block, scope: Scope) -> None:
        """The message has come that the event subprocess of a scope waits for."""
        self.entered[f"{block.id}h"] += 1
        if block.kind == "rung":
            self.entered.update([f"{block.id}hs", f"{block.id}c", f"{block.id}he"])
            return
        scope.waits.clear()
        scope.inner.clear()
        scope.live = 1
        inner = Scope(scope.less, None, scope)
        scope.inner.append(inner)
        self.inside(f"{block.id}h", block.kids[1], inner)

    def cry(self, block: Block, inner: Scope, scope: Scope, then: Then) -> None:
        self.entered.update([f"{block.id}t", f"{block.id}b", f"{block.id}c"])
        if block.number % 2:
            inner.close()
            then()
        else:
            self.entered[f"{block.id}e"] += 1
            inner.less()


def told(play: Play) -> Counter[str]:
    return Counter(element for element in play.path if not element.startswith("g"))


@pytest.fixture(scope="module", autouse=True)
def deep() -> Iterator[None]:
    """The game calls itself; what it judges doesn't."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


#: in the suite the same ones each time; at night others, and many (`make nightly`)
EXAMPLES = int(os.environ.get("ITER_EXAMPLES", "0"))


@settings(
    max_examples=EXAMPLES or 150,
    deadline=None,
    derandomize=not EXAMPLES,
    suppress_health_check=[HealthCheck.filter_too_much],
)
@given(st.randoms(use_true_random=True), st.integers(2, 12))
def test_the_token_game_agrees_and_the_same_inputs_give_the_same_bytes(chance: Random, leaves: int) -> None:
    root = grown(chance, leaves).named(count(1))
    drawn = Drawing(root).processes
    assert check_diagram("p.bpmn", xml(*drawn)) == []
    game = Game(root)
    plays = [Play(*drawn, variables=root.variables()) for _ in range(2)]
    for _ in range(25):
        waits = game.top.all_waits()
        assert set(plays[0].waiting) == set(waits)
        assert told(plays[0]) == game.entered
        assert plays[0].ended == game.over
        assert (plays[0].state, plays[0].effects) == (plays[1].state, plays[1].effects)
        # one user task beside a noisy one at a time: two couldn't be told apart here
        offered = sorted(w for w in waits if not (w[1].startswith("noisy") and ("user", w[1][:-1] + "c") in waits))
        if not offered:
            break
        kind, element = chance.choice(offered)
        waits[kind, element]()
        if game.failed:  # an error that nobody catches: the step fails, and the old state stands
            break
        for play in plays:
            play.send(EVENTS[kind](play.token(kind, element)))
