"""The people of the demonstration, offered on the sign-in page to whoever sits at this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from web.http import this_machine
from web.pages.visiting import Visit

if TYPE_CHECKING:
    from engine.queries.people.demonstration import Invented


@dataclass(frozen=True, slots=True)
class Offer:
    """Whom one may be, with the password of all."""

    #: the first with each role
    first: Sequence[Invented]
    others: Sequence[Invented]
    password: str


def offer(visit: Visit) -> Offer | None:
    """None where no demonstration was asked for, and for everybody who isn't at this machine."""
    if not visit.settings.demo or not this_machine.is_asking():
        return None
    from engine.commands.demonstration import KNOWN_PASSWORD, is_taken
    from engine.queries.people.demonstration import people

    if not is_taken(visit.engine):
        return None
    everybody = people(visit.engine, visit.language)
    first = list({person.role: person for person in reversed(everybody)}.values())[::-1]
    return Offer(first, [person for person in everybody if person not in first], KNOWN_PASSWORD)
