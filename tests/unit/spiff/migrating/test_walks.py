"""Random diagrams, walked at random: what didn't change moves as it is, and there and back again gives the same.

Whatever the other version is, there is a verdict; and what it calls safe goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.errors import StepFailed
from engine.spiff.definitions import Definitions
from engine.spiff.model import Flow, Node, Process
from tests.unit.spiff.drawing import Play
from tests.unit.spiff.migrating.moving import drawn, judge
from tests.unit.spiff.token_game.blocks import Block, grown
from tests.unit.spiff.token_game.drawing import Drawing
from tests.unit.spiff.token_game.walking import EVENTS, standing

STEPS = 6


def walked(leaves: int, seed: int) -> Iterator[Play]:
    """An instance after each of some steps."""
    chance, root = Random(seed), grown(seed, leaves)
    play = Play(*Drawing(root).processes, variables=root.variables())
    for _ in range(STEPS):
        yield play
        if play.ended:
            return
        place, token = chance.choice(sorted(standing(play).items()))
        try:
            play.send(EVENTS[place[0]](token))
        except StepFailed:
            return


def redrawn(block: Block, chance: Random, numbers: Iterator[int]) -> Block:
    """Another version of a diagram: in rows and between gateways, something is gone, added or elsewhere."""
    kids = [redrawn(kid, chance, numbers) for kid in block.kids]
    if block.kind in ("seq", "and", "or", "xor") and chance.random() < 0.4:
        if chance.random() < 0.5 and len(kids) > 1:
            kids.pop(chance.randrange(len(kids)))
        if chance.random() < 0.5:
            kids.insert(chance.randrange(len(kids) + 1), Block("user", 0, [], f"user{next(numbers)}"))
        if block.kind == "seq" and chance.random() < 0.2:
            chance.shuffle(kids)
    return Block(block.kind, block.number, kids, block.id)


def with_a_task(definitions: Definitions, chance: Random) -> Definitions:
    """Another version, in which a user task was dropped on a flow."""
    drawn = {key: process for key, process in definitions.processes.items() if not process.drawn_in}
    flows = [
        (process, flow)
        for process in drawn.values()
        for flow in process.flows.values()
        if process.nodes[flow.source].type != "eventBasedGateway"
    ]
    process, flow = chance.choice(flows)
    return replace(definitions, hash="other", processes={**drawn, process.id: dropped(process, flow)})


def dropped(process: Process, flow: Flow) -> Process:
    added, on = Node(id="added", type="userTask", incoming=(flow.id,), outgoing=("on",)), flow.target
    target = process.nodes[on]
    incoming = tuple("on" if one == flow.id else one for one in target.incoming)
    nodes = {**process.nodes, "added": added, on: replace(target, incoming=incoming)}
    flows = {**process.flows, flow.id: replace(flow, target="added"), "on": Flow("on", "added", on)}
    return replace(process, nodes=nodes, flows=flows)


@settings(max_examples=25)
@given(leaves=st.integers(2, 10), seed=st.integers(0, 2**32))
def test_there_and_back_again_changes_nothing(leaves: int, seed: int) -> None:
    other: Definitions | None = None
    for play in walked(leaves, seed):
        if play.ended:
            return
        other = other or with_a_task(play.definitions, Random(seed))
        before, old = play.state, play.definitions
        for new in (replace(old, hash="same"), other, old):
            verdict = judge(play, new)
            assert verdict.moved is not None, verdict.findings
            assert not verdict.moved.effects
            play.definitions, play.state = new, verdict.moved.state
            if new is not other:
                assert play.state == before


@settings(max_examples=30)
@given(leaves=st.integers(2, 10), seed=st.integers(0, 2**32), other=st.integers(0, 2**32))
def test_what_moves_to_another_diagram_goes_on_there(leaves: int, seed: int, other: int) -> None:
    chance, root, numbers = Random(other), grown(seed, leaves), count(100)
    for play in walked(leaves, seed):
        if play.ended:
            return
        new = drawn(*Drawing(redrawn(root, chance, numbers)).processes)
        verdict = judge(play, new)
        mapping = {(f.process, f.element): chance.choice(f.options).element for f in verdict.findings if f.options}
        verdict = judge(play, new, mapping)
        assert verdict.kind != "choice"
        if verdict.moved is not None:
            play.definitions, play.state = new, verdict.moved.state
            assert judge(play, new).moved == replace(verdict.moved, effects=(), since={}, elements={})
