"""A token game of its own, written from the standard: it plays the blocks as a program would run.

It knows no flows, joins or tokens, so it shares nothing with what it judges.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.unit.spiff.token_game.blocks import Block

Then = Callable[[], None]
#: what waits in a scope: how (`user`, `timer`, `message`), and at which element
Wait = tuple[str, str]
#: the same in the whole game, with which instances it is in
Place = tuple[str, str, tuple[int, ...]]

#: elements of one walk: loops inside one another would keep this program, which calls itself, busy for too long
MOST = 600


class TooLong(Exception):
    """More elements than a walk shall have."""


@dataclass(eq=False)
class Scope:
    """What ends together: the process, a subprocess, a called process, the instances of an activity, one of them."""

    ended: Then
    parent: Scope | None = None
    caught: Then | None = None
    #: branches that go on
    live: int = 1
    #: which instance of each activity around it this is in
    at: tuple[int, ...] = ()
    waits: dict[Wait, Then] = field(default_factory=dict)
    inner: list[Scope] = field(default_factory=list)

    def open(self, ended: Then, caught: Then | None = None, live: int = 1, number: int | None = None) -> Scope:
        """A scope inside of it; `number`: it is that instance of an activity."""
        at = self.at if number is None else (*self.at, number)
        scope = Scope(ended, self, caught, live, at)
        self.inner.append(scope)
        return scope

    def all_waits(self) -> dict[Place, Then]:
        found = {(*wait, self.at): then for wait, then in self.waits.items()}
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
        self.play(block, scope, lambda: self.finish(mark, scope))

    def finish(self, mark: str, scope: Scope) -> None:
        self.entered[f"{mark}e"] += 1
        scope.less()

    def play(self, block: Block, scope: Scope, then: Then) -> None:
        if self.entered.total() > MOST:
            raise TooLong
        getattr(self, _PLAYED.get(block.kind, "within"))(block, scope, then)

    def task(self, block: Block, scope: Scope, then: Then) -> None:
        """At once; also so many times, where none at all is told once."""
        self.entered[block.id] += max(block.number, 1) if block.kind == "many" else 1
        then()

    def series(self, block: Block, scope: Scope, then: Then) -> None:
        kids, number = block.kids, block.number
        rows = {"seq": kids, "xor": kids[number % len(kids) :][:1], "loop": kids * (number + 1)}
        self.row(rows[block.kind], scope, then)

    def row(self, kids: list[Block], scope: Scope, then: Then) -> None:
        if kids:
            self.play(kids[0], scope, lambda: self.row(kids[1:], scope, then))
        else:
            then()

    def together(self, block: Block, scope: Scope, then: Then) -> None:
        kids = [block.kids[n] for n in block.chosen] if block.kind == "or" else block.kids
        missing = [len(kids)]

        def came() -> None:
            missing[0] -= 1
            if not missing[0]:
                then()

        for kid in kids:
            self.play(kid, scope, came)

    # What waits ----------------------------------------------------------------------------------------------

    def race(self, block: Block, scope: Scope, then: Then) -> None:
        events = [("message", f"{block.id}m"), ("timer", f"{block.id}t")]

        def happens(event: Wait) -> Then:
            return lambda: self.go(scope, events, event[1], then)

        scope.waits |= {event: happens(event) for event in events}

    def go(self, scope: Scope, waits: list[Wait], enters: str, then: Then) -> None:
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
        after = then if block.kind in ("user", "late", "noisy") or not block.odd else self.ending(block, scope)
        scope.waits[done] = lambda: self.go(scope, waits, "", after)
        if block.kind == "late":
            other = block.kids[0]
            scope.waits["timer", beside] = lambda: self.go(scope, waits, beside, lambda: self.play(other, scope, then))
        if block.kind == "noisy":
            scope.waits["message", beside] = lambda: self.noise(id_, scope)

    def noise(self, id_: str, scope: Scope) -> None:
        scope.live += 1
        self.entered.update([f"{id_}b", f"{id_}c"])
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

    # Several instances ---------------------------------------------------------------------------------------

    def in_a_row(self, block: Block, scope: Scope, then: Then) -> None:
        self.times(0, block.number + (block.kind == "again"), block, scope, then)

    def times(self, number: int, most: int, block: Block, scope: Scope, then: Then) -> None:
        """A subprocess in a row; none at all is told once."""
        if number < most or not most:
            self.entered[block.id] += 1
        if number >= most:
            then()
            return
        inner = scope.open(lambda: self.times(number + 1, most, block, scope, then), number=number)
        self.inside(block.id, block.kids[0], inner)

    def at_once(self, block: Block, scope: Scope, then: Then) -> None:
        """User tasks, or subprocesses that begin with one; none at all is told once."""
        id_, number = block.id, block.number
        self.entered[id_] += max(number, 1)
        if not number:
            then()
            return
        beside, done = ("message", f"{id_}b"), [0]
        group = scope.open(lambda: self.go(scope, [beside], "", then), live=number)

        def taken() -> None:
            group.close()
            self.go(scope, [beside], beside[1], then)

        def came() -> None:
            done[0] += 1
            if block.kind == "each" and block.odd and done[0] == 2:
                group.close()
                then()
            else:
                group.less()

        for n in range(number):
            self.one(block, group.open(came, number=n))
        if block.kind == "crowd":
            scope.waits[beside] = taken

    def one(self, block: Block, item: Scope) -> None:
        id_ = block.id
        if block.kind == "crowd":
            item.waits["user", id_] = item.less
            return
        self.entered.update([f"{id_}s", f"{id_}u"])
        first = ("user", f"{id_}u")
        after = lambda: self.play(block.kids[0], item, lambda: self.finish(id_, item))  # noqa: E731
        item.waits[first] = lambda: self.go(item, [first], "", after)

    # Subprocesses --------------------------------------------------------------------------------------------

    def within(self, block: Block, scope: Scope, then: Then) -> None:
        id_, beside = block.id, f"{block.id}b"
        self.entered[id_] += 1
        waits = [("message", beside), ("timer", beside)]

        def instead() -> None:
            self.entered[beside] += 1
            self.play(block.kids[1], scope, then)

        def interrupt() -> None:
            inner.close()
            scope.waits.pop(waits[0])
            instead()

        inner = scope.open(lambda: self.go(scope, waits, "", then), instead if block.kind == "try" else None)
        match block.kind:
            case "cut":
                scope.waits[waits[0]] = interrupt
            case "nag":
                self.twice(scope, waits[1], [beside, f"{id_}c"])
            case "tick":
                self.twice(inner, ("timer", f"{id_}hs"), [f"{id_}{part}" for part in ("h", "hs", "c", "he")])
            case "hand" | "rung":
                inner.waits["message", f"{id_}hs"] = lambda: self.handle(block, inner)
            case "cry":
                self.entered[f"{id_}s"] += 1
                self.play(block.kids[0], inner, lambda: self.cry(block, inner, then))
                return
        self.inside(f"q{id_}_" if block.kind == "call" else id_, block.kids[0], inner)

    def twice(self, scope: Scope, wait: Wait, enters: list[str]) -> None:
        left = [2]

        def comes() -> None:
            self.entered.update(enters)
            left[0] -= 1
            if not left[0]:
                scope.waits.pop(wait)

        scope.waits[wait] = comes

    def handle(self, block: Block, scope: Scope) -> None:
        """The message has come that the event subprocess of a scope waits for."""
        self.entered[f"{block.id}h"] += 1
        if block.kind == "rung":
            self.entered.update([f"{block.id}hs", f"{block.id}c", f"{block.id}he"])
            return
        scope.waits.clear()
        scope.inner.clear()
        scope.live = 1
        self.inside(f"{block.id}h", block.kids[1], scope.open(scope.less))

    def cry(self, block: Block, inner: Scope, then: Then) -> None:
        self.entered.update([f"{block.id}t", f"{block.id}b", f"{block.id}c"])
        if block.odd:
            inner.close()
            then()
        else:
            self.finish(block.id, inner)


#: the kinds that aren't subprocesses of one kind or another, by who plays them
_PLAYED = {
    "task": "task", "many": "task", "seq": "series", "xor": "series", "loop": "series", "and": "together",
    "or": "together", "race": "race", "user": "person", "late": "person", "noisy": "person", "throw": "person",
    "stop": "person", "rows": "in_a_row", "again": "in_a_row", "crowd": "at_once", "each": "at_once",
}  # fmt: skip
