"""Drafts: what somebody has typed into a form and not sent yet, kept until it is sent. Nobody else sees them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from engine.commands.engine import Engine
from engine.domain.actors import Actor
from engine.domain.errors import Invalid
from engine.domain.said import said
from engine.domain.storable import check_values
from engine.storage.people import drafts

#: a draft that nobody has touched for so long is deleted
LIFETIME = timedelta(days=90)
#: of one account; the oldest makes room
MOST = 200
_PLACE = re.compile(r"[a-z][a-z-]{0,30}(:[A-Za-z0-9_.-]{1,70}){1,2}")


def keep(engine: Engine, actor: Actor, place: str, content: Mapping[str, Any]) -> datetime:
    """Keep the latest state of a form; gives when.

    `place` says which: `user-task:12`, `note:5`, `ticket:shop`, `action:5:withdraw`. It isn't journaled, for nothing
    has been done yet. Raises `Invalid`.
    """
    clean = check_values(content)
    check_place(place)
    with engine.database.begin() as tx:
        now = engine.clock()
        drafts.keep(tx, actor.id, place, clean, now)
        drafts.drop_oldest(tx, actor.id, MOST)
        return now


def drop(engine: Engine, actor: Actor, place: str) -> None:
    """Delete a draft; it is no error where there is none. Raises `Invalid`."""
    check_place(place)
    with engine.database.begin() as tx:
        drafts.drop(tx, actor.id, place)


def forget(engine: Engine) -> None:
    """Delete the drafts that nobody has touched for long."""
    with engine.database.begin() as tx:
        drafts.forget(tx, engine.clock() - LIFETIME)


def check_place(place: str) -> None:
    """Raises `Invalid` where a text doesn't name a form."""
    if not isinstance(place, str) or not _PLACE.fullmatch(place):
        raise Invalid(said("A draft's place is written like note:5."))
