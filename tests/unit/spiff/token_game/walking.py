"""One random diagram, walked at random. Whatever is asked of a step is asked of each step of the walk."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from random import Random
from unittest.mock import patch

from engine.domain.errors import StepFailed
from engine.domain.events import Event, MessageReceived, TimerDue, UserTaskCompleted
from engine.spiff import state as states
from engine.spiff import versions
from engine.spiff.advancing import advance
from engine.spiff.running.execution import Execution
from engine.spiff.running.recording import Recording
from tests.unit.spiff.drawing import SANDBOX, Play, read_once, xml
from tests.unit.spiff.token_game.blocks import grown
from tests.unit.spiff.token_game.drawing import Drawing
from tests.unit.spiff.token_game.oracle import Game, Place, TooLong
from tests.unit.spiff.token_game.plays import Kept

EVENTS: dict[str, Callable[[int], Event]] = {
    "user": UserTaskCompleted, "timer": TimerDue, "message": MessageReceived,
}  # fmt: skip
STEPS = 25


class Broken(Exception):
    """What fails in the middle of a step."""


def walk(leaves: int, seed: int) -> None:
    """Plays a diagram of so many leaves beside the oracle, until nothing waits or an error is caught by nobody."""
    chance, root = Random(seed), grown(seed, leaves)
    drawn = Drawing(root).processes
    with patch.object(versions, "read_diagram", read_once):
        assert versions.check_diagram("p.bpmn", xml(*drawn)) == []
    with deep():
        try:
            game = Game(root)
        except TooLong:
            return
        play, kept = (kind(*drawn, variables=root.variables()) for kind in (Play, Kept))
        for _ in range(STEPS):
            waits = game.top.all_waits()
            tokens = standing(play)
            assert set(tokens) == set(waits)
            assert Counter(element for element in play.path if element[0] != "g") == game.entered
            assert play.ended == game.over
            assert (play.state, play.effects) == (kept.state, kept.effects)
            assert stored_again(play) == play.state
            if not (offered := sorted(place for place in waits if not twice_there(place, waits))):
                return
            place = chance.choice(offered)
            try:
                waits[place]()
            except TooLong:
                return
            event = EVENTS[place[0]](tokens[place])
            fail_midway(play, event, chance)
            if game.failed:
                return
            play.send(event)
            kept.send(event)


def standing(play: Play) -> dict[Place, int]:
    """The tokens that wait for something from outside, by what for, where, and in which instances."""
    scopes = {int(scope["host"]): scope for scope in json.loads(play.state or b"")["scopes"]}
    around = {place.token: place.scope for place in states.places(play.state or b"")}

    def instances(host: int) -> tuple[int, ...]:
        if not host:
            return ()
        own = (scopes[host]["variables"]["loopCounter"],) if scopes[host]["process"].endswith("/item") else ()
        return (*instances(around[host]), *own)

    kinds = {"user_task": "user", "timer": "timer", "message": "message"}
    return {
        (kinds[place.waits], place.element, instances(place.scope)): place.token
        for place in states.places(play.state or b"")
        if place.waits in kinds
    }


def twice_there(place: Place, waits: Collection[Place]) -> bool:
    """A second user task beside a noisy one couldn't be told from the first."""
    _, element, at = place
    return element.startswith("noisy") and ("user", element[:-1] + "c", at) in waits


def stored_again(play: Play) -> bytes:
    """The state, read and written."""
    execution = Execution(play.definitions, SANDBOX, play.facts, play.now)
    states.load(play.state or b"", execution)
    return states.dump(execution)


def fail_midway(play: Play, event: Event, chance: Random) -> None:
    """A step that breaks at any of its effects changes nothing that was given to it."""
    given = deepcopy((event, play.facts))
    left = [chance.randrange(12)]
    emit = Recording.emit

    def breaking(*arguments: object, **values: object) -> None:
        if not left[0]:
            raise Broken
        left[0] -= 1
        emit(*arguments, **values)  # type: ignore[arg-type]

    with patch.object(Recording, "emit", breaking), suppress(Broken, StepFailed):
        advance(play.definitions, play.state, event, play.facts, play.now, SANDBOX)
    assert (event, play.facts) == given


@contextmanager
def deep() -> Iterator[None]:
    """The oracle calls itself; what it judges doesn't."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
