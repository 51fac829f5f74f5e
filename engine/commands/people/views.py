"""Saved views: lists of tickets that somebody keeps under a name. Nobody else sees them; they aren't journaled."""

from __future__ import annotations

from engine.commands.engine import Engine
from engine.domain.actors import Actor
from engine.domain.errors import Conflict, NotFound
from engine.domain.said import said
from engine.domain.storable import can_be_id, check_texts
from engine.storage.people import views

#: characters of a name and of an address' query; and how many views an account may have
NAME, QUERY, MOST = 60, 2_000, 50


def save(engine: Engine, actor: Actor, name: str, query: str, standard: bool = False) -> int:
    """Keep a list (what stands after the `?` of its address) under a name, in place of what had that name.

    `standard`: the account begins with it. Gives its id. Raises `Invalid`, `Conflict` where there are too many.
    """
    check_texts({"name": (name, NAME, True), "query": (query, QUERY, False)})
    name = name.strip()
    with engine.database.begin() as tx:
        if views.count_others(tx, actor.id, name) >= MOST:
            raise Conflict(said("You have {most} saved views already: remove one first.", most=MOST))
        values = {
            "account_id": actor.id, "name": name, "query": query, "standard": False,
            "saved_at": engine.clock(),
        }  # fmt: skip
        view_id = views.save(tx, values)
        if standard:
            views.set_standard(tx, actor.id, view_id)
        return view_id


def remove(engine: Engine, actor: Actor, view_id: int) -> None:
    """Forget a view of one's own. Raises `NotFound`."""
    with engine.database.begin() as tx:
        if not (can_be_id(view_id) and views.remove(tx, actor.id, view_id)):
            raise _no_view()


def begin_with(engine: Engine, actor: Actor, view_id: int | None) -> None:
    """Make a view of one's own the list that one begins with; None: no view. Raises `NotFound`."""
    with engine.database.begin() as tx:
        possible = view_id is None or can_be_id(view_id)
        if not (possible and views.set_standard(tx, actor.id, view_id)):
            raise _no_view()


def _no_view() -> NotFound:
    return NotFound(said("There is no such view."))
