"""Two XML elements compared, fact by fact: every attribute, text and comment below them.

The names of prefixes, the order of attributes and the space around texts mean nothing; nor does the order of elements
of different names, or of references, properties and shapes. What an element is for isn't known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from engine.spiff.comparing.sequences import matched, out_of_order
from engine.spiff.parsing.dialects import CAMUNDA, SPIFF, ZEEBE
from engine.spiff.parsing.xml import Element, local, namespace

#: in place of an attribute: that an element has another name, that elements of one name stand in another order
TYPE, ORDER = "type", "#order"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
#: namespaces in which positions stand
_DRAWING = frozenset(
    {
        "http://www.omg.org/spec/DD/20100524/DC", "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DMN/20180521/DC/", "http://www.omg.org/spec/DMN/20180521/DI/",
    }
)  # fmt: skip
#: attributes by which an element is known among its like; what a dialect writes, by its names first
_KNOWN_BY = ("bpmnElement", "dmnElementRef", "id", "name", "key", "source")
_OF_DIALECTS = ("name", "key", "source", "id")
#: elements that only name another one; their order says nothing, nor does that of properties and shapes
_REFERENCES = frozenset({"incoming", "outgoing", "flowNodeRef"})
_UNORDERED = _REFERENCES | {"property", "BPMNShape", "BPMNEdge", "DMNShape", "DMNEdge", "comment"}
#: what may be given anew by any modeler: elements that are known by nothing else are matched in their order
_LOOSE = ("", "id", "text")

#: those of an element's children that are compared with it
Inside = Callable[[Element], Iterable[Element]]
_Pair = tuple[Element | None, Element | None]


@dataclass(frozen=True, slots=True)
class Step:
    """An element below the compared one: its name without a namespace, and what it is known by."""

    name: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that isn't the same. `before` is None for what wasn't there, `after` for what isn't there any more.

    An element that says nothing but that it is there has an empty text.
    """

    steps: tuple[Step, ...]
    #: without its namespace; empty for the element's text
    attribute: str
    before: str | None
    after: str | None


def with_remarks(element: Element) -> list[Element]:
    """All children of an element; for a root also the comments around it."""
    if element.getparent() is not None or not isinstance(element.tag, str):
        return list(element)
    return [*element.itersiblings(preceding=True), *element, *element.itersiblings()]


def differing(before: Element, after: Element, inside: Inside = with_remarks) -> list[Fact]:
    """All that isn't the same in two elements."""
    comparison = _Comparison(inside)
    comparison.elements(before, after, ())
    return comparison.found


def differing_lists(before: Iterable[Element], after: Iterable[Element], inside: Inside) -> list[Fact]:
    """The same for the elements of two lists, each compared with its like."""
    comparison = _Comparison(inside)
    comparison.lists(before, after, ())
    return comparison.found


