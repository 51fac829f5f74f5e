"""Regular expressions of forms, matched in linear time: whoever draws a form must not be able to stop the server."""

from __future__ import annotations

import re2  # type: ignore[import-untyped]

from engine.domain.said import said

MAX_LENGTH = 500
#: bytes that a compiled expression may take
MAX_MEMORY = 1 << 20


class Pattern:
    """A pattern of form-js: found anywhere in the text, as a browser does."""

    def __init__(self, text: str) -> None:
        """Raises ValueError where it isn't one, or needs what can't be matched in linear time."""
        if len(text) > MAX_LENGTH:
            raise ValueError(said("it has more than {most} characters", most=MAX_LENGTH))
        options = re2.Options()
        options.log_errors = False
        options.max_mem = MAX_MEMORY
        self.text = text
        try:
            self._compiled = re2.compile(text, options)
        except re2.error as error:
            reason = error.args[0] if error.args else said("it can't be read")
            raise ValueError(reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)) from error

    def found_in(self, text: str) -> bool:
        """Whether the text has a part that the pattern describes."""
        return self._compiled.search(text) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)
