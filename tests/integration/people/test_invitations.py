"""Invitations: mailed, accepted once, sent again; an address of one's own; what they must not open."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from engine.commands.people import accounts, sessions
from engine.commands.people.links import addresses, invitations
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Forbidden, Invalid, Unauthorized
from engine.storage.tables import Mail
from tests.support.people import PASSWORD, People

NEW = "a new long password"


def _accept(people: People, secret: str, **more: Any) -> int:
    return invitations.accept(people.engine, secret, PASSWORD, **more)


def test_an_invitation_is_mailed_and_activates_the_account_once(people: People) -> None:
    invited = people.invite(language="it")
    (mail,) = people.mails("guest@example.org")
    assert mail.subject == "Boss la invita in Iter"
    assert mail.state == "kept" and mail.ticket_id is None and mail.account_id == invited.account_id
    assert f"https://shop.example.com/invitation/{invited.secret}" in mail.text
    assert f'href="https://shop.example.com/invitation/{invited.secret}"' in mail.html
    assert invitations.look(people.engine, invited.secret) == invitations.Invitation(
        "Guest", "guest@example.org", "staff", "it"
    )
    with pytest.raises(Unauthorized):
        sessions.begin(people.engine, "guest@example.org", PASSWORD)
    accepted = invitations.accept(
        people.engine, invited.secret, PASSWORD, name=" Gaia   Guest ", email="guest@example.org"
    )
    assert accepted == invited.account_id
    assert people.account(accepted).name == "Gaia Guest"
    assert sessions.begin(people.engine, "guest@example.org", PASSWORD).account_id == accepted
    for again in (lambda: invitations.look(people.engine, invited.secret), lambda: _accept(people, invited.secret)):
        with pytest.raises(Unauthorized):
            again()


def test_an_invitation_lasts_a_week_and_a_new_one_takes_its_place(people: People) -> None:
    first = people.invite()
    people.clock.advance(days=6)
    second = invitations.again(people.engine, people["boss"], first.account_id)
    with pytest.raises(Unauthorized):
        _accept(people, first.secret)
    people.clock.advance(days=6)
    assert invitations.look(people.engine, second.secret)
    people.clock.advance(days=1)
    with pytest.raises(Unauthorized):
        _accept(people, second.secret)


@pytest.mark.parametrize(("zone", "until"), [("America/New_York", "04:00 (EDT)"), ("", "10:00 (CEST)")])
def test_an_invitation_says_until_when_in_its_account_s_zone_else_in_the_package_s(
    people: People, zone: str, until: str
) -> None:
    people.clock.set(datetime(2026, 4, 1, 8, tzinfo=UTC))
    people.invite(time_zone=zone)
    assert f"until 08 April 2026, {until}." in people.mails("guest@example.org")[-1].text


def test_inviting_again_gives_no_way_into_an_active_account(people: People) -> None:
    invited = people.invite()
    _accept(people, invited.secret)
    for actor in (people["boss"], SYSTEM):
        with pytest.raises(Conflict):
            invitations.again(people.engine, actor, invited.account_id)
    waiting = people.invite("other@example.org")
    with pytest.raises(Forbidden):
        invitations.again(people.engine, people["mechanic"], waiting.account_id)


def test_a_mistyped_address_can_be_mended_before_activation(people: People) -> None:
    wrong = people.invite("gest@example.org")
    right = invitations.again(people.engine, people["boss"], wrong.account_id, email="Guest@example.org")
    assert people.account(right.account_id).email == "guest@example.org"
    assert people.secret("guest@example.org") == right.secret
    with pytest.raises(Conflict):
        invitations.again(people.engine, people["boss"], wrong.account_id, email="anna@example.org")


def test_a_disabled_account_is_not_activated(people: People) -> None:
    invited = people.invite()
    accounts.disable(people.engine, people["boss"], invited.account_id)
    with pytest.raises(Unauthorized):
        _accept(people, invited.secret)
    accounts.enable(people.engine, people["boss"], invited.account_id)
    with pytest.raises(Unauthorized):
        _accept(people, invited.secret)


def test_activation_is_checked_at_its_fields_and_leaves_the_link(people: People) -> None:
    invited = people.invite()
    with pytest.raises(Invalid) as raised:
        invitations.accept(people.engine, invited.secret, "short", name="", email="nonsense")
    assert sorted(raised.value.fields) == ["email", "name", "password"]
    assert _accept(people, invited.secret)


def test_another_address_counts_when_it_is_confirmed_there(people: People) -> None:
    invited = people.invite()
    _accept(people, invited.secret, email="private@example.org")
    assert people.account(invited.account_id).email == "guest@example.org"
    visitor = sessions.signed_in(people.engine, sessions.begin(people.engine, "guest@example.org", PASSWORD).secret)
    secret = people.secret("private@example.org")
    assert addresses.look(people.engine, visitor.actor, secret) == "private@example.org"
    addresses.confirm(people.engine, visitor.actor, secret)
    assert people.account(invited.account_id).email == "private@example.org"
    assert "Your address was changed" in [mail.subject for mail in people.mails("guest@example.org")]
    with pytest.raises(Unauthorized):
        sessions.begin(people.engine, "guest@example.org", PASSWORD)


def test_only_who_manages_people_invites_and_only_administrators_make_administrators(people: People) -> None:
    with pytest.raises(Forbidden):
        people.invite(by="mechanic")
    with pytest.raises(Forbidden):
        people.invite(administrator=True)
    assert people.rows(select(Mail.id)) == []
