"""A forgotten password: a link by mail that counts once, and tells nobody whether an address is known."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.people import accounts, sessions
from engine.commands.people.links import addresses, invitations, recovery
from engine.domain.actors import SYSTEM
from engine.domain.errors import Invalid, Throttled, Unauthorized
from engine.storage.tables import Job, Mail, MailedLink, Session
from tests.support.people import PASSWORD, People
from tests.support.statements import counting

NEW = "a new long password"


def test_a_new_password_is_chosen_by_a_link_that_counts_once(people: People) -> None:
    people.with_password("anna")
    people.sign_in("anna")
    people.asked(" Anna@example.org ")
    secret = people.secret("anna@example.org")
    assert recovery.look(people.engine, secret) == "anna@example.org"
    with pytest.raises(Invalid):
        recovery.choose(people.engine, secret, "short")
    people.clock.advance(seconds=1)
    assert recovery.choose(people.engine, secret, NEW) == people["anna"].id
    assert people.rows(select(Session.id)) == []
    with pytest.raises(Unauthorized):
        recovery.choose(people.engine, secret, PASSWORD)
    with pytest.raises(Unauthorized):
        sessions.begin(people.engine, "anna@example.org", PASSWORD)
    assert sessions.begin(people.engine, "anna@example.org", NEW)
    assert people.mails("anna@example.org")[-1].subject == "Your password was changed"


def test_a_link_lasts_an_hour_and_the_last_one_counts(people: People) -> None:
    people.with_password("anna")
    people.asked("anna@example.org")
    first = people.secret("anna@example.org")
    people.clock.advance(minutes=1)
    people.asked("anna@example.org")
    with pytest.raises(Unauthorized):
        recovery.look(people.engine, first)
    people.clock.advance(minutes=59)
    assert recovery.look(people.engine, people.secret("anna@example.org"))
    people.clock.advance(minutes=1)
    with pytest.raises(Unauthorized):
        recovery.choose(people.engine, people.secret("anna@example.org"), NEW)


def test_asking_does_the_same_for_every_address(people: People) -> None:
    people.with_password("anna")
    people.with_password("aldo")
    accounts.disable(people.engine, SYSTEM, people["aldo"].id)
    done = {}
    for email in ("anna@example.org", "aldo@example.org", "nobody@example.org", "no address"):
        with counting(people.engine.database) as counted:
            recovery.ask(people.engine, email)
        done[email] = counted.statements
    assert len({tuple(statements) for statements in done.values()}) == 1
    people.tick()
    assert {mail.recipient for mail in people.rows(select(Mail.recipient).where(Mail.subject == "A new password"))} == {
        "anna@example.org"
    }
    assert {job.state for job in people.rows(select(Job.state))} == {"done"}
    assert "nobody" not in str(people.rows(select(Job.__table__)))


def test_nobody_is_flooded_with_mail(people: People) -> None:
    people.with_password("anna")
    for email in ("anna@example.org", "nobody@example.org"):
        for _ in range(3):
            recovery.ask(people.engine, email, address="192.0.2.1")
        with pytest.raises(Throttled):
            recovery.ask(people.engine, email, address="198.51.100.1")
    for number in range(14):
        recovery.ask(people.engine, f"{number}@example.org", address="192.0.2.1")
    with pytest.raises(Throttled):
        recovery.ask(people.engine, "another@example.org", address="192.0.2.1")


def test_recovery_leaves_the_second_factor_on(people: People) -> None:
    people.with_two_factor("anna")
    people.asked("anna@example.org")
    recovery.choose(people.engine, people.secret("anna@example.org"), NEW)
    assert sessions.begin(people.engine, "anna@example.org", NEW).needs_code


def test_a_link_for_one_purpose_serves_no_other(people: People) -> None:
    invited = people.invite()
    people.with_password("anna")
    people.asked("anna@example.org")
    with pytest.raises(Unauthorized):
        recovery.choose(people.engine, invited.secret, NEW)
    with pytest.raises(Unauthorized):
        invitations.accept(people.engine, people.secret("anna@example.org"), PASSWORD)
    with pytest.raises(Unauthorized):
        addresses.confirm(people.engine, people["anna"], people.secret("anna@example.org"))


def test_the_mail_is_sent_where_there_is_a_server(people: People, smtp: Any) -> None:
    people.with_password("anna")
    recovery.ask(people.engine, "anna@example.org", language="it")
    people.tick(smtp_url=smtp.url)
    (mail,) = smtp.mails
    assert (mail.subject, mail.recipients) == ("Una nuova password", ("anna@example.org",))
    assert str(mail.message["From"]) == "Iter <iter@localhost>"
    assert re.search(r"https://shop\.example\.com/recover/[\w-]{20,}", mail.body("plain"))


def test_secrets_are_kept_as_hashes(people: People) -> None:
    invited = people.invite()
    assert invited.secret not in str(people.rows(select(MailedLink.__table__)))
