"""Roles say which tickets are seen, and groups who may take a user task."""

from __future__ import annotations

import pytest

from engine.domain.actors import SYSTEM, Actor, Membership
from engine.domain.packages import MailSettings, Package, Role
from engine.domain.visibility import may_take, sees

ROLES = {
    "pm": Role("pm", {}, "staff", "all", frozenset({"decide"})),
    "agent": Role("agent", {}, "staff", "departments"),
    "customer": Role("customer", {}, "customer", "own_company"),
    "approver": Role("approver", {}, "customer", "own_company", frozenset({"decide"})),
}
PACKAGE = Package("p", "en", {}, "process", "UTC", "24x7", "{sequence}", MailSettings("a@b"), roles=ROLES)
TICKET = {"department": "crm", "company_id": 7, "requester_id": 3}


def actor(role: str, account: int = 9, company: int | None = None, *departments: str, package: str = "p") -> Actor:
    return Actor(account, company=company, memberships=(Membership(package, role, departments),))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (SYSTEM, True),
        (actor("pm"), True),
        (actor("pm", package="other"), False),
        (actor("agent", 9, None, "crm", "web"), True),
        (actor("agent", 9, None, "web"), False),
        (actor("agent"), False),
        (actor("customer", 9, 7), True),
        (actor("customer", 9, 8), False),
        (actor("customer", 9, None), False),
        (actor("customer", 3, 8), False),  # who opened it and works elsewhere by now
        (actor("nobody"), False),
    ],
)
def test_sees(who: Actor, seen: bool) -> None:
    assert sees(who, PACKAGE, TICKET) is seen


def test_a_ticket_without_company_belongs_to_its_requester_alone() -> None:
    assert not sees(actor("customer", 9, None), PACKAGE, {**TICKET, "company_id": None})
    assert sees(actor("customer", 3, None), PACKAGE, {**TICKET, "company_id": None})


def test_who_may_take_a_user_task() -> None:
    mine = ("account:3",)
    assert may_take(actor("customer", 3, 7), PACKAGE, mine, TICKET)
    assert not may_take(actor("customer", 4, 7), PACKAGE, mine, TICKET)
    assert may_take(actor("approver", 4, 7), PACKAGE, mine, TICKET)
    assert not may_take(actor("approver", 4, 8), PACKAGE, mine, TICKET)
    assert not may_take(actor("approver", 4, 7), PACKAGE, ("pm",), TICKET)
    assert may_take(actor("agent", 9, None, "crm"), PACKAGE, ("agent@crm",), TICKET)
    assert not may_take(actor("agent", 9, None, "web"), PACKAGE, ("agent@crm",), TICKET)
