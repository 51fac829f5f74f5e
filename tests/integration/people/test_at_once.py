"""What counts once counts once, also when it is shown several times at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from engine.commands.people import accounts, sessions
from engine.commands.people.links import invitations, recovery
from engine.domain.actors import SYSTEM
from engine.domain.errors import IterError
from engine.storage.tables import Session
from tests.support.people import PASSWORD, People

AT_ONCE = 4


def at_once(work: Callable[[int], object]) -> int:
    """How many of several that do it at the same moment get through; the others are told so."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> bool:
        start.wait()
        try:
            work(number)
        except IterError:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(one, range(AT_ONCE)))


def test_one_code_opens_one_session(people: People) -> None:
    _, app, codes = people.with_two_factor("anna")
    begun = [sessions.begin(people.engine, "anna@example.org", PASSWORD) for _ in range(AT_ONCE)]
    code = people.code(app)
    assert at_once(lambda number: sessions.confirm(people.engine, begun[number].secret, code)) == 1
    people.clock.advance(hours=2)
    begun = [sessions.begin(people.engine, "anna@example.org", PASSWORD) for _ in range(AT_ONCE)]
    assert at_once(lambda number: sessions.confirm(people.engine, begun[number].secret, codes[0])) == 1
    people.clock.advance(hours=2)
    one = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    assert at_once(lambda number: sessions.confirm(people.engine, one.secret, codes[1 + number])) == 1


def test_one_link_changes_one_password(people: People) -> None:
    people.with_password("anna")
    people.asked("anna@example.org")
    secret = people.secret("anna@example.org")
    assert at_once(lambda number: recovery.choose(people.engine, secret, f"the {number}th password")) == 1
    invited = people.invite()
    assert at_once(lambda _: invitations.accept(people.engine, invited.secret, PASSWORD)) == 1


def test_no_session_outlives_the_password_that_began_it(people: People) -> None:
    people.with_password("anna")

    def begin_or_change(number: int) -> None:
        if number:
            sessions.begin(people.engine, "anna@example.org", PASSWORD)
        else:
            accounts.set_password(people.engine, SYSTEM, people["anna"].id, "another good one")

    at_once(begin_or_change)
    assert people.rows(select(Session.id)) == []
