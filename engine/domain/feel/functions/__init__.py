"""The functions of FEEL that decisions may use, by name. `docs/reference/decisions.md` lists them with examples."""

from __future__ import annotations

from engine.domain.feel.functions import dates, lists, numbers, texts
from engine.domain.feel.functions.function import Function

FUNCTIONS: dict[str, Function] = {**texts.FUNCTIONS, **numbers.FUNCTIONS, **lists.FUNCTIONS, **dates.FUNCTIONS}
