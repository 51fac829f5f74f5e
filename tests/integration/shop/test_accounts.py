"""Accounts, companies, memberships and tokens."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.commands.people import accounts, companies, tokens
from engine.domain.actors import SYSTEM
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound, Throttled, Unauthorized
from engine.queries.people import accounts as reads
from engine.queries.people import companies as company_reads
from engine.queries.people import tokens as token_reads
from engine.storage.tables import JournalEntry
from tests.support.shop import Counted, Shop

PASSWORD = "correct horse battery"


def join(shop: Shop, email: str = "new@example.org", **values: object) -> int:
    given = {"email": email, "name": "New One", "kind": "staff", "password": PASSWORD, **values}
    return accounts.create(shop.engine, SYSTEM, **given)  # type: ignore[arg-type]


def test_a_password_gives_a_token_and_the_token_an_actor(shop: Shop) -> None:
    account = join(shop, "New@Example.org")
    accounts.set_memberships(shop.engine, SYSTEM, account, "shop", {"mechanic": ["bikes"], "boss": []})
    issued = tokens.exchange(shop.engine, " new@example.ORG ", PASSWORD, scopes=["read"])
    with Counted(shop.engine.database) as counted:
        actor = tokens.actor_for(shop.engine, issued.secret)
    assert len(counted.statements) <= 2
    with Counted(shop.engine.database) as counted:
        tokens.actor_for(shop.engine, issued.secret)
    assert len(counted.statements) == 1
    assert (actor.id, actor.email, actor.scopes) == (account, "new@example.org", {"read"})
    assert [(m.role, m.departments) for m in actor.memberships] == [("boss", ()), ("mechanic", ("bikes",))]
    tokens.require_scope(actor, "read")
    with pytest.raises(Forbidden):
        tokens.require_scope(actor, "write")


def test_wrong_and_unknown_are_told_alike(shop: Shop) -> None:
    join(shop)
    disabled = join(shop, "gone@example.org")
    accounts.disable(shop.engine, SYSTEM, disabled)
    messages, seconds = set(), []
    for email, password in [
        ("new@example.org", "wrong"),
        ("nobody@example.org", PASSWORD),
        ("gone@example.org", PASSWORD),
    ]:
        begun = time.process_time()
        with pytest.raises(Unauthorized) as raised:
            tokens.exchange(shop.engine, email, password)
        seconds.append(time.process_time() - begun)
        messages.add(str(raised.value))
    assert len(messages) == 1
    assert min(seconds) > max(seconds) / 10


def test_guessing_is_slowed_down_and_waiting_helps(shop: Shop) -> None:
    join(shop)

    def attempt(password: str, address: str = "192.0.2.1") -> tokens.Issued:
        return tokens.exchange(shop.engine, "new@example.org", password, address=address)

    for _ in range(5):
        with pytest.raises(Unauthorized):
            attempt("wrong")
    with pytest.raises(Throttled) as raised:
        attempt(PASSWORD)
    assert 0 < raised.value.retry_after <= 15
    assert attempt(PASSWORD, "192.0.2.2").account_id
    shop.clock.advance(seconds=15)
    assert attempt(PASSWORD).account_id
    with pytest.raises(Unauthorized):
        attempt("wrong")


def test_throttling_does_not_tell_whether_an_account_exists(shop: Shop) -> None:
    for _ in range(5):
        with pytest.raises(Unauthorized):
            tokens.exchange(shop.engine, "nobody@example.org", "x", address="192.0.2.1")
    with pytest.raises(Throttled):
        tokens.exchange(shop.engine, "nobody@example.org", "x", address="192.0.2.1")


def test_logging_in_often_is_no_failure(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.commands.people.proving.is_right", lambda *_: True)
    join(shop)
    for _ in range(60):
        tokens.exchange(shop.engine, "new@example.org", PASSWORD, address="192.0.2.1")


def test_tokens_end(shop: Shop) -> None:
    account = join(shop)
    short = tokens.exchange(shop.engine, "new@example.org", PASSWORD, lifetime=timedelta(hours=1))
    long = tokens.exchange(shop.engine, "new@example.org", PASSWORD)
    shop.clock.advance(hours=1)
    actor = tokens.actor_for(shop.engine, long.secret)
    with pytest.raises(Unauthorized):
        tokens.actor_for(shop.engine, short.secret)
    with pytest.raises(NotFound):
        tokens.revoke(shop.engine, shop["boss"], long.id)
    tokens.revoke(shop.engine, actor, long.id)
    with pytest.raises(Unauthorized):
        tokens.actor_for(shop.engine, long.secret)
    other = tokens.exchange(shop.engine, "new@example.org", PASSWORD)
    accounts.set_password(shop.engine, actor, account, "another good one", current=PASSWORD)
    with pytest.raises(Unauthorized):
        tokens.actor_for(shop.engine, other.secret)
    last = tokens.exchange(shop.engine, "new@example.org", "another good one")
    accounts.disable(shop.engine, SYSTEM, account)
    accounts.enable(shop.engine, SYSTEM, account)
    with pytest.raises(Unauthorized):
        tokens.actor_for(shop.engine, last.secret)
    assert [token.id for token in token_reads.of_account(shop.engine, actor)] == [last.id, other.id, long.id, short.id]


@pytest.mark.parametrize("secret", ["", "iter_x", "\udcff", "a\x00b", "x" * 10_000])
def test_what_is_no_token_is_told_so(shop: Shop, secret: str) -> None:
    with pytest.raises(Unauthorized):
        tokens.actor_for(shop.engine, secret)


def test_making_and_revoking_a_token_is_journaled(shop: Shop) -> None:
    account = join(shop)
    own = tokens.exchange(shop.engine, "new@example.org", PASSWORD, name="phone", scopes=["read"])
    given = tokens.create(shop.engine, SYSTEM, account_id=account, name="robot")
    for _ in range(2):
        tokens.revoke(shop.engine, SYSTEM, own.id)
    entries = shop.rows(
        select(JournalEntry).where(JournalEntry.command.startswith("tokens.")).order_by(JournalEntry.id)
    )
    assert [(entry.command, entry.actor_id, entry.data["token"]) for entry in entries[-3:]] == [
        ("tokens.exchange", account, own.id), ("tokens.create", 0, given.id), ("tokens.revoke", 0, own.id),
    ]  # fmt: skip
    assert entries[-3].data == {"account": account, "token": own.id, "name": "phone", "scopes": ["read"]}
    assert not any(secret in str(entry.data) for entry in entries for secret in (own.secret, given.secret))


def test_a_token_never_allows_more_than_its_maker(shop: Shop) -> None:
    join(shop)
    reader = tokens.actor_for(
        shop.engine, tokens.exchange(shop.engine, "new@example.org", PASSWORD, scopes=["read"]).secret
    )
    assert tokens.create(shop.engine, reader).scopes == ("read",)
    with pytest.raises(Forbidden):
        tokens.create(shop.engine, reader, scopes=["admin"])
    with pytest.raises(Forbidden):
        tokens.create(shop.engine, reader, account_id=shop["boss"].id)
    with pytest.raises(Invalid):
        tokens.create(shop.engine, reader, scopes=["everything"])


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"email": "nonsense"}, "email"),
        ({"email": "a@b\r\nBcc: c@d"}, "email"),
        ({"email": "a\x00@example.org"}, "email"),
        ({"name": "  "}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"kind": "customer"}, "company"),
        ({"kind": "robot"}, "kind"),
        ({"password": "short"}, "password"),
        ({"kind": "customer", "company": 999}, "company"),
    ],
)
def test_an_account_is_checked_at_the_field(shop: Shop, values: dict[str, object], where: str) -> None:
    with pytest.raises(Invalid) as raised:
        join(shop, **values)  # type: ignore[arg-type]
    assert where in raised.value.fields


def test_an_address_has_one_account_and_a_name_one_company(shop: Shop) -> None:
    join(shop)
    with pytest.raises(Conflict):
        join(shop, "NEW@example.org")
    with pytest.raises(Conflict):
        companies.create(shop.engine, SYSTEM, name=" Red ")
    green = companies.create(shop.engine, SYSTEM, name="Green", vat_number="IT123", services=["Repairs"])
    companies.edit(shop.engine, shop["boss"], green, reference="G-1")
    found = company_reads.one(shop.engine, shop["boss"], green)
    assert (found.vat_number, found.reference, found.services) == ("IT123", "G-1", ["Repairs"])
    with pytest.raises(Invalid):
        companies.edit(shop.engine, SYSTEM, green, colour="green")
    with pytest.raises(NotFound):
        companies.edit(shop.engine, SYSTEM, 999, name="Other")


@pytest.mark.parametrize(
    "roles",
    [{"king": []}, {"client": []}, {"mechanic": ["submarines"]}],
    ids=["no role", "other kind", "no department"],
)
def test_only_roles_of_the_package_are_given(shop: Shop, roles: dict[str, list[str]]) -> None:
    with pytest.raises(Invalid):
        accounts.set_memberships(shop.engine, SYSTEM, shop["mechanic"].id, "shop", roles)


def test_who_may_what(shop: Shop) -> None:
    admin = join(shop, "admin@example.org", administrator=True)
    for name in ("mechanic", "anna", "stranger"):
        with pytest.raises(Forbidden):
            accounts.create(shop.engine, shop[name], email="x@example.org", name="X", kind="staff")
        with pytest.raises(Forbidden):
            reads.listed(shop.engine, shop[name])
        # to who is nothing in a package there is no such package
        with pytest.raises(NotFound if name == "stranger" else Forbidden):
            accounts.set_memberships(shop.engine, shop[name], shop[name].id, "shop", {})
    boss = shop["boss"]
    with pytest.raises(Forbidden):
        accounts.create(shop.engine, boss, email="x@example.org", name="X", kind="staff", administrator=True)
    with pytest.raises(Forbidden):
        accounts.disable(shop.engine, boss, admin)
    with pytest.raises(Forbidden):
        accounts.set_password(shop.engine, boss, admin, PASSWORD)
    with pytest.raises(Invalid):
        accounts.set_password(shop.engine, boss, boss.id, PASSWORD, current="wrong")
    with pytest.raises(Conflict):
        accounts.disable(shop.engine, boss, boss.id)
    assert reads.one(shop.engine, shop["anna"], shop["anna"].id).email == "anna@example.org"


def test_lists_of_accounts_take_three_statements(shop: Shop) -> None:
    with Counted(shop.engine.database) as counted:
        first = reads.listed(shop.engine, shop["boss"], limit=4)
        rest = reads.listed(shop.engine, shop["boss"], limit=4, cursor=first.next)
    assert len(counted.statements) == 6
    names = [account.name for account in [*first.items, *rest.items]]
    assert names == sorted(names)
    assert len(names) == 6
    assert rest.next is None
    assert [a.name for a in reads.listed(shop.engine, SYSTEM, text="AN").items] == ["Anna", "Mechanic", "Stranger"]
    assert [a.name for a in reads.listed(shop.engine, SYSTEM, text="%").items] == []