class _Comparison:
    """What has been found so far; depths are bounded where files are parsed."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        self.found: list[Fact] = []

    def elements(self, before: Element, after: Element, steps: tuple[Step, ...]) -> None:
        if before.tag != after.tag:
            same = local(before) == local(after)
            self._tell(steps, TYPE, *((one.tag if same else local(one)) for one in (before, after)))
        for name in dict.fromkeys([*after.attrib, *before.attrib]):
            self._tell(steps, _bare(str(name)), _value(before, str(name)), _value(after, str(name)))
        self._tell(steps, "", _text(before) or None, _text(after) or None)
        self.lists(self.inside(before), self.inside(after), steps)

    def lists(self, before: Iterable[Element], after: Iterable[Element], steps: tuple[Step, ...]) -> None:
        old, new = list(before), list(after)
        if not old and not new:
            return
        pairs = _paired(old, new)
        for one, other in pairs:
            if one is not None and other is not None:
                self.elements(one, other, (*steps, _step(other)))
            elif other is not None:
                self._alone(other, (*steps, _step(other)), came=True)
            elif one is not None:
                self._alone(one, (*steps, _step(one)), came=False)
        self._orders(old, pairs, steps)

    def _alone(self, element: Element, steps: tuple[Step, ...], *, came: bool) -> None:
        """What an element says that came or went: all but what it is known by; that it is there at least."""
        before, known_by = len(self.found), _known_by(element)[0]
        told = {name: value for name, value in element.attrib.items() if name != known_by}
        if text := _text(element):
            told[""] = text
        for name, value in told.items():
            self._tell(steps, _bare(str(name)), *((None, str(value)) if came else (str(value), None)))
        for child in self.inside(element):
            self._alone(child, (*steps, _step(child)), came=came)
        if len(self.found) == before:
            self._tell(steps, "", *((None, "") if came else ("", None)))

    def _orders(self, old: Sequence[Element], pairs: Iterable[_Pair], steps: tuple[Step, ...]) -> None:
        """The names of which some elements stand in another order."""
        by_name: dict[str, dict[Element, Element]] = {}
        for one, other in pairs:
            if one is not None and other is not None and (name := _step(other).name) not in _UNORDERED:
                by_name.setdefault(name, {})[one] = other
        places = {element: place for place, element in enumerate(old)}
        for name, twins in by_name.items():
            ordered = sorted(twins, key=lambda one: places[one])
            if out_of_order(ordered, twins):
                orders = (", ".join(_step(twins[one]).key or "…" for one in some) for some in (ordered, twins))
                self.found.append(Fact((*steps, Step(name)), ORDER, *orders))

    def _tell(self, steps: tuple[Step, ...], attribute: str, before: str | None, after: str | None) -> None:
        if before != after:
            self.found.append(Fact(steps, attribute, before, after))


def _paired(before: Sequence[Element], after: Sequence[Element]) -> list[_Pair]:
    """Elements that are the same thing, in the order of the newer ones, then those that went.

    They are known by the same, or else by nothing that lasts, and then are of one kind and matched in their order.
    """
    twins = matched(before, after, _identity, _kind)
    taken = set(twins.values())
    return [*((twins.get(one), one) for one in after), *((one, None) for one in before if one not in taken)]


def _identity(element: Element) -> Hashable:
    return element.tag, *_known_by(element)


def _kind(element: Element) -> Hashable | None:
    return element.tag if _known_by(element)[0] in _LOOSE else None


def _known_by(element: Element) -> tuple[str, str]:
    """The attribute that tells an element from others of its name, and its value; empty where there is none."""
    if not isinstance(element.tag, str):
        return "text", f"{getattr(element, 'target', '')} {element.text}"
    if local(element) in _REFERENCES:
        return "reference", _text(element)
    names = _OF_DIALECTS if namespace(element) in (CAMUNDA, SPIFF, ZEEBE) else _KNOWN_BY
    return next(((name, str(element.get(name))) for name in names if element.get(name) is not None), ("", ""))


def _step(element: Element) -> Step:
    if not isinstance(element.tag, str):
        return Step("comment" if element.tag is etree.Comment else "processing instruction")
    return Step(local(element), _known_by(element)[1])


def _value(element: Element, name: str) -> str | None:
    """An attribute's value: a position as a number, a type without the prefix of its namespace."""
    value = element.get(name)
    if value is None:
        return None
    if name == _XSI_TYPE:
        return str(value).rpartition(":")[2]
    return _number(str(value)) if namespace(element) in _DRAWING else str(value)


def _number(value: str) -> str:
    try:
        return str(float(value))
    except ValueError:
        return value


def _text(element: Element) -> str:
    """What stands in an element itself; `<>` for each child where there is text between them."""
    tails = [child.tail or "" for child in element]
    between = any(tail.strip() for tail in tails)
    return "<>".join(_trimmed(piece) for piece in (element.text or "", *(tails if between else ())))


def _trimmed(text: str) -> str:
    """Without the space around it; of several lines the first keeps its own, as scripts need."""
    stripped = text.strip()
    return re.sub(r"\A\s*\n", "", text).rstrip() if "\n" in stripped else stripped


def _bare(name: str) -> str:
    return name.rpartition("}")[2]
