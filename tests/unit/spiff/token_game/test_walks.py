"""Random well-formed diagrams, walked at random, do what a token game of its own says that they do.

Of each step: the oracle sees the same elements entered and the same things waiting; a run that keeps every token in
its tree and is never stored gives the same bytes and effects; loading and storing changes nothing; a step that breaks
at one of its effects leaves what was given to it as it was.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.support.nightly import EXAMPLES, SHARDS, share
from tests.unit.spiff.token_game.blocks import INSTEAD, LEAVES, SEVERAL, SINGLE, Block, grown
from tests.unit.spiff.token_game.walking import walk

SEEDS = Path(__file__).with_name("seeds.json")


@pytest.mark.parametrize("shard", range(SHARDS))
@settings(max_examples=share(120), derandomize=not EXAMPLES)
@given(leaves=st.integers(2, 12), seed=st.integers(0, 2**40))
def test_a_walk_agrees_with_the_oracle(shard: int, leaves: int, seed: int) -> None:
    number = seed * SHARDS + shard
    note(f"When it is mended, add [{leaves}, {number}] to {SEEDS.name}.")
    walk(leaves, number)


@pytest.mark.parametrize(("leaves", "seed"), json.loads(SEEDS.read_text()))
def test_walks_that_once_failed_agree(leaves: int, seed: int) -> None:
    walk(leaves, seed)


def test_every_kind_of_block_is_drawn() -> None:
    def kinds(block: Block) -> set[str]:
        return {block.kind}.union(*map(kinds, block.kids))

    drawn = set().union(*(kinds(grown(seed, 8)) for seed in range(200)))
    assert drawn == {*LEAVES, *SEVERAL, *SINGLE} >= set(INSTEAD)
