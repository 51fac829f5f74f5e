"""Reads one decision table: its columns, its rules, its hit policy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.domain.errors import Invalid
from engine.domain.feel import Expression, FeelError, Run, Tests, parse_calculation, parse_cell
from engine.domain.feel.syntax import Name, names_read
from engine.domain.said import Said, said
from engine.spiff.decisions.cells import Cell, read_cell
from engine.spiff.decisions.hits import check_allowed
from engine.spiff.decisions.model import HIT_POLICIES, Aggregation, HitPolicy, Input, Output, Rule, Table
from engine.spiff.decisions.source import Source, first, foreign_attribute, line_of, named, text_of
from engine.spiff.parsing.xml import Element

_AGGREGATIONS: dict[str, Aggregation] = {"SUM": "+", "MIN": "<", "MAX": ">", "COUNT": "#"}
_NOTHING = Cell(parse_calculation("null"))


def read_table(source: Source, element: Element, known: frozenset[str]) -> Table:
    """The table of a `decisionTable`. `known`: names that have a value without an input that asks for them."""
    return _Reader(source, element, known).table()


@dataclass
class _Reader:
    source: Source
    element: Element
    known: frozenset[str]

    def table(self) -> Table:
        self.source.unsupported(self.element, {"input", "output", "rule"})
        inputs = tuple(self._input(child, n) for n, child in enumerate(named(self.element, "input"), 1))
        self.known |= frozenset(path[0] for item in inputs for path in names_read(item.expression.root))
        outputs = tuple(self._output(child, n) for n, child in enumerate(named(self.element, "output"), 1))
        self._check_outputs(outputs)
        rules = tuple(
            self._rule(child, number, inputs, outputs) for number, child in enumerate(named(self.element, "rule"), 1)
        )
        table = Table(self._hit_policy(), inputs, outputs, rules, self._aggregation())
        self._check_policy(table)
        return table

    def _hit_policy(self) -> HitPolicy:
        written = self.element.get("hitPolicy", "UNIQUE")
        if written not in HIT_POLICIES:
            self.source.tell(
                self.element,
                said("The hit policy '{written}' isn't supported.", written=written),
                said("Choose one of {names}.", names=list(HIT_POLICIES)),
            )
        return HIT_POLICIES.get(written, "U")

    def _aggregation(self) -> Aggregation:
        written = self.element.get("aggregation", "")
        if written and (written not in _AGGREGATIONS or self.element.get("hitPolicy") != "COLLECT"):
            problem = said("The aggregation '{name}' isn't supported here.", name=written)
            remedy = said("Choose COLLECT with one of {names}, or no aggregation.", names=list(_AGGREGATIONS))
            self.source.tell(self.element, problem, remedy)
        return _AGGREGATIONS.get(written, "")

    def _check_policy(self, table: Table) -> None:
        if table.aggregation and len(table.outputs) > 1:
            self.source.tell(
                self.element,
                said("An aggregation needs a single output."),
                said("Remove the other outputs, or make a table for each."),
            )
        if table.hit_policy in ("P", "O") and not any(output.order for output in table.outputs):
            self.source.tell(
                self.element,
                said("The hit policy needs to know which output counts most, and no output lists its values."),
                said("List the output's values (predefined values), the one that counts most first."),
            )

    def _input(self, element: Element, number: int) -> Input:
        label = element.get("label") or said("input {number}", number=number)
        self.source.own_id(element, said("input"), required=False)
        self.source.unsupported(element, {"inputExpression", "inputValues"})
        if foreign_attribute(element, "inputVariable"):
            self.source.tell(
                element,
                said("An input variable isn't supported."),
                said("Remove it; write ? for the value in cells."),
                label,
            )
        asked = first(element, "inputExpression")
        expression = Expression("", Name(("",)))
        if asked is None or not text_of(asked).strip():
            self.source.tell(
                element,
                said("The input asks for nothing."),
                said("Write the name of a variable as its expression."),
                label,
            )
        else:
            self.source.language(asked, element)
            expression = read_formula(self.source, asked, label) or expression
        return Input(element.get("id", ""), label, expression, self._allowed(element, "inputValues", label))

    def _allowed(self, column: Element, name: str, label: str) -> Tests | None:
        """The test of a column's list of values; None where it has none."""
        values = first(column, name)
        if values is None or not text_of(values).strip():
            return None
        self.source.language(values, column)
        try:
            tests = parse_cell(text_of(values))
        except FeelError as error:
            self.source.tell_cell(column, values, error, label)
            return None
        if tests.names:
            problem = said("The list of values holds the name '{name}'.", name=min(tests.names)[:60])
            self.source.tell(column, problem, said("Write texts between double quotes."), label)
            return None
        return None if tests.accepts_all else tests

    def _output(self, element: Element, number: int) -> Output:
        label = element.get("label") or element.get("name") or said("output {number}", number=number)
        self.source.own_id(element, said("output"), required=False)
        self.source.unsupported(element, {"outputValues", "defaultOutputEntry"})
        output = Output(
            element.get("id", ""),
            label,
            element.get("name", ""),
            element.get("typeRef", ""),
            self._allowed(element, "outputValues", label),
        )
        default = first(element, "defaultOutputEntry")
        if default is None or not text_of(default).strip():
            return output
        return replace(output, default=self._cell(element, default, output, said("{column}, default", column=label)))

    def _check_outputs(self, outputs: tuple[Output, ...]) -> None:
        if not outputs:
            self.source.tell(self.element, said("The table has no output."), said("Add an output column."))
        seen: set[str] = set()
        for element, output in zip(named(self.element, "output"), outputs, strict=True):
            if not output.name.isidentifier():
                problem = said("The output's name '{name}' can't be the name of a variable.", name=output.name[:60])
                self.source.tell(element, problem, said("Give it a name of letters, digits and _."), output.label)
            elif output.name in seen:
                self.source.tell(
                    element,
                    said("Two outputs have the name '{name}'.", name=output.name),
                    said("Rename one."),
                    output.label,
                )
            seen.add(output.name)

    def _rule(self, element: Element, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...]) -> Rule:
        label = said("rule {number}", number=number)
        key = self.source.own_id(element, label, required=False) or f"rule-{number}"
        self.source.unsupported(element, {"inputEntry", "outputEntry"})
        asked, given = named(element, "inputEntry"), named(element, "outputEntry")
        if (len(asked), len(given)) != (len(inputs), len(outputs)):
            self.source.tell(
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
        cells = tuple(
            self._cell(element, cell, column, _cell_label(number, column.label))
            for cell, column in zip(given, outputs, strict=True)
        )
        return Rule(key, number, tests, cells, line_of(element))

    def _test(self, rule: Element, cell: Element, label: str) -> Tests:
        self.source.language(cell, rule)
        try:
            return parse_cell(text_of(cell))
        except FeelError as error:
            self.source.tell_cell(rule, cell, error, label)
            return parse_cell("-")

    def _cell(self, owner: Element, cell: Element, column: Output, label: str) -> Cell:
        self.source.language(cell, owner)
        try:
            found = read_cell(text_of(cell), column.type, self.known)
            if found.written_out:
                _check_listed(found, column)
        except FeelError as error:
            self.source.tell_cell(owner, cell, error, label)
            return _NOTHING
        return found


def read_formula(source: Source, element: Element, label: str) -> Expression | None:
    """The expression of an `inputExpression`; None where it can't be read."""
    try:
        return parse_calculation(text_of(element))
    except FeelError as error:
        source.tell(
            element,
            said("'{text}' can't be read: {problem}", text=text_of(element).strip()[:60], problem=error.problem),
            error.remedy,
            label,
        )
        return None


def _check_listed(cell: Cell, column: Output) -> None:
    """A value that is written out must be one that its column lists."""
    try:
        check_allowed(column, cell.value({}, Run()), Run())
    except Invalid as error:
        raise FeelError(str(error), said("Write one of the column's values, or add it to them.")) from None


def _cell_label(rule: int, column: str) -> Said:
    return said("rule {number}, {column}", number=rule, column=column)
