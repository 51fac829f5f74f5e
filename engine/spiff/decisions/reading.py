"""Reads decisions from DMN 1.1–1.3 as dmn-js and the Camunda Modeler write them, and orders those that need others.

All problems of a file are found in one pass.
"""

from __future__ import annotations

from dataclasses import replace

from engine.domain.errors import Problem
from engine.domain.feel import FeelError
from engine.domain.said import said
from engine.spiff.decisions.cells import read_cell
from engine.spiff.decisions.model import Decision, Formula, Output, Table
from engine.spiff.decisions.requirements import Requirements
from engine.spiff.decisions.source import NAMESPACES, Source, first, is_refused, line_of, named, text_of
from engine.spiff.decisions.tables import read_table
from engine.spiff.parsing.xml import Element, local, namespace, parse_xml


def read_decisions(path: str, content: bytes) -> tuple[dict[str, Decision], list[Problem]]:
    """The sound decisions of a file by id, and all that is wrong with the file."""
    root, problems = parse_xml(path, content)
    if root is None:
        return {}, problems
    source = Source(path)
    return _file(source, root), source.problems


def _file(source: Source, root: Element) -> dict[str, Decision]:
    if local(root) != "definitions" or namespace(root) not in NAMESPACES:
        remedy = said("Export it from the modeler as DMN 1.3.")
        source.tell(root, said("The file isn't a DMN 1.1, 1.2 or 1.3 model."), remedy)
        return {}
    source.language(root)
    source.unsupported(root, {"decision"})
    elements = named(root, "decision")
    if not elements:
        source.tell(root, said("The file holds no decision."), said("Add a decision table, or remove the file."))
    known = frozenset(name for element in [*elements, *named(root, "inputData")] for name in _names(element))
    found: dict[str, Decision] = {}
    for element in elements:
        before = len(source.problems)
        decision = _decision(source, element, known | {"ticket"})
        if decision is not None and len(source.problems) == before:
            found[decision.id] = decision
    return _ordered(source, elements, found)


def _ordered(source: Source, elements: list[Element], found: dict[str, Decision]) -> dict[str, Decision]:
    """The decisions with those that they need; without those that need one that isn't sound."""
    requirements = Requirements(source, elements)
    ordered: dict[str, Decision] = {}
    for element in elements:
        decision = found.get(element.get("id", ""))
        order = requirements.order(element)
        if decision is not None and order is not None and all(key in found for key in order):
            ordered[decision.id] = replace(decision, required=tuple(found[key] for key in order))
    return ordered


def _decision(source: Source, element: Element, known: frozenset[str]) -> Decision | None:
    key = source.own_id(element, said("decision"))
    source.unsupported(element, {"decisionTable", "literalExpression", "informationRequirement"})
    logic = _logic(source, element, known)
    if logic is None:
        return None
    return Decision(
        key, element.get("name", ""), source.path, line_of(element), logic, aliases=tuple(_names(element)[1:])
    )


def _logic(source: Source, element: Element, known: frozenset[str]) -> Table | Formula | None:
    table, literal = first(element, "decisionTable"), first(element, "literalExpression")
    if table is not None and literal is None:
        return read_table(source, table, known)
    if literal is not None and table is None:
        return _formula(source, element, literal)
    if not any(is_refused(child) for child in element):
        source.tell(
            element,
            said("The decision has no decision table and no literal expression."),
            said("Open it in the modeler and fill its table."),
        )
    return None


def _formula(source: Source, element: Element, literal: Element) -> Formula | None:
    """A literal expression; its answer has the name of the decision's variable, else its id."""
    source.language(literal, element)
    source.unsupported(literal, {"text"}, owner=element)
    variable = first(element, "variable")
    name = (variable.get("name", "") if variable is not None else "") or element.get("id", "")
    kind = "" if variable is None else variable.get("typeRef", "")
    if not name.isidentifier():
        problem = said("The name '{name}' of the result can't be the name of a variable.", name=name[:60])
        source.tell(element, problem, said("Give it a name of letters, digits and _."))
    if not text_of(literal).strip():
        source.tell(element, said("The literal expression is empty."), said("Write what the decision's value is."))
        return None
    try:
        cell = read_cell(text_of(literal), kind or literal.get("typeRef", ""))
    except FeelError as error:
        source.tell_cell(element, literal, error, element.get("name", ""))
        return None
    return Formula(cell, (Output(literal.get("id", ""), element.get("name", "") or name, name, kind),))


def _names(element: Element) -> list[str]:
    """An element's id, and the names that expressions may call it by."""
    variable = first(element, "variable")
    written = [element.get("name", ""), "" if variable is None else variable.get("name", "")]
    return [element.get("id", ""), *dict.fromkeys(name for name in written if name.isidentifier())]
