"""Two DMN files compared: decisions, the columns of their tables, and their rules cell by cell.

Rules are the same by their ids and what they say, else by what they say alone, else by their ids: who inserts a rule
may give the others new ids.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.domain.said import Said, said
from engine.spiff.comparing import wording
from engine.spiff.comparing.elements import differing, with_remarks
from engine.spiff.comparing.model import Change, ChangeKind
from engine.spiff.comparing.names import what
from engine.spiff.comparing.parts import Parts, changes
from engine.spiff.comparing.sequences import Names, matched, out_of_order
from engine.spiff.decisions.source import first, named, text_of
from engine.spiff.parsing.xml import Element, local

#: columns of a table → the cells of a rule that stand below them
_CELLS = {"input": "inputEntry", "output": "outputEntry", "annotation": "annotationEntry"}
_OF_THEIRS = frozenset({"extensionElements", "description", "DMNDI", "import"})
_RULE = "{*}rule"

#: a column of a table: of which kind it is, and its id where it has the same on both sides, else its title
_Column = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A rule with its cells."""

    id: str
    number: int
    element: Element
    cells: Mapping[_Column, Element]

    @property
    def content(self) -> tuple[frozenset[tuple[_Column, str]], str]:
        """What it says; cells that say nothing don't count."""
        cells = ((column, _meant(cell)) for column, cell in self.cells.items())
        return frozenset(cell for cell in cells if cell[1]), self.element.findtext("{*}description") or ""

    @property
    def label(self) -> Said:
        return said("rule {number}", number=self.number)


def changed_decisions(before: Element, after: Element) -> Iterator[Change]:
    """What isn't the same in two files, by their roots: decision by decision, then the rules of each."""
    old, new = Parts(before, _is_part), Parts(after, _is_part)
    for parts, root in ((old, before), (new, after)):
        parts.apart.update(root.iter(_RULE))
    yield from changes(old, new, out_of_order(old.by_key, new.by_key))
    for key, part in new.by_key.items():
        tables = [first(one.element, "decisionTable") for one in (old.by_key.get(key), part) if one is not None]
        if len(tables) > 1 and tables[0] is not None and tables[1] is not None:
            yield from _rules_changed(tables[0], tables[1])


def _is_part(element: Element) -> bool:
    around = element.getparent()
    if around is None or not isinstance(element.tag, str) or local(element) in _OF_THEIRS:
        return False
    return local(element) in _CELLS if local(around) == "decisionTable" else around.getparent() is None


def _rules_changed(before: Element, after: Element) -> Iterator[Change]:
    lasting = {*_ids(before)} & {*_ids(after)}
    old, new = _rules(before, lasting), _rules(after, lasting)
    titles = dict(_columns(before, lasting)) | dict(_columns(after, lasting))
    twins = matched(old, new, lambda one: (one.id, one.content), lambda one: one.content, lambda one: one.id)
    moved = out_of_order(old, (twins[rule] for rule in new if rule in twins))
    for rule in new:
        twin = twins.get(rule)
        if twin is None:
            yield _change("added", rule, _cells_changed({}, rule.cells, titles))
        elif words := [*_cells_changed(twin.cells, rule.cells, titles), *_remarks_changed(twin.element, rule.element)]:
            yield _change("changed", rule, words)
        elif twin in moved:
            yield Change("moved", "rule", rule.id, rule.label, (wording.position(twin.number, rule.number),))
    gone = set(old) - set(twins.values())
    yield from (_change("removed", rule, _cells_changed(rule.cells, {}, titles)) for rule in old if rule in gone)


def _rules(table: Element, lasting: Collection[_Column]) -> list[_Rule]:
    columns = [column for column, _ in _columns(table, lasting)]
    rules = named(table, "rule")
    return [_Rule(rule.get("id") or "", n, rule, _cells(rule, columns)) for n, rule in enumerate(rules, 1)]


def _cells(rule: Element, columns: Collection[_Column]) -> dict[_Column, Element]:
    found: dict[_Column, Element] = {}
    for kind, name in _CELLS.items():
        below = [column for column in columns if column[0] == kind]
        for number, cell in enumerate(named(rule, name)):
            found[below[number] if number < len(below) else (kind, f"{number + 1}")] = cell
    return found


def _columns(table: Element, lasting: Collection[_Column]) -> Iterator[tuple[_Column, str]]:
    """The columns of a table with their titles; none is there twice."""
    for kind in _CELLS:
        names = Names()
        for number, element in enumerate(named(table, kind), 1):
            title = element.get("label") or element.get("name") or element.findtext(".//{*}text") or str(number)
            column = (kind, element.get("id") or "")
            yield (kind, names.own(column[1] if column in lasting else title)), title


def _ids(table: Element) -> Iterator[_Column]:
    return ((kind, element.get("id") or "") for kind in _CELLS for element in named(table, kind) if element.get("id"))


def _cells_changed(
    before: Mapping[_Column, Element], after: Mapping[_Column, Element], titles: Mapping[_Column, str]
) -> Iterator[str]:
    for column in dict.fromkeys([*after, *before]):
        title, old, new = wording.shown(titles.get(column, column[1])), before.get(column), after.get(column)
        if _meant(old) != _meant(new):
            texts = (None if cell is None else text_of(cell).strip() for cell in (old, new))
            yield wording.of(title, wording.turned(*texts))
        if old is not None and new is not None:
            yield from (wording.of(title, word) for word in _remarks_changed(old, new))


def _meant(cell: Element | None) -> str:
    """What a cell says: nothing where every value fits."""
    text = "" if cell is None else text_of(cell).strip()
    return "" if text == "-" else text


def _remarks_changed(before: Element, after: Element) -> Iterator[str]:
    """What isn't the same in a rule beside its cells, or in a cell beside its text. Nobody sees the ids of both."""
    for fact in differing(before, after, _remarks):
        if fact.attribute != "id":
            yield wording.of(what(fact), wording.turned(fact.before, fact.after))


def _remarks(element: Element) -> list[Element]:
    return [child for child in with_remarks(element) if local(child) not in (*_CELLS.values(), "text")]


def _change(kind: ChangeKind, rule: _Rule, words: Iterable[str]) -> Change:
    return Change(kind, "rule", rule.id, rule.label, wording.bounded(list(words)))
