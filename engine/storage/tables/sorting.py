"""Texts in the order in which people look for them, small and capital letters alike; each database has its way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, String, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class caseless(FunctionElement[str]):  # noqa: N801 - read as a function of SQL
    """What to sort by, for a column of texts."""

    name = "caseless"
    type = String()
    inherit_cache = True


def caseless_index(name: str, column: str) -> tuple[Index, Index]:
    """The index by which a table is read in the order of `caseless(column)`, then of its ids."""
    return (
        Index(name, text(f"lower({column})"), "id").ddl_if(dialect="postgresql"),
        Index(name, text(f"{column} COLLATE NOCASE"), "id").ddl_if(dialect="sqlite"),
    )


@compiles(caseless)
def _lower(element: Any, compiler: Any, **more: Any) -> str:
    return f"lower({compiler.process(element.clauses, **more)})"


@compiles(caseless, "sqlite")
def _collated(element: Any, compiler: Any, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)} COLLATE NOCASE)"
