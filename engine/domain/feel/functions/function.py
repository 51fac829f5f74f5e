"""What a function of FEEL is to the interpreter: its work, and the kinds of values that it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.domain.feel.run import Run
from engine.domain.feel.values import normal

#: any value
ANY = object


@dataclass(frozen=True, slots=True)
class Function:
    """A built-in function. It gets FEEL values of the right kinds; for others it is null (DMN 1.3, 10.3.2.13)."""

    work: Callable[..., Any]
    #: of each value; `ANY` takes null too
    kinds: tuple[type, ...] = ()
    #: how many of the last ones may be left out
    optional: int = 0
    #: takes one list, or its items one by one
    spread: bool = False
    #: takes more of the last kind
    repeated: bool = False

    def takes(self, count: int) -> bool:
        """Whether it can be asked with so many values."""
        if self.spread or self.repeated:
            return count >= max(1, len(self.kinds))
        return len(self.kinds) - self.optional <= count <= len(self.kinds)

    def ask(self, run: Run, values: list[Any]) -> Any:
        """Its result; raises Invalid where that takes too long or is too large."""
        if self.spread:
            single = len(values) == 1 and isinstance(values[0], list)
            return self.work(run, [normal(value) for value in (values[0] if single else values)])
        given = zip(values, self.kinds, strict=False)
        if not all(kind is ANY or isinstance(value, kind) for value, kind in given):
            return None
        return self.work(run, *values)
