"""Which notes may be written, which message each is, and when one opens a ticket again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.actors import Actor, Membership
from engine.domain.errors import Conflict, Forbidden, Invalid
from engine.domain.notes import Note, opens_again, reopening_process
from engine.domain.packages import Action, MailSettings, NoteRule, Package, Role, Status

PACKAGE = Package(
    id="p", language="en", title={}, process="main", time_zone="UTC", calendar="24x7", number="{sequence}",
    mail=MailSettings("a@example.com"),
    statuses={"open": Status("open", "open", "#000000", {}), "done": Status("done", "closed", "#000000", {})},
    roles={
        "agent": Role("agent", {}, "staff", "all", frozenset({"note", "note_internal"})),
        "client": Role("client", {}, "customer", "own_company", frozenset({"note", "note_internal"})),
    },
    notes=(NoteRule("staff", "customer", "question"), NoteRule("customer", "nobody", "answer")),
)  # fmt: skip
AGENT = Actor(id=1, memberships=(Membership("p", "agent"),))
CLIENT = Actor(id=2, kind="customer", memberships=(Membership("p", "client"),))


def test_the_first_rule_that_fits_says_which_message_a_note_is() -> None:
    assert Note("?", expects="customer").message(AGENT, PACKAGE) == "question"
    assert Note("!").message(CLIENT, PACKAGE) == "answer"
    assert Note("!").message(AGENT, PACKAGE) == ""


def test_an_internal_note_is_no_message() -> None:
    rules = (NoteRule("staff", "nobody", "reply"),)
    assert Note("x", public=False).message(AGENT, replace(PACKAGE, notes=rules)) == ""
    assert Note("x").message(AGENT, replace(PACKAGE, notes=rules)) == "reply"


def test_customers_write_public_notes_only() -> None:
    Note("x").check(CLIENT, PACKAGE)
    with pytest.raises(Forbidden):
        Note("x", public=False).check(CLIENT, PACKAGE)


def test_an_internal_note_cannot_expect_a_customers_answer() -> None:
    with pytest.raises(Invalid) as caught:
        Note("x", public=False, expects="customer").check(AGENT, PACKAGE)
    assert "expects" in caught.value.fields


def test_the_package_says_whether_a_note_opens_a_closed_ticket_again() -> None:
    assert not opens_again(PACKAGE, "open", "7")
    with pytest.raises(Conflict, match="7 is closed"):
        opens_again(PACKAGE, "done", "7")
    reopening = replace(PACKAGE, closed_note="reopen", actions={"r": Action("r", {}, (), process="again")})
    assert opens_again(reopening, "done", "7")
    assert reopening_process(reopening) == "again"
    assert reopening_process(PACKAGE) == "main"
