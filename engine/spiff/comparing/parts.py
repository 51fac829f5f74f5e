"""The parts of a diagram or decision model, each with its shapes, compared by their ids. What a part is is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.domain.said import said
from engine.spiff.comparing import wording
from engine.spiff.comparing.elements import Fact, differing, differing_lists, with_remarks
from engine.spiff.comparing.model import MOST_WORDS, Change, ChangeKind
from engine.spiff.comparing.names import refers, what
from engine.spiff.comparing.sequences import Names, out_of_order
from engine.spiff.parsing.xml import Element, local

#: elements below a shape that only say where it stands
_PLACES = frozenset({"Bounds", "waypoint", "BPMNLabel", "DMNLabel"})


@dataclass(slots=True)
class Part:
    """An element with what stands inside it and isn't a part of its own."""

    key: str
    element: Element
    #: the part that it stands in; empty for the root
    around: str
    #: what is written on it, in one line
    name: str
    shapes: list[Element] = field(default_factory=list)
    #: parts that name it as theirs: the lanes of an element
    lanes: list[str] = field(default_factory=list)
    #: parts that go out of it, in the order in which they are asked
    flows: list[str] = field(default_factory=list)


class Parts:
    """All parts of a file by key (their ids, or what tells them apart where they have none), in its order."""

    def __init__(self, root: Element, is_part: Callable[[Element], bool]) -> None:
        self.by_key: dict[str, Part] = {}
        #: what isn't compared with the element that it stands in
        self.apart: set[Element] = set()
        self._names = Names()
        #: every element stays here, so that it is the same object whenever it is come to
        self._owners: dict[Element, str] = {}
        for element in root.iter():
            around = element.getparent()
            owner = "" if around is None else self._owners[around]
            self._owners[element] = self._add(element, owner) if element is root or is_part(element) else owner
        for element in self._owners:
            self._draw(element, next(iter(self.by_key.values())))

    def label(self, key: str) -> str:
        """What people call a part: its name, else from where to where it goes, else its key."""
        part = self.by_key.get(key)
        if part is None or part.name:
            return part.name if part else key
        ends = (part.element.get("sourceRef"), part.element.get("targetRef"))
        names = [self.by_key[end].name or end if end in self.by_key else end for end in ends if end]
        return " → ".join(names) if len(names) == len(ends) else key

    def change(self, kind: ChangeKind, part: Part, words: Sequence[str] = (), more: int = 0) -> Change:
        """A change of one of the parts; `more`: facts without words."""
        key = part.element.get("id") or ""
        return Change(kind, local(part.element), key, self.label(part.key), wording.bounded(words, more))

    def _add(self, element: Element, owner: str) -> str:
        key = self._names.own(element.get("id") or _ends(element) or local(element))
        name = " ".join((element.get("name") or element.get("label") or "").split())
        self.by_key[key] = Part(key, element, owner, wording.shown(name))
        self.apart.add(element)
        return key

    def _draw(self, element: Element, root: Part) -> None:
        """Give a shape to what it draws; the root has those that draw nothing."""
        drawn = element.get("bpmnElement") or element.get("dmnElementRef")
        if drawn is not None:
            self.by_key.get(drawn, root).shapes.append(element)
            self.apart.add(element)


def changes(before: Parts, after: Parts, elsewhere: Collection[Hashable] = ()) -> Iterator[Change]:
    """What isn't the same, in the order of the newer, then what was removed. `elsewhere`: keys of parts that moved."""
    comparison = _Comparison(before, after)
    for key, part in after.by_key.items():
        if key not in before.by_key:
            yield after.change("added", part)
        else:
            yield from comparison.change(before.by_key[key], part, moved=key in elsewhere)
    yield from (before.change("removed", part) for key, part in before.by_key.items() if key not in after.by_key)


class _Comparison:
    def __init__(self, before: Parts, after: Parts) -> None:
        self.before, self.after = before, after
        self._apart = before.apart | after.apart

    def change(self, old: Part, new: Part, *, moved: bool) -> Iterator[Change]:
        """What isn't the same in a part, if anything."""
        found = differing(old.element, new.element, self._inside)
        placed = False
        if old.shapes and new.shapes:
            drawn = differing_lists(old.shapes, new.shapes, self._inside)
            placed = any(_is_place(fact) for fact in drawn)
            found += [fact for fact in drawn if not _is_place(fact)]
        # each names the whole way to it: nobody reads more of them than these
        words = [*map(self._word, found[:MOST_WORDS]), *self._relations(old, new)]
        if words:
            words += [said("stands elsewhere")] if placed or moved else []
            yield self.after.change("changed", new, words, len(found[MOST_WORDS:]))
        elif placed or moved:
            yield self.after.change("moved", new)

    def _inside(self, element: Element) -> Iterable[Element]:
        return [child for child in with_remarks(element) if child not in self._apart]

    def _word(self, fact: Fact) -> str:
        before, after = fact.before, fact.after
        if refers(fact):
            before = None if before is None else self.before.label(before)
            after = None if after is None else self.after.label(after)
            if before == after:
                before, after = fact.before, fact.after
        return wording.of(what(fact), wording.turned(before, after))

    def _relations(self, old: Part, new: Part) -> Iterator[str]:
        """What isn't said of a part where it stands: in what, whose it is, in which order what goes out of it."""
        if old.around != new.around:
            yield self._turned(said("stands in"), [old.around], [new.around])
        if old.lanes != new.lanes:
            yield self._turned(said("lane"), old.lanes, new.lanes)
        if out_of_order(old.flows, new.flows):
            yield self._turned(said("order of its flows"), old.flows, new.flows)
        if bool(old.shapes) != bool(new.shapes):
            yield wording.of(said("shape"), said("removed") if old.shapes else said("added"))

    def _turned(self, name: str, before: Iterable[str], after: Iterable[str]) -> str:
        old = ", ".join(map(self.before.label, before))
        new = ", ".join(map(self.after.label, after))
        return wording.of(name, wording.turned(old or None, new or None))


def _is_place(fact: Fact) -> bool:
    return any(step.name in _PLACES for step in fact.steps)


def _ends(element: Element) -> str:
    """What tells a flow without an id from others."""
    source, target = element.get("sourceRef"), element.get("targetRef")
    return f"{source}->{target}" if source and target else ""
