"""Sessions: begun, seen, running out, ended; what an attacker tries with them."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select

from engine.commands.people import accounts, sessions
from engine.domain.actors import SYSTEM
from engine.domain.errors import NotFound, Throttled, Unauthorized
from engine.queries.people import sessions as reads
from engine.storage.tables import JournalEntry, Session
from tests.support.people import PASSWORD, People
from tests.support.statements import counting


def test_a_session_is_seen_by_one_statement(people: People) -> None:
    people.with_password("mechanic")
    begun = sessions.begin(people.engine, " Mechanic@EXAMPLE.org", PASSWORD)
    assert not begun.needs_code
    with counting(people.engine.database) as counted:
        visitor = sessions.signed_in(people.engine, begun.secret)
    assert len(counted) == 1 and counted.commits == 0
    assert visitor.actor.email == "mechanic@example.org"
    assert [(m.role, m.departments) for m in visitor.actor.memberships] == [("mechanic", ("bikes",))]
    assert visitor.actor.scopes is None
    people.clock.advance(minutes=5)
    with counting(people.engine.database) as counted:
        sessions.signed_in(people.engine, begun.secret)
    assert len(counted) == 2
    with counting(people.engine.database) as counted:
        sessions.signed_in(people.engine, begun.secret)
    assert len(counted) == 1


def test_neither_secret_nor_csrf_token_stands_in_the_database(people: People) -> None:
    people.with_password("anna")
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD, address="192.0.2.1", agent="Browser\x00\n 1")
    visitor = sessions.signed_in(people.engine, begun.secret)
    (row,) = people.rows(select(Session.__table__))
    assert begun.secret not in str(row) and visitor.csrf not in str(row)
    assert (row.address, row.agent) == ("192.0.2.1", "Browser 1")
    journal = people.rows(select(JournalEntry.data).where(JournalEntry.command == "sessions.begin"))
    assert [entry.data for entry in journal] == [{"account": people["anna"].id, "session": row.id}]
    other = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    assert sessions.signed_in(people.engine, other.secret).csrf != visitor.csrf


def test_every_sign_in_has_a_secret_of_its_own(people: People) -> None:
    people.with_password("anna")
    secrets = {sessions.begin(people.engine, "anna@example.org", PASSWORD).secret for _ in range(3)}
    assert len(secrets) == 3 and min(map(len, secrets)) >= 43


@pytest.mark.parametrize("secret", ["", "x", "\udcff", "a\x00b", "x" * 10_000])
def test_what_is_no_secret_signs_nobody_in(people: People, secret: str) -> None:
    with pytest.raises(Unauthorized):
        sessions.signed_in(people.engine, secret)


@pytest.mark.usefixtures("slow_passwords")
def test_wrong_unknown_disabled_and_invited_are_told_alike(people: People) -> None:
    people.with_password("anna")
    people.with_password("aldo")
    accounts.disable(people.engine, SYSTEM, people["aldo"].id)
    seconds: dict[str, float] = {}
    messages: set[str] = set()
    attempts = {"anna": "wrong", "nobody": PASSWORD, "aldo": PASSWORD, "bruno": PASSWORD}
    for _ in range(4):  # no more: then attempts are slowed down. What counts is the least: the rest is the machine's
        for name, password in attempts.items():
            begun = time.process_time()
            with pytest.raises(Unauthorized) as raised:
                sessions.begin(people.engine, f"{name}@example.org", password)
            seconds[name] = min(time.process_time() - begun, seconds.get(name, 1e9))
            messages.add(str(raised.value))
        if min(seconds.values()) > max(seconds.values()) / 3:
            break
    assert len(messages) == 1
    assert min(seconds.values()) > max(seconds.values()) / 3, seconds
    assert people.rows(select(Session.id)) == []


def test_an_idle_session_ends_and_one_in_use_lasts_until_its_last_day(people: People) -> None:
    people.with_password("boss")
    idle = sessions.begin(people.engine, "boss@example.org", PASSWORD)
    people.clock.advance(hours=11, minutes=59)
    assert sessions.signed_in(people.engine, idle.secret)
    people.clock.advance(hours=12)
    with pytest.raises(Unauthorized):
        sessions.signed_in(people.engine, idle.secret)
    used = sessions.begin(people.engine, "boss@example.org", PASSWORD)
    for _ in range(14 * 3 - 1):
        people.clock.advance(hours=8)
        assert sessions.signed_in(people.engine, used.secret)
    people.clock.advance(hours=8)
    with pytest.raises(Unauthorized):
        sessions.signed_in(people.engine, used.secret)
    sessions.tidy(people.engine)
    assert people.rows(select(Session.id)) == []


def test_a_page_that_asks_by_itself_keeps_no_session_alive(people: People) -> None:
    people.with_password("boss")
    begun = sessions.begin(people.engine, "boss@example.org", PASSWORD)
    for _ in range(11):
        people.clock.advance(hours=1)
        assert sessions.signed_in(people.engine, begun.secret, seen=False)
    people.clock.advance(hours=1)
    with pytest.raises(Unauthorized):
        sessions.signed_in(people.engine, begun.secret, seen=False)


def test_one_ends_ones_own_sessions_and_no_others(people: People) -> None:
    people.with_password("anna")
    people.with_password("aldo")
    anna, other, aldo = people.sign_in("anna"), people.sign_in("anna"), people.sign_in("aldo")
    with pytest.raises(NotFound):
        sessions.end(people.engine, aldo.actor, anna.session)
    with pytest.raises(NotFound):
        sessions.end(people.engine, aldo.actor, 999)
    with pytest.raises(NotFound):
        sessions.end_others(people.engine, aldo.actor, account_id=anna.actor.id)
    sessions.end(people.engine, anna.actor, other.session)
    assert [session.id for session in reads.of_account(people.engine, anna.actor)] == [anna.session]
    people.sign_in("anna")
    people.sign_in("anna")
    assert sessions.end_others(people.engine, anna.actor, keep=anna.session) == 2
    assert [session.id for session in reads.of_account(people.engine, anna.actor)] == [anna.session]
    assert [session.id for session in reads.of_account(people.engine, aldo.actor)] == [aldo.session]


def test_who_manages_people_sees_and_ends_their_sessions_but_no_administrators(people: People) -> None:
    people.with_password("anna")
    anna = people.sign_in("anna")
    given = {"email": "root@example.org", "name": "Root", "kind": "staff", "administrator": True}
    root = accounts.create(people.engine, SYSTEM, **given, password=PASSWORD)
    begun = sessions.begin(people.engine, "root@example.org", PASSWORD)
    administrator = sessions.signed_in(people.engine, begun.secret)
    assert [s.id for s in reads.of_account(people.engine, people["boss"], anna.actor.id)] == [anna.session]
    with pytest.raises(NotFound):
        reads.of_account(people.engine, people["mechanic"], anna.actor.id)
    with pytest.raises(NotFound):
        reads.of_account(people.engine, people["boss"], root)
    with pytest.raises(NotFound):
        sessions.end(people.engine, people["boss"], administrator.session)
    sessions.end(people.engine, people["boss"], anna.session)
    assert reads.of_account(people.engine, anna.actor) == []
    assert sessions.end_others(people.engine, SYSTEM, account_id=root) == 1


def test_a_new_password_and_disabling_end_all_sessions(people: People) -> None:
    people.with_password("anna")
    here, there = people.sign_in("anna"), people.sign_in("anna")
    accounts.set_password(people.engine, here.actor, here.actor.id, "another good one", PASSWORD, keep=here.session)
    assert [session.id for session in reads.of_account(people.engine, here.actor)] == [here.session]
    assert there.session not in {row.id for row in people.rows(select(Session.id))}
    accounts.disable(people.engine, SYSTEM, here.actor.id)
    accounts.enable(people.engine, SYSTEM, here.actor.id)
    assert people.rows(select(Session.id)) == []


def test_guessing_from_one_ipv6_network_counts_as_from_one_address(people: People) -> None:
    people.with_password("anna")
    for number in range(5):
        with pytest.raises(Unauthorized):
            sessions.begin(people.engine, "anna@example.org", "wrong", address=f"2001:db8:1:2::{number}")
    with pytest.raises(Throttled):
        sessions.begin(people.engine, "anna@example.org", PASSWORD, address="2001:db8:1:2:ffff::1")
    assert sessions.begin(people.engine, "anna@example.org", PASSWORD, address="2001:db8:1:3::1")


def test_one_account_is_protected_from_many_addresses(people: People) -> None:
    people.with_password("anna")
    for number in range(50):
        with pytest.raises(Unauthorized):
            sessions.begin(people.engine, "anna@example.org", "wrong", address=f"192.0.2.{number}")
    with pytest.raises(Throttled):
        sessions.begin(people.engine, "anna@example.org", PASSWORD, address="198.51.100.1")


def test_writing_the_address_otherwise_gives_no_new_attempts(people: People) -> None:
    people.with_password("anna")
    for email in (
        "anna@example.org",
        "Anna@example.org",
        " anna@example.org",
        "ANNA@EXAMPLE.ORG ",
        "\tanna@example.org",
    ):
        with pytest.raises(Unauthorized):
            sessions.begin(people.engine, email, "wrong", address="192.0.2.1")
    with pytest.raises(Throttled):
        sessions.begin(people.engine, "anna@example.org", PASSWORD, address="192.0.2.1")
