"""Reads the rest of FEEL, which decisions may use: arithmetic, functions, `if`, paths, filters (DMN 1.3, 10.3.1.2).

What of FEEL isn't run is refused here by name, with what to write instead.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.domain.errors import Invalid
from engine.domain.feel.cursor import MAX_DEPTH
from engine.domain.feel.functions import FUNCTIONS
from engine.domain.feel.functions.dates import written
from engine.domain.feel.functions.texts import pattern
from engine.domain.feel.parser import RESERVED, Parser
from engine.domain.feel.syntax import (
    IS_DEFINED,
    Access,
    Arithmetic,
    Asked,
    Call,
    Choice,
    Condition,
    Constant,
    Filter,
    Node,
    Question,
    walk,
)
from engine.domain.feel.tokens import FeelError, Token
from engine.domain.said import said

#: how many words a function's name has at most
_LONGEST = 5
_KNOWN = frozenset(FUNCTIONS) | {IS_DEFINED}
#: functions of dates; a text that is written out is read when deploying
_READ_EARLY = ("date", "time", "date and time", "duration")
_WITH_PATTERN = ("matches", "replace", "split")
#: operators from the weakest to the strongest
_RANKS = (("+", "-"), ("*", "/"), ("**",))
_EXAMPLES = {"time": "16:00:00", "date and time": "2026-03-27T16:00:00+01:00", "duration": "P1DT2H"}
_SAID = {"instance": "instance of"}
_REFUSED = {
    "for": said("Use the path or the filter of a list, such as orders.amount or orders[amount > 3]."),
    "some": said("Write count(list[condition]) > 0."),
    "every": said("Write count(list[not(condition)]) = 0."),
    "function": said("Write the calculation where it is needed, or make it a decision of its own."),
    "instance": said("Compare with a value, or with null."),
}
_AFTER_A_LIST = ("", ",", ")", "]", "and", "or", "then", "else")


class Calculations(Parser):
    """All of FEEL that Iter runs."""

    calculating = True

    def test(self) -> Node:
        """A unary test; a calculation that is true passes as well (DMN 1.3, 10.3.1.2, grammar rule 7)."""
        node = super().test()
        about = any(isinstance(part, Question) for part in walk(node))
        if isinstance(node, Condition | Question) or not (about or isinstance(node, Call | Choice)):
            return node
        return Asked(node, about)

    def operand(self) -> Node:
        """A sum, or what stands in its place."""
        return self._ranked(0)

    def _comparison(self) -> Node:
        node = super()._comparison()
        if self._token.kind == "name" and self._token.text == "instance":
            raise self._refused(self._token)
        return node

    def _ranked(self, rank: int) -> Node:
        """Operators of one rank after another, from left to right; a minus binds closer than `**`."""
        if rank == len(_RANKS):
            return self._signed()
        first, rest = self._ranked(rank + 1), list[tuple[str, Node]]()
        while operator := self.take(*_RANKS[rank]):
            rest.append((operator, self._ranked(rank + 1)))
        return Arithmetic(first, tuple(rest)) if rest else first

    def _signed(self) -> Node:
        negative = False
        while self.take("-"):
            negative = not negative
        node = self._continued()
        if not negative:
            return node
        if isinstance(node, Constant) and isinstance(node.value, Decimal):
            return Constant(node.value.copy_negate())
        return Arithmetic(Constant(Decimal(-1)), (("*", node),))

    def _continued(self) -> Node:
        """A value with the dots and brackets that follow it."""
        node = self._at() or super().operand()
        for _ in range(MAX_DEPTH):
            if self.take("."):
                node = Access(node, self._part_name())
            elif self._begins_filter() and self.take("["):
                node = Filter(node, self.expression())
                self.expect("]", said("Close the bracket."))
            else:
                return node
        raise self._too_deep()

    def _at(self) -> Node | None:
        position = self._token.position
        if not self.take("@"):
            return None
        text = self._token
        if text.kind != "text":
            raise self._surprise(
                said("A text was expected after '@'."), said('Write @"{example}".', example="2026-03-27")
            )
        self._next += 1
        return Constant(_date_like("", text.text, position))

    def _begins_filter(self) -> bool:
        """`]1..5[` ends with a bracket that begins none."""
        after = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        return after.kind == "text" or after.text not in _AFTER_A_LIST

    def _part_name(self) -> str:
        if self._token.kind != "name":
            raise self._surprise(said("A name was expected after the dot."), said("Write it as ticket.category."))
        self._next += 1
        name = self._tokens[self._next - 1].text
        return f"{name} {self.take('offset')}".rstrip() if name == "time" else name

    def _path(self, first: Token) -> tuple[str, ...]:
        path = [first.text]
        while self.take("."):
            path.append(self._part_name())
        return tuple(path)

    def _word(self, token: Token) -> Node:
        if token.text == "if":
            return self._choice()
        if token.text in _REFUSED and self._token.kind in ("name", "sign") and not self._is_name(token):
            raise self._refused(token)
        return super()._word(token)

    def _is_name(self, token: Token) -> bool:
        """`function` and `instance` may be names of variables; the others never are."""
        return token.text == "instance" or (token.text == "function" and self._token.text != "(")

    def _choice(self) -> Node:
        condition = self.expression()
        self.expect("then", said('Write: if x > 1 then "a" else "b".'))
        then = self.expression()
        self.expect("else", said('Write: if x > 1 then "a" else "b".'))
        return Choice(condition, then, self.expression())

    def _called(self, token: Token) -> Node | None:
        """A call, if the token begins one; of two names that fit, the longer is meant."""
        for count in range(_LONGEST, 0, -1):
            words = [part.text for part in self._tokens[self._next : self._next + count - 1] if part.kind == "name"]
            function = " ".join([token.text, *words])
            if len(words) == count - 1 and function in _KNOWN and self._opens(count - 1):
                self._next += count
                return self._with_values(function, token)
        self._refuse_unknown(token)
        return None

    def _opens(self, ahead: int) -> bool:
        following = self._tokens[min(self._next + ahead, len(self._tokens) - 1)]
        return following.kind == "sign" and following.text == "("

    def _refuse_unknown(self, token: Token) -> None:
        ahead, words = 0, [token.text]
        while not self._opens(ahead):
            part = self._tokens[min(self._next + ahead, len(self._tokens) - 1)]
            if part.kind != "name" or part.text in RESERVED or ahead == _LONGEST:
                return
            words.append(part.text)
            ahead += 1
        raise FeelError(
            said("The function '{function}' isn't known here.", function=" ".join(words)[:60]),
            said("Use one of those that the reference of decisions lists."),
            token.position,
        )

    def _with_values(self, function: str, token: Token) -> Node:
        values: tuple[Node, ...] = ()
        if not self.take(")"):
            values = self.listed(self.expression)
            self.expect(")", said("Close the bracket."))
        known = FUNCTIONS.get(function)
        if not (len(values) == 1 if known is None else known.takes(len(values))):
            raise FeelError(
                said(
                    "The function '{function}' can't be asked with {count} values.",
                    function=function,
                    count=len(values),
                ),
                said("The reference of decisions shows an example of each function."),
                token.position,
            )
        return _known_early(function, values, token) or Call(function, values)

    def _refused(self, token: Token) -> FeelError:
        return FeelError(
            said("'{text}' isn't supported here.", text=_SAID.get(token.text, token.text)),
            _REFUSED[token.text],
            token.position,
        )


def _known_early(function: str, values: tuple[Node, ...], token: Token) -> Node | None:
    """Dates that are written out are values; patterns that are written out are read. Raises FeelError."""
    texts = [node.value if isinstance(node, Constant) and isinstance(node.value, str) else None for node in values]
    if function in _READ_EARLY and len(texts) == 1 and texts[0] is not None:
        return Constant(_date_like(function, texts[0], token.position))
    if function in _WITH_PATTERN and texts[1] is not None:
        try:
            pattern(texts[1])
        except Invalid:
            raise FeelError(
                said("'{text}' isn't a pattern that can be read.", text=texts[1][:30]),
                said(
                    "Write a regular expression as RE2 knows them: without references back and without looking ahead."
                ),
                token.position,
            ) from None
    return None


def _date_like(function: str, text: str, position: int) -> Any:
    found = written(function, text)
    if found is not None:
        return found
    problem = said("'{text}' isn't a date that can be read.", text=text[:30])
    if function == "duration":
        problem = said("'{text}' isn't a duration that can be read.", text=text[:30])
    example = _EXAMPLES.get(function, "2026-03-27")
    remedy = said('Write {function}("{example}").', function=function, example=example)
    raise FeelError(problem, remedy if function else said('Write @"{example}".', example=example), position)
