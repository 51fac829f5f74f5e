"""Reads FEEL's conditions and unary tests: all that forms and policies may say. Recursive descent, limited in depth.

What decisions may say beyond that is read by `calculations`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import cast

from engine.domain.feel.cursor import MAX_DEPTH, Cursor
from engine.domain.feel.syntax import (
    All,
    Among,
    Anything,
    Between,
    Comparison,
    Constant,
    Either,
    Interval,
    Items,
    Name,
    Node,
    Not,
    Operator,
    Question,
    children,
)
from engine.domain.feel.tokens import FeelError, Token
from engine.domain.said import said

_COMPARING = ("=", "!=", "<", "<=", ">", ">=")
_WORDS = {"true": True, "false": False, "null": None}
RESERVED = {"and", "or", "in", "between", "if", "then", "else", "for", "return", "some", "every", "satisfies"}


def read_unary_tests(parser: Parser) -> Node:
    """The tree of a cell: `-`, `"a","b"`, `[1..5]`, `< 5`, `not("b")`; an empty cell is `-`. Raises FeelError."""
    if parser.at_end() or parser.source.strip() == "-":
        return Anything()
    with parser.not_too_deep():
        root = parser.negated_tests()
        if root is None:
            root = Among(Question(), parser.listed(parser.test))
            parser.expect_end()
        _refuse_misplaced(root, question=True)
    return root


def read_expression(parser: Parser) -> Node:
    """The tree of an expression; a leading `=`, as form-js writes it, is allowed. Raises FeelError."""
    parser.take("=")
    with parser.not_too_deep():
        root = parser.expression()
        parser.expect_end()
        _refuse_misplaced(root, question=False)
    return root


def _refuse_misplaced(node: Node, *, question: bool, test: bool = False) -> None:
    """Intervals make sense as tests only, and `?` only in tests: anywhere else they would never match."""
    if isinstance(node, Interval) and not test:
        raise FeelError(said("An interval can't stand here."), said("Write: x in [1..5]."))
    if isinstance(node, Question) and not question:
        raise FeelError(said("'?' has no meaning here."), said("Write the name of the variable that is meant."))
    if isinstance(node, Among):
        _refuse_misplaced(node.value, question=question)
        for part in node.tests:
            _refuse_misplaced(part, question=True, test=True)
        return
    for part in children(node):
        _refuse_misplaced(part, question=question)


class Parser(Cursor):
    """Conditions and unary tests."""

    def negated_tests(self) -> Node | None:
        """`not(tests)` if that is the whole text; `not(a) and b` is an expression and read as such."""
        if not (self.take("not") and self.take("(")):
            self._next = 0
            return None
        tests = self.listed(self.test)
        if self.take(")") and self.at_end():
            return Not(Among(Question(), tests))
        self._next = 0
        return None

    def test(self) -> Node:
        """One positive unary test: `< 5`, or an expression."""
        return self._endpoint() or self.expression()

    def _endpoint(self) -> Node | None:
        operator = self.take(*_COMPARING)
        return Comparison(cast(Operator, operator), Question(), self.operand()) if operator else None

    def expression(self) -> Node:
        """Conditions joined by `or`."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._too_deep()
        parts = [self._conjunction()]
        while self.take("or"):
            parts.append(self._conjunction())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _conjunction(self) -> Node:
        parts = [self._comparison()]
        while self.take("and"):
            parts.append(self._comparison())
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _comparison(self) -> Node:
        left = self.operand()
        operator = self.take(*_COMPARING)
        if operator:
            self._refuse_doubled(operator)
            return Comparison(cast(Operator, operator), left, self.operand())
        if self.take("between"):
            low = self.operand()
            self.expect("and", said("Write: x between 1 and 5."))
            return Between(left, low, self.operand())
        if self.take("in"):
            return Among(left, self._tests_of_in())
        return left

    def _refuse_doubled(self, operator: str) -> None:
        if operator == "=" and self._token.text == "=" and self._token.kind == "sign":
            raise self._surprise(said("'==' isn't FEEL."), said("Write a single '='."))

    def _tests_of_in(self) -> tuple[Node, ...]:
        if not self.take("("):
            return (self._endpoint() or self.operand(),)
        first = self.test()
        if self.take(".."):
            return (self._interval(first, with_low=False),)
        rest = self.listed(self.test) if self.take(",") else ()
        self.expect(")", said("Close the bracket."))
        return (first, *rest)

    def _interval(self, low: Node, *, with_low: bool) -> Interval:
        high = self.operand()
        closing = self.take("]", ")", "[")
        if not closing:
            raise self._surprise(
                said("The interval isn't closed."), said("Write [1..5] with its ends, (1..5) without.")
            )
        return Interval(low, high, with_low, closing == "]")

    def operand(self) -> Node:
        """What stands beside a comparison's sign."""
        token = self._token
        self._next += token.kind != "end"
        match token.kind:
            case "text":
                return Constant(token.text)
            case "number":
                return Constant(Decimal(token.text))
            case "name":
                return self._word(token)
            case "sign" if token.text in ("(", "[", "]"):
                return self._bracketed(token.text)
            case "sign" if token.text == "-" and self._token.kind == "number":
                self._next += 1
                return Constant(Decimal("-" + self._tokens[self._next - 1].text))
            case "sign" if token.text == "?":
                return Question()
        self._next -= token.kind != "end"
        raise self._surprise(
            said("A value was expected, and {found} stands there.", found=self._found()), self._remedy(token)
        )

    def _word(self, token: Token) -> Node:
        if token.text in _WORDS:
            return Constant(_WORDS[token.text])
        if token.text == "not":
            self.expect("(", said("Write not(…)."))
            part = self.expression()
            self.expect(")", said("Close the bracket."))
            return Not(part)
        if token.text in RESERVED:
            raise FeelError(
                said("'{text}' was not expected here.", text=token.text),
                said("Write a comparison such as x = 1."),
                token.position,
            )
        called = self._called(token)
        return called if called is not None else Name(self._path(token))

    def _path(self, first: Token) -> tuple[str, ...]:
        path = [first.text]
        while self.take("."):
            if self._token.kind != "name":
                raise self._surprise(said("A name was expected after the dot."), said("Write it as ticket.category."))
            path.append(self._token.text)
            self._next += 1
        return tuple(path)

    def _called(self, token: Token) -> Node | None:
        """`date("…")` and `date and time("…")`, the only functions there are; None for a plain name."""
        start, function = self._next, token.text
        if function == "date" and self.take("and") and self.take("time"):
            function = "date and time"
        if not self.take("("):
            self._next = start
            return None
        if function not in ("date", "date and time"):
            raise FeelError(
                said("The function '{function}' isn't known here.", function=function),
                said('Compute the value beforehand; date("…") and date and time("…") can be used.'),
                token.position,
            )
        argument = self._token
        self._next += argument.kind == "text"
        value = _instant(function, argument)
        self.expect(")", said("Close the bracket."))
        return Constant(value)

    def _bracketed(self, opening: str) -> Node:
        """`(a)`, `[a, b]`, or an interval: `[1..5]`, `(1..5)`, `]1..5[`."""
        if opening == "[" and self.take("]"):
            return Items(())
        first = self.expression()
        if self.take(".."):
            return self._interval(first, with_low=opening == "[")
        if opening == "(":
            self.expect(")", said("Close the bracket."))
            return first
        rest = self.listed(self.expression) if opening == "[" and self.take(",") else ()
        self.expect("]" if opening == "[" else "..", said("Close the list, or write an interval as [1..5]."))
        items = (first, *rest)
        return Items(items)

    def _remedy(self, token: Token) -> str:
        if token.text == "-":
            return said("Write '-' alone for 'any value'; a minus stands before numbers only.")
        return said('Write a value such as "a", 1.5, true, null or the name of a variable.')


def _instant(function: str, argument: Token) -> date | datetime:
    if argument.kind == "text":
        try:
            read = date.fromisoformat if function == "date" else datetime.fromisoformat
            return read(argument.text)
        except ValueError:
            pass
    example = "2026-03-27" if function == "date" else "2026-03-27T16:00:00+01:00"
    raise FeelError(
        said("'{text}' isn't a date that can be read.", text=argument.text[:30]),
        said('Write {function}("{example}").', function=function, example=example),
        argument.position,
    )
