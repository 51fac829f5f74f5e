"""Where a parser stands in a FEEL text, and how it tells what it didn't expect there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from engine.domain.feel.tokens import FeelError, Token, tokens
from engine.domain.said import said

#: brackets inside one another
MAX_DEPTH = 32

_T = TypeVar("_T")


class Cursor:
    """A text on its way to being a tree."""

    #: whether the signs of arithmetic are read
    calculating = False

    def __init__(self, source: str) -> None:
        self.source = source
        self._tokens = tokens(source, calculating=self.calculating)
        self._next = 0
        self._depth = 0

    @property
    def _token(self) -> Token:
        return self._tokens[self._next]

    def at_end(self) -> bool:
        """Whether all is read."""
        return self._token.kind == "end"

    def take(self, *texts: str) -> str:
        """Go past the next token if it is one of the signs or words; "" if it isn't."""
        token = self._token
        if token.kind not in ("sign", "name") or token.text not in texts:
            return ""
        self._next += 1
        return token.text

    def expect(self, text: str, remedy: str) -> None:
        """Go past a sign or word that must stand here."""
        if not self.take(text):
            raise self._surprise(
                said("Here '{text}' was expected, and {found} stands there.", text=text, found=self._found()), remedy
            )

    def expect_end(self) -> None:
        """Nothing may follow."""
        if not self.at_end():
            raise self._surprise(
                said("{found} was not expected here.", found=self._found()),
                said(
                    "Separate values with commas, put texts between double quotes, and join conditions "
                    'with "and" or "or".'
                ),
            )

    def listed(self, read: Callable[[], _T]) -> tuple[_T, ...]:
        """One or more of a kind, with commas between them."""
        items = [read()]
        while self.take(","):
            items.append(read())
        return tuple(items)

    def _found(self) -> str:
        return said("the end") if self.at_end() else said("'{text}'", text=self._token.text[:30])

    @contextmanager
    def not_too_deep(self) -> Iterator[None]:
        """What Python can't follow isn't read: brackets after brackets after brackets."""
        try:
            yield
        except RecursionError:
            raise self._too_deep() from None

    def _too_deep(self) -> FeelError:
        return self._surprise(
            said("It is nested more than {max_depth} deep.", max_depth=MAX_DEPTH), said("Divide it over several rows.")
        )

    def _surprise(self, problem: str, remedy: str) -> FeelError:
        return FeelError(problem, remedy, self._token.position)
