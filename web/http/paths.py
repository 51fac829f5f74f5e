"""What a path of the API may hold: ids that fit both databases' columns, and keys. Others are unknown routes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from werkzeug.routing import BaseConverter, ValidationError

from engine.domain.storable import MAX_ID


class IdConverter(BaseConverter):
    """`<id:ticket_id>`: a positive whole number in its plain form."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        """The number. Raises `ValidationError` (no such route) beyond what a column holds."""
        if int(value) > MAX_ID:
            raise ValidationError
        return int(value)


class KeyConverter(BaseConverter):
    """`<key:package>`: a key of a package, an action, an instance's uuid or an effect's id."""

    regex = "[A-Za-z0-9][A-Za-z0-9_.:@-]{0,199}"


class FileConverter(BaseConverter):
    """`<file:path>`: the path of a file in a package."""

    part_isolating = False
    regex = "[A-Za-z0-9_][A-Za-z0-9_./ -]{0,199}"


CONVERTERS: dict[str, type[BaseConverter]] = {"id": IdConverter, "key": KeyConverter, "file": FileConverter}

#: an id inside a body or a query string
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
