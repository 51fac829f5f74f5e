"""The second factor: set up with a right code, asked for at sign-in and for tokens, and what an attacker tries."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.commands.people import sessions, tokens, two_factor
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Forbidden, Invalid, Throttled, Unauthorized
from engine.queries.people import sessions as reads
from engine.storage.tables import Account, RecoveryCode
from tests.support.people import PASSWORD, People


def test_it_is_on_only_after_a_right_code(people: People) -> None:
    people.with_password("anna")
    visitor = people.sign_in("anna")
    with pytest.raises(Invalid) as raised:
        two_factor.offer(people.engine, visitor.actor, visitor.session, "wrong")
    assert list(raised.value.fields) == ["current"]
    offered = two_factor.offer(people.engine, visitor.actor, visitor.session, PASSWORD)
    assert offered.uri == f"otpauth://totp/Iter:anna%40example.org?secret={offered.secret}&issuer=Iter"
    assert two_factor.offered(people.engine, visitor.actor, visitor.session) == offered
    with pytest.raises(Invalid):
        two_factor.enable(people.engine, visitor.actor, visitor.session, "000000")
    assert not sessions.begin(people.engine, visitor.actor.email, PASSWORD).needs_code
    assert not reads.two_factor(people.engine, visitor.actor).on


def test_what_was_offered_to_one_session_counts_in_no_other(people: People) -> None:
    people.with_password("anna")
    people.with_password("aldo")
    anna, elsewhere, aldo = people.sign_in("anna"), people.sign_in("anna"), people.sign_in("aldo")
    offered = two_factor.offer(people.engine, anna.actor, anna.session, PASSWORD)
    code = people.code(two_factor.pyotp.TOTP(offered.secret))
    with pytest.raises(Conflict):
        two_factor.enable(people.engine, elsewhere.actor, elsewhere.session, code)
    with pytest.raises(Conflict):
        two_factor.enable(people.engine, aldo.actor, anna.session, code)
    assert two_factor.offered(people.engine, aldo.actor, anna.session) is None
    assert len(two_factor.enable(people.engine, anna.actor, anna.session, f" {code[:3]} {code[3:]} ")) == 10


def test_a_password_alone_signs_nobody_in_any_more(people: People) -> None:
    _, app, _ = people.with_two_factor("anna")
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD, address="192.0.2.7", agent="Browser")
    assert begun.needs_code
    with pytest.raises(Unauthorized):
        sessions.signed_in(people.engine, begun.secret)
    with pytest.raises(Invalid) as raised:
        sessions.confirm(people.engine, begun.secret, "123")
    assert list(raised.value.fields) == ["code"]
    confirmed = sessions.confirm(people.engine, begun.secret, people.code(app))
    visitor = sessions.signed_in(people.engine, confirmed.secret)
    assert visitor.actor.email == "anna@example.org"
    (here, _) = reads.of_account(people.engine, visitor.actor)
    assert (here.address, here.agent) == ("192.0.2.7", "Browser")


def test_the_secret_changes_with_the_code_so_that_a_planted_one_is_worth_nothing(people: People) -> None:
    _, app, _ = people.with_two_factor("anna")
    planted = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    confirmed = sessions.confirm(people.engine, planted.secret, people.code(app))
    assert confirmed.secret != planted.secret
    with pytest.raises(Unauthorized):
        sessions.signed_in(people.engine, planted.secret)
    with pytest.raises(Unauthorized):
        sessions.confirm(people.engine, planted.secret, people.code(app, 30))


def test_a_code_counts_once_also_an_older_one(people: People) -> None:
    _, app, _ = people.with_two_factor("anna")
    older, code = people.code(app, -30), people.code(app)
    sessions.confirm(people.engine, sessions.begin(people.engine, "anna@example.org", PASSWORD).secret, code)
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    for replayed in (code, older):
        with pytest.raises(Invalid):
            sessions.confirm(people.engine, begun.secret, replayed)
    with pytest.raises(Invalid):
        tokens.exchange(people.engine, "anna@example.org", PASSWORD, code=code)
    people.clock.advance(seconds=30)
    assert sessions.confirm(people.engine, begun.secret, people.code(app)).secret


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_one_step(people: People, seconds: int, right: bool) -> None:
    _, app, _ = people.with_two_factor("anna")
    people.clock.advance(minutes=5)
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    code = people.code(app, seconds)
    if right:
        assert sessions.confirm(people.engine, begun.secret, code)
    else:
        with pytest.raises(Invalid):
            sessions.confirm(people.engine, begun.secret, code)


def test_a_recovery_code_counts_once_and_is_kept_as_a_hash(people: People) -> None:
    visitor, _, codes = people.with_two_factor("anna")
    assert len(set(codes)) == 10
    kept = str(people.rows(select(RecoveryCode.__table__)))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    assert sessions.confirm(people.engine, begun.secret, f" {codes[0].upper()}\n")
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    with pytest.raises(Invalid):
        sessions.confirm(people.engine, begun.secret, codes[0])
    assert reads.two_factor(people.engine, visitor.actor) == reads.TwoFactor(on=True, codes_left=9)
    fresh = two_factor.renew_codes(people.engine, visitor.actor, PASSWORD, codes[1])
    assert reads.two_factor(people.engine, visitor.actor).codes_left == 10
    with pytest.raises(Invalid):
        sessions.confirm(people.engine, begun.secret, codes[2])
    assert sessions.confirm(people.engine, begun.secret, fresh[2])


def test_a_recovery_code_of_another_is_none(people: People) -> None:
    _, _, codes = people.with_two_factor("aldo")
    people.with_two_factor("anna")
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    with pytest.raises(Invalid):
        sessions.confirm(people.engine, begun.secret, codes[0])


def test_guessing_codes_is_slowed_down_across_sessions(people: People) -> None:
    _, app, _ = people.with_two_factor("anna")
    for _ in range(5):
        begun = sessions.begin(people.engine, "anna@example.org", PASSWORD)
        with pytest.raises(Invalid):
            sessions.confirm(people.engine, begun.secret, "not it")
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    with pytest.raises(Throttled) as raised:
        sessions.confirm(people.engine, begun.secret, people.code(app))
    assert 0 < raised.value.retry_after <= 15
    with pytest.raises(Throttled):
        tokens.exchange(people.engine, "anna@example.org", PASSWORD, code=people.code(app))
    people.clock.advance(seconds=15)
    assert sessions.confirm(people.engine, begun.secret, people.code(app))


def test_a_session_waits_ten_minutes_for_its_code(people: People) -> None:
    _, app, _ = people.with_two_factor("anna")
    begun = sessions.begin(people.engine, "anna@example.org", PASSWORD)
    people.clock.advance(minutes=10)
    with pytest.raises(Unauthorized):
        sessions.confirm(people.engine, begun.secret, people.code(app))


def test_a_password_gives_no_token_without_the_code(people: People) -> None:
    _, app, _ = people.with_two_factor("anna")
    with pytest.raises(Invalid) as raised:
        tokens.exchange(people.engine, "anna@example.org", PASSWORD)
    assert list(raised.value.fields) == ["code"]
    with pytest.raises(Unauthorized):
        tokens.exchange(people.engine, "anna@example.org", "wrong", code=people.code(app))
    assert tokens.exchange(people.engine, "anna@example.org", PASSWORD, code=people.code(app)).secret


def test_switching_it_off_needs_password_and_code_and_is_told_by_mail(people: People) -> None:
    visitor, app, codes = people.with_two_factor("anna")
    with pytest.raises(Invalid) as raised:
        two_factor.disable(people.engine, visitor.actor, "wrong", people.code(app))
    assert list(raised.value.fields) == ["current"]
    with pytest.raises(Invalid) as raised:
        two_factor.disable(people.engine, visitor.actor, PASSWORD, "000000")
    assert list(raised.value.fields) == ["code"]
    two_factor.disable(people.engine, visitor.actor, PASSWORD, codes[3])
    assert people.rows(select(RecoveryCode.hash)) == []
    assert not sessions.begin(people.engine, "anna@example.org", PASSWORD).needs_code
    assert people.mails("anna@example.org")[-1].subject == "Two-factor sign-in was switched off"


def test_who_manages_people_switches_it_off_for_who_lost_the_phone(people: People) -> None:
    visitor, _, _ = people.with_two_factor("anna")
    with pytest.raises(Forbidden):
        two_factor.reset(people.engine, people["mechanic"], visitor.actor.id)
    two_factor.reset(people.engine, people["boss"], visitor.actor.id)
    assert not sessions.begin(people.engine, "anna@example.org", PASSWORD).needs_code
    assert people.mails("anna@example.org")[-1].subject == "Two-factor sign-in was switched off"
    with pytest.raises(Conflict):
        two_factor.reset(people.engine, SYSTEM, visitor.actor.id)


def test_setting_it_up_again_needs_it_off_first(people: People) -> None:
    visitor, _, _ = people.with_two_factor("anna")
    (before,) = people.rows(select(Account.totp_secret).where(Account.id == visitor.actor.id))
    with pytest.raises(Conflict):
        two_factor.offer(people.engine, visitor.actor, visitor.session, PASSWORD)
    assert people.rows(select(Account.totp_secret).where(Account.id == visitor.actor.id)) == [before]
