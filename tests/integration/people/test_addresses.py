"""Another address for an account: asked for with the password, confirmed from there, by its owner alone."""

from __future__ import annotations

import pytest

from engine.commands.people import accounts
from engine.commands.people.links import addresses, recovery
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Forbidden, Invalid, Unauthorized
from tests.support.people import PASSWORD, People

NEW = "a new long password"


def test_another_address_needs_the_password_and_the_link(people: People) -> None:
    people.with_password("anna")
    with pytest.raises(Invalid) as raised:
        addresses.ask(people.engine, people["anna"], "new@example.org", "wrong")
    assert list(raised.value.fields) == ["current"]
    with pytest.raises(Invalid) as raised:
        addresses.ask(people.engine, people["anna"], "nonsense", PASSWORD)
    assert list(raised.value.fields) == ["email"]
    addresses.ask(people.engine, people["anna"], "New@example.org", PASSWORD)
    assert people.account(people["anna"].id).email == "anna@example.org"
    with pytest.raises(Unauthorized):
        addresses.confirm(people.engine, people["aldo"], people.secret("new@example.org"))
    addresses.confirm(people.engine, people["anna"], people.secret("new@example.org"))
    assert people.account(people["anna"].id).email == "new@example.org"
    assert people.mails("anna@example.org")[-1].subject == "Your address was changed"


def test_an_address_that_is_taken_is_told_to_its_owner_alone(people: People) -> None:
    people.with_password("anna")
    addresses.ask(people.engine, people["anna"], "bruno@example.org", PASSWORD)
    (mail,) = people.mails("bruno@example.org")
    assert mail.subject == "This address has an account already"
    assert "/account/address/" not in mail.text
    assert people.account(people["anna"].id).email == "anna@example.org"


def test_an_address_taken_meanwhile_stays_its_owners(people: People) -> None:
    people.with_password("anna")
    addresses.ask(people.engine, people["anna"], "new@example.org", PASSWORD)
    secret = people.secret("new@example.org")
    accounts.create(people.engine, SYSTEM, email="new@example.org", name="New", kind="staff")
    with pytest.raises(Conflict):
        addresses.confirm(people.engine, people["anna"], secret)
    assert people.account(people["anna"].id).email == "anna@example.org"


def test_a_new_address_ends_what_was_mailed_to_the_old(people: People) -> None:
    people.with_password("anna")
    people.asked("anna@example.org")
    old = people.secret("anna@example.org")
    addresses.ask(people.engine, people["anna"], "new@example.org", PASSWORD)
    addresses.confirm(people.engine, people["anna"], people.secret("new@example.org"))
    with pytest.raises(Unauthorized):
        recovery.choose(people.engine, old, NEW)


def test_only_administrators_set_anothers_address(people: People) -> None:
    with pytest.raises(Forbidden):
        addresses.set_directly(people.engine, people["boss"], people["anna"].id, "new@example.org")
    with pytest.raises(Conflict):
        addresses.set_directly(people.engine, SYSTEM, people["anna"].id, "aldo@example.org")
    addresses.set_directly(people.engine, SYSTEM, people["anna"].id, "new@example.org")
    assert people.account(people["anna"].id).email == "new@example.org"
