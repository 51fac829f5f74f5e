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
    "allowedValues": ("Allowed values aren't checked.", "Remove the list of allowed values."),
    "businessKnowledgeModel": ("Business knowledge models aren't supported.", "Write a decision table instead."),
    "context": ("A context isn't supported.", "Write a decision table instead."),
    "decisionService": ("Decision services aren't supported.", "Remove it."),
    "defaultOutputEntry": ("Default outputs aren't supported.", "Add a last rule with '-' in every input."),
    "functionDefinition": ("Functions aren't supported.", "Write a decision table instead."),
    "import": ("Other models can't be imported.", "Put the decisions into this file."),
    "inputValues": ("Lists of allowed input values aren't checked.", "Remove the predefined values of the input."),
    "invocation": ("Invocations aren't supported.", "Write a decision table instead."),
    "itemDefinition": ("Type definitions aren't checked.", "Remove the type definition."),
    "knowledgeRequirement": ("Business knowledge models aren't supported.", "Write a decision table instead."),
    "list": ("A list of expressions isn't supported.", "Write a decision table instead."),
    "literalExpression": ("Literal expressions aren't supported.", "Write a decision table instead."),
    "outputValues": ("Lists of allowed output values aren't checked.", "Remove the predefined values of the output."),
    "relation": ("Relations aren't supported.", "Write a decision table instead."),
    "requiredDecision": (
        "A decision that depends on another isn't supported.",
        "Remove the line between the two, and ask them one after the other in the diagram.",
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
            remedy = "Export it from the modeler as DMN 1.3."
            self.tell(root, "The file isn't a DMN 1.1, 1.2 or 1.3 model.", remedy)
            return {}
        self._language(root)
        self._unsupported(root, {"decision"})
        found: dict[str, Decision] = {}
        tables = [child for child in root if local(child) == "decision"]
        if not tables:
            self.tell(root, "The file holds no decision.", "Add a decision table, or remove the file.")
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
        key = self._own_id(element, "decision")
        self._unsupported(element, {"decisionTable", "informationRequirement"})
        for requirement in (child for child in element if local(child) == "informationRequirement"):
            self._unsupported(requirement, {"requiredInput"}, owner=element)
        tables = [child for child in element if local(child) == "decisionTable"]
        if len(tables) != 1:
            if not any(local(child) in _REFUSED for child in element):
                self.tell(element, "The decision has no decision table.", "Open it in the modeler and fill its table.")
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
            self.tell(table, f"The hit policy '{written}' isn't supported.", "Choose UNIQUE, FIRST or COLLECT.")
        if table.get("aggregation"):
            problem = f"The aggregation '{table.get('aggregation')}' isn't supported."
            self.tell(table, problem, "Choose COLLECT without aggregation, which gives a list.")
        return _HIT_POLICIES.get(written, "U")

    def _input(self, element: Element, number: int) -> Input:
        label = element.get("label") or f"input {number}"
        self._own_id(element, "input", required=False)
        self._unsupported(element, {"inputExpression"})
        if _camunda(element, "inputVariable"):
            self.tell(
                element, "An input variable isn't supported.", "Remove it; write ? for the value in cells.", label
            )
        asked = next(iter(_named(element, "inputExpression")), None)
        expression = Expression("", Name(("",)))
        if asked is None or not _text(asked).strip():
            self.tell(element, "The input asks for nothing.", "Write the name of a variable as its expression.", label)
        else:
            self._language(asked, element)
            expression = self._parsed(asked, label) or expression
        return Input(element.get("id", ""), label, expression)

    def _parsed(self, asked: Element, label: str) -> Expression | None:
        try:
            return parse_expression(_text(asked))
        except FeelError as error:
            self.tell(asked, f"'{_text(asked).strip()[:60]}' can't be read: {error.problem}", error.remedy, label)
            return None

    def _output(self, element: Element, number: int) -> Output:
        label = element.get("label") or element.get("name") or f"output {number}"
        self._own_id(element, "output", required=False)
        self._unsupported(element, set())
        return Output(element.get("id", ""), label, element.get("name", ""), element.get("typeRef", ""))

    def _check_outputs(self, table: Element, outputs: list[Output]) -> None:
        if not outputs:
            self.tell(table, "The table has no output.", "Add an output column.")
        seen: set[str] = set()
        for element, output in zip(_named(table, "output"), outputs, strict=True):
            if not output.name.isidentifier():
                problem = f"The output's name '{output.name[:60]}' can't be the name of a variable."
                self.tell(element, problem, "Give it a name of letters, digits and _.", output.label)
            elif output.name in seen:
                self.tell(element, f"Two outputs have the name '{output.name}'.", "Rename one.", output.label)
            seen.add(output.name)

    def _rule(self, element: Element, number: int, inputs: list[Input], outputs: list[Output]) -> Rule:
        label = f"rule {number}"
        key = self._own_id(element, label, required=False) or f"rule-{number}"
        self._unsupported(element, {"inputEntry", "outputEntry"})
        asked, given = _named(element, "inputEntry"), _named(element, "outputEntry")
        if (len(asked), len(given)) != (len(inputs), len(outputs)):
            self.tell(element, "The rule doesn't have a cell for each column.", "Save it anew in the modeler.", label)
            return Rule(key, number, (), ())
        tests = tuple(
            self._test(element, cell, f"{label}, {column.label}") for cell, column in zip(asked, inputs, strict=True)
        )
        values = tuple(
            self._value(element, cell, column, f"{label}, {column.label}")
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
        problem = f"The cell {_text(cell).strip()[:60]!r} can't be read: {error.problem}"
        self.problems.append(
            Problem(self.path, problem, error.remedy, rule.get("id", ""), label, _line(cell) or _line(rule))
        )

    def _own_id(self, element: Element, what: str, *, required: bool = True) -> str:
        key = cast(str, element.get("id", ""))
        if not key and required:
            self.tell(element, f"The {what} has no id.", "Give it one; the diagram names it.")
        if key and key in self._ids:
            self.tell(element, f"The id '{key[:60]}' stands twice in the file.", "Give one of the two another id.")
        self._ids.add(key)
        return key

    def _language(self, element: Element, owner: Element | None = None) -> None:
        language = element.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            self.tell(
                element if owner is None else owner,
                f"The expression language '{language[:60]}' isn't supported.",
                "Write FEEL.",
            )

    def _unsupported(self, element: Element, known: set[str], owner: Element | None = None) -> None:
        for child in _foreign(element, known):
            name = local(child)
            problem, remedy = _REFUSED.get(name, (f"<{name}> isn't supported here.", "Remove it in the modeler."))
            self.tell(child if child.get("id") else element if owner is None else owner, problem, remedy)


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
