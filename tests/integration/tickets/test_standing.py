"""Whose turn it is, what comes next, and by when: as the ticket goes its way through the diagram."""

from __future__ import annotations

import pytest

from engine.commands import user_tasks
from engine.domain.actors import Actor
from engine.domain.errors import NotFound
from engine.queries.tickets.standing import Standing, standing
from tests.support.office import Office, at
from tests.support.statements import counting


def of(office: Office, ticket_id: int, who: str = "carla", language: str = "it") -> Standing:
    return standing(office.engine, office[who], ticket_id, language)


def line(found: Standing) -> str:
    """`Ricevuta > [In verifica] ...`: passed steps before, the present one in brackets, those ahead behind it."""
    return " ".join(f"[{step.label}]" if step.state == "present" else step.label for step in found.steps)


def test_a_new_ticket_is_being_checked_and_owed_an_answer(office: Office) -> None:
    found = of(office, office.open())
    assert found.turn == "staff"
    assert line(found) == "Ricevuta [In verifica] Preventivo In lavorazione Conclusa"
    assert found.next_labels == ("Preventivo", "In lavorazione")
    assert found.by == at("2026-03-30 09:00")
    assert found.goal == "Verifica"
    assert (found.question, found.decision, found.deciders) == (None, None, ())


def test_words_are_the_readers(office: Office) -> None:
    found = of(office, office.open(), language="en")
    assert line(found) == "Received [Being checked] Quote In progress Finished"
    assert found.next_labels == ("Quote", "In progress")
    assert found.goal == "Check"


def test_a_question_waits_for_the_customer_and_no_clock_runs(office: Office) -> None:
    ticket_id = office.open()
    office.done("paola", ticket_id, "check_request", complete="no", question="Con quale **browser**?")
    found = of(office, ticket_id)
    assert (found.turn, found.by, found.goal) == ("customer", None, "")
    assert found.question is not None
    assert (found.question.text, found.question.author_name) == ("Con quale **browser**?", "Paola")
    assert found.question.text == "Con quale **browser**?"
    office.note("carla", ticket_id, "Firefox.")
    found = of(office, ticket_id)
    assert (found.turn, found.question) == ("staff", None)
    assert found.by is not None


def test_a_step_that_was_left_out_does_not_stand_in_the_line(office: Office) -> None:
    found = of(office, office.working())
    assert line(found) == "Ricevuta In verifica [In lavorazione] Conclusa"
    assert found.next_labels == ("Conclusa",)


def test_a_quote_is_decided_by_the_requester_or_the_companys_approver(office: Office) -> None:
    ticket_id = office.quoted()
    found = of(office, ticket_id, "anna")
    assert line(found) == "Ricevuta In verifica [Preventivo] In lavorazione Conclusa"
    assert found.turn == "customer"
    assert found.decision is not None
    assert (found.decision.name, found.decision.form) == ("Decidi sul preventivo", "decision")
    assert found.decision.takeable
    assert found.decision.name == "Decidi sul preventivo"
    assert found.deciders == ("Anna", "Carla")
    assert not (of(office, ticket_id, "dario").decision or found.decision).takeable


def test_after_the_go_ahead_the_step_of_the_quote_stays_passed(office: Office) -> None:
    ticket_id = office.quoted()
    office.done("carla", ticket_id, "decide", decision="accept")
    assert line(of(office, ticket_id)) == "Ricevuta [In verifica] Preventivo In lavorazione Conclusa"
    office.done("paola", ticket_id, "check_development", complete="yes", category="development_crm")
    office.done("paola", ticket_id, "assign", assignee=office["bruno"].id)
    found = of(office, ticket_id)
    assert line(found) == "Ricevuta In verifica Preventivo [In lavorazione] Conclusa"


def test_a_finished_ticket_is_nobodys_turn(office: Office) -> None:
    ticket_id = office.working()
    office.done("bruno", ticket_id, "do_work", outcome="done", solution="Riavviato il servizio.")
    found = of(office, ticket_id)
    assert (found.turn, found.by, found.next_labels, found.tasks) == ("nobody", None, (), ())
    assert line(found) == "Ricevuta In verifica In lavorazione [Conclusa]"


def test_customers_see_no_user_task_of_the_staff(office: Office) -> None:
    ticket_id = office.open()
    assert of(office, ticket_id, "carla").tasks == ()
    (task,) = of(office, ticket_id, "paola").tasks
    assert (task.element, task.party, task.mine, task.takeable) == ("check_request", "staff", False, True)
    user_tasks.claim(office.engine, task.id, office["paola"])
    (task,) = of(office, ticket_id, "marta").tasks
    assert (task.assignee_name, task.mine, task.takeable) == ("Paola", False, False)
    (task,) = of(office, ticket_id, "paola").tasks
    assert (task.mine, task.takeable) == (True, True)


def test_foreign_and_missing_tickets_are_alike(office: Office) -> None:
    ticket_id = office.open()
    for actor, wanted in ((office["elena"], ticket_id), (Actor(99), ticket_id), (office["carla"], 4711)):
        with pytest.raises(NotFound):
            standing(office.engine, actor, wanted)


def test_it_takes_few_statements_however_much_has_happened(office: Office) -> None:
    ticket_id = office.working()
    for turn in range(30):
        office.note("paola", ticket_id, f"Domanda {turn}", "customer")
        office.note("carla", ticket_id, f"Risposta {turn}")
    office.note("paola", ticket_id, "E poi?", "customer")
    with counting(office.database) as counted:
        found = of(office, ticket_id)
    assert found.question.text == "E poi?"
    assert len(counted) <= 4
