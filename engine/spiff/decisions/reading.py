"""Reads decision tables from DMN 1.1–1.3 as dmn-js and the Camunda Modeler write them. What can't be run is refused.

Nothing is left out silently: every element and attribute that would change an answer is either read or named in a
Problem. All problems of a file are found in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from engine.domain.errors import Problem
from engine.domain.feel import Expression, FeelError, Tests, parse_expression, parse_unary_tests
from engine.domain.feel.syntax import Name
from engine.domain.said import Said, said
from engine.spiff.decisions.cells import output_value
from engine.spiff.decisions.model import Decision, HitPolicy, Input, Output, Rule
from engine.spiff.parsing.xml import Element, local, namespace, parse_xml

_NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
    }
)
_HIT_POLICIES: dict[str, HitPolicy] = {"UNIQUE": "U", "FIRST": "F", "COLLECT": "C"}
#: drawing and documentation: they change no answer
_SILENT = frozenset(
    {
        "association", "authorityRequirement", "description", "DMNDI", "elementCollection", "extensionElements",
        "informationItem", "inputData", "knowledgeSource", "organizationUnit", "performanceIndicator",
        "question", "allowedAnswers", "textAnnotation", "variable", "annotation", "annotationEntry",
    }
)  # fmt: skip
_REFUSED = {
    "allowedValues": (said("Allowed values aren't checked."), said("Remove the list of allowed values.")),
    "businessKnowledgeModel": (
        said("Business knowledge models aren't supported."),
        said("Write a decision table instead."),
    ),
    "context": (said("A context isn't supported."), said("Write a decision table instead.")),
    "decisionService": (said("Decision services aren't supported."), said("Remove it.")),
    "defaultOutputEntry": (said("Default outputs aren't supported."), said("Add a last rule with '-' in every input.")),
    "functionDefinition": (said("Functions aren't supported."), said("Write a decision table instead.")),
    "import": (said("Other models can't be imported."), said("Put the decisions into this file.")),
    "inputValues": (
        said("Lists of allowed input values aren't checked."),
        said("Remove the predefined values of the input."),
    ),
    "invocation": (said("Invocations aren't supported."), said("Write a decision table instead.")),
    "itemDefinition": (said("Type definitions aren't checked."), said("Remove the type definition.")),
    "knowledgeRequirement": (
        said("Business knowledge models aren't supported."),
        said("Write a decision table instead."),
    ),
    "list": (said("A list of expressions isn't supported."), said("Write a decision table instead.")),
    "literalExpression": (said("Literal expressions aren't supported."), said("Write a decision table instead.")),
    "outputValues": (
        said("Lists of allowed output values aren't checked."),
        said("Remove the predefined values of the output."),
    ),
    "relation": (said("Relations aren't supported."), said("Write a decision table instead.")),
    "requiredDecision": (
        said("A decision that depends on another isn't supported."),
        said("Remove the line between the two, and ask them one after the other in the diagram."),
    ),
}


def read_decisions(path: str, content: bytes) -> tuple[dict[str, Decision], list[Problem]]:
    """The sound decisions of a file by id, and all that is wrong with the file."""
    root, problems = parse_xml(path, content)
    if root is None:
        return {}, problems
    reader = _Reader(path)
    return reader.file(root), reader.problems


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._ids: set[str] = set()

    def file(self, root: Element) -> dict[str, Decision]:
        if local(root) != "definitions" or namespace(root) not in _NAMESPACES:
            remedy = said("Export it from the modeler as DMN 1.3.")
            self.tell(root, said("The file isn't a DMN 1.1, 1.2 or 1.3 model."), remedy)
            return {}
        self._language(root)
        self._unsupported(root, {"decision"})
        found: dict[str, Decision] = {}
        tables = [child for child in root if local(child) == "decision"]
        if not tables:
            self.tell(root, said("The file holds no decision."), said("Add a decision table, or remove the file."))
        for element in tables:
            before = len(self.problems)
            decision = self._decision(element)
            if decision is not None and len(self.problems) == before:
                found[decision.id] = decision
        return found

    def tell(self, element: Element, problem: str, remedy: str, label: str = "") -> None:
        name = label or element.get("label") or element.get("name") or ""
        identity = element.get("id", "")
        self.problems.append(Problem(self.path, problem, remedy, identity, name, _line(element)))

    def _decision(self, element: Element) -> Decision | None:
        key = self._own_id(element, said("decision"))
        self._unsupported(element, {"decisionTable", "informationRequirement"})
        for requirement in (child for child in element if local(child) == "informationRequirement"):
            self._unsupported(requirement, {"requiredInput"}, owner=element)
        tables = [child for child in element if local(child) == "decisionTable"]
        if len(tables) != 1:
            if not any(local(child) in _REFUSED for child in element):
                self.tell(
                    element,
                    said("The decision has no decision table."),
                    said("Open it in the modeler and fill its table."),
                )
            return None
        table = tables[0]
        self._unsupported(table, {"input", "output", "rule"})
        inputs = [self._input(child, n) for n, child in enumerate(_named(table, "input"), 1)]
        outputs = [self._output(child, n) for n, child in enumerate(_named(table, "output"), 1)]
        self._check_outputs(table, outputs)
        rules = [self._rule(child, n, inputs, outputs) for n, child in enumerate(_named(table, "rule"), 1)]
        policy = self._hit_policy(table)
        return Decision(
            key,
            element.get("name", ""),
            self.path,
            _line(element),
            policy,
            tuple(inputs),
            tuple(outputs),
            tuple(rules),
        )

    def _hit_policy(self, table: Element) -> HitPolicy:
        written = table.get("hitPolicy", "UNIQUE")
        if written not in _HIT_POLICIES:
            self.tell(
                table,
                said("The hit policy '{written}' isn't supported.", written=written),
                said("Choose UNIQUE, FIRST or COLLECT."),
            )
        if table.get("aggregation"):
            problem = said("The aggregation '{name}' isn't supported.", name=table.get("aggregation"))
            self.tell(table, problem, said("Choose COLLECT without aggregation, which gives a list."))
        return _HIT_POLICIES.get(written, "U")

    def _input(self, element: Element, number: int) -> Input:
        label = element.get("label") or said("input {number}", number=number)
        self._own_id(element, said("input"), required=False)
        self._unsupported(element, {"inputExpression"})
        if _camunda(element, "inputVariable"):
            self.tell(
                element,
                said("An input variable isn't supported."),
                said("Remove it; write ? for the value in cells."),
                label,
            )
        asked = next(iter(_named(element, "inputExpression")), None)
        expression = Expression("", Name(("",)))
        if asked is None or not _text(asked).strip():
            self.tell(
                element,
                said("The input asks for nothing."),
                said("Write the name of a variable as its expression."),
                label,
            )
        else:
            self._language(asked, element)
            expression = self._parsed(asked, label) or expression
        return Input(element.get("id", ""), label, expression)

    def _parsed(self, asked: Element, label: str) -> Expression | None:
        try:
            return parse_expression(_text(asked))
        except FeelError as error:
            self.tell(
                asked,
                said("'{text}' can't be read: {problem}", text=_text(asked).strip()[:60], problem=error.problem),
                error.remedy,
                label,
            )
            return None

    def _output(self, element: Element, number: int) -> Output:
        label = element.get("label") or element.get("name") or said("output {number}", number=number)
        self._own_id(element, said("output"), required=False)
        self._unsupported(element, set())
        return Output(element.get("id", ""), label, element.get("name", ""), element.get("typeRef", ""))

    def _check_outputs(self, table: Element, outputs: list[Output]) -> None:
        if not outputs:
            self.tell(table, said("The table has no output."), said("Add an output column."))
        seen: set[str] = set()
        for element, output in zip(_named(table, "output"), outputs, strict=True):
            if not output.name.isidentifier():
                problem = said("The output's name '{name}' can't be the name of a variable.", name=output.name[:60])
                self.tell(element, problem, said("Give it a name of letters, digits and _."), output.label)
            elif output.name in seen:
                self.tell(
                    element,
                    said("Two outputs have the name '{name}'.", name=output.name),
                    said("Rename one."),
                    output.label,
                )
            seen.add(output.name)

    def _rule(self, element: Element, number: int, inputs: list[Input], outputs: list[Output]) -> Rule:
        label = said("rule {number}", number=number)
        key = self._own_id(element, label, required=False) or f"rule-{number}"
        self._unsupported(element, {"inputEntry", "outputEntry"})
        asked, given = _named(element, "inputEntry"), _named(element, "outputEntry")
        if (len(asked), len(given)) != (len(inputs), len(outputs)):
            self.tell(
                element,
                said("The rule doesn't have a cell for each column."),
                said("Save it anew in the modeler."),
                label,
            )
            return Rule(key, number, (), ())
        tests = tuple(
            self._test(element, cell, _cell_label(number, column.label))
            for cell, column in zip(asked, inputs, strict=True)
        )
        values = tuple(
            self._value(element, cell, column, _cell_label(number, column.label))
            for cell, column in zip(given, outputs, strict=True)
        )
        return Rule(key, number, tests, values, _line(element))

    def _test(self, rule: Element, cell: Element, label: str) -> Tests:
        self._language(cell, rule)
        try:
            return parse_unary_tests(_text(cell))
        except FeelError as error:
            self._tell_cell(rule, cell, error, label)
            return parse_unary_tests("-")

    def _value(self, rule: Element, cell: Element, column: Output, label: str) -> object:
        self._language(cell, rule)
        try:
            return output_value(_text(cell), column.type)
        except FeelError as error:
            self._tell_cell(rule, cell, error, label)
            return None

    def _tell_cell(self, rule: Element, cell: Element, error: FeelError, label: str) -> None:
        problem = said(
            "The cell {text} can't be read: {problem}", text=f"{_text(cell).strip()[:60]!r}", problem=error.problem
        )
        self.problems.append(
            Problem(self.path, problem, error.remedy, rule.get("id", ""), label, _line(cell) or _line(rule))
        )

    def _own_id(self, element: Element, what: str, *, required: bool = True) -> str:
        key = cast(str, element.get("id", ""))
        if not key and required:
            self.tell(element, said("The {what} has no id.", what=what), said("Give it one; the diagram names it."))
        if key and key in self._ids:
            self.tell(
                element,
                said("The id '{name}' stands twice in the file.", name=key[:60]),
                said("Give one of the two another id."),
            )
        self._ids.add(key)
        return key

    def _language(self, element: Element, owner: Element | None = None) -> None:
        language = element.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            self.tell(
                element if owner is None else owner,
                said("The expression language '{language}' isn't supported.", language=language[:60]),
                said("Write FEEL."),
            )

    def _unsupported(self, element: Element, known: set[str], owner: Element | None = None) -> None:
        for child in _foreign(element, known):
            name = local(child)
            problem, remedy = _REFUSED.get(
                name, (said("<{name}> isn't supported here.", name=name), said("Remove it in the modeler."))
            )
            self.tell(child if child.get("id") else element if owner is None else owner, problem, remedy)


def _cell_label(rule: int, column: str) -> Said:
    return said("rule {number}, {column}", number=rule, column=column)


def _foreign(element: Element, known: set[str]) -> Iterator[Element]:
    for child in element:
        own = namespace(child) in _NAMESPACES
        if own and local(child) not in known and local(child) not in _SILENT:
            yield child


def _line(element: Element) -> int:
    return cast(int, element.sourceline or 0)


def _named(element: Element, name: str) -> list[Element]:
    return [child for child in element if local(child) == name and namespace(child) in _NAMESPACES]


def _text(element: Element) -> str:
    return next((child.text or "" for child in element if local(child) == "text"), "")


def _camunda(element: Element, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}" + name)), "")
