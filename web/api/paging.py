"""What all lists have in common: how many, and from where."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from web.http.operations import Input


class PageQuery(Input):
    """A list comes in pages; `next` of one page is the `cursor` of the following."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=500)] = None
