"""A text of an answer that the engine said: it leaves in the reader's language."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from engine.domain.said import Said
from web.language import language
from web.texts import say


def _in_their_language(text: Any) -> Any:
    return say(text, language()) if isinstance(text, Said) else text


#: the type of such a field of an answer
Told = Annotated[str, BeforeValidator(_in_their_language)]
