"""Rows of accounts with their memberships as actors. Which rows, the statements say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.domain.actors import Actor, Membership


def actors_of(rows: Iterable[Any]) -> list[Actor]:
    """The accounts of rows in their order: one row for each membership, or one without (`package_id` None).

    Who is an administrator, and by which token somebody came, isn't said here.
    """
    found: dict[int, Actor] = {}
    for row in rows:
        held = found[row.id].memberships if row.id in found else ()
        if row.package_id:
            held = (*held, Membership(row.package_id, row.role, tuple(row.departments)))
        found[row.id] = Actor(row.id, row.name, row.email, row.kind, row.company_id, held)
    return list(found.values())
