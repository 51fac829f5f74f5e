"""The inbox in a browser: what stands there, what is done with it, what others do meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from engine.storage.tables import UserTask
from tests.support.browser import Desk, scrolls_sideways, sign_in, violations
from tests.support.journey_tickets import Ticket
from tests.support.journeys import Company
from tests.support.newcomers import Newcomer

LONG = "Il menu non si apre più dopo l'ultimo aggiornamento, e " * 3


def row(page: Page, ticket: Ticket) -> object:
    """The ticket's row in the list."""
    return page.locator(".inbox-row", has_text=ticket.number)


def is_due(company: Company, user_task: int, at: datetime) -> None:
    """Moves a deadline, and not the clock of everybody."""
    with company.database.begin() as tx:
        tx.execute(update(UserTask).where(UserTask.id == user_task).values(due_at=at, warning_at=None))


def look(page: Page) -> None:
    """What happens every fifteen seconds: the page asks whether there is something new."""
    with page.expect_response(re.compile("/inbox/list")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.fixture
def narrowed() -> Callable[[Ticket], str]:
    """The address of the inbox that shows one ticket alone, so that tests don't see one another's."""
    return lambda ticket: f"/inbox?text={ticket.number}"


def test_a_row_says_what_to_do_for_whom_and_by_when_in_words_colour_and_sign(
    desk: Desk, opened: Callable[..., Ticket], narrowed: Callable[[Ticket], str], company: Company
) -> None:
    ticket = opened("carla", LONG)
    page = desk.visit("paola", narrowed(ticket))
    found = row(page, ticket)
    expect(found).to_contain_text("Verifica e classifica la richiesta")
    expect(found).to_contain_text("Rossi")
    expect(found).to_contain_text("RICHIESTA ASSISTENZA")
    chip = found.locator(".time-left")
    expect(chip).to_contain_text("mancano")
    assert chip.locator("svg use").get_attribute("href").endswith("#clock")
    expect(found.locator(".inbox-subject")).to_have_attribute("title", LONG.strip())
    assert not scrolls_sideways(page)
    is_due(company, ticket.task("check_request"), company.clock() - timedelta(hours=3, minutes=5))
    late = desk.visit("paola", narrowed(ticket))
    chip = row(late, ticket).locator(".time-left")
    expect(chip).to_contain_text("in ritardo di 3 h 5 min")
    assert chip.locator("svg use").get_attribute("href").endswith("#alert-triangle")


def test_claim_give_back_and_hand_over(
    desk: Desk, opened: Callable[..., Ticket], narrowed: Callable[[Ticket], str]
) -> None:
    ticket = opened("carla", "Da affidare")
    ticket.done("paola", "check_request", complete="yes", category="bug_crm")
    page = desk.visit("paola", narrowed(ticket))
    row(page, ticket).locator("a").click()
    page.get_by_role("button", name="Prendi in carico").click()
    expect(page.locator(".task-holder")).to_have_text("È in carico a lei.")
    assert ticket.tasks == {"assign": "paola"}
    page.get_by_role("button", name="Rilascia").click()
    expect(page.locator(".task-holder")).to_contain_text("Nessuno l'ha ancora in carico")
    assert ticket.tasks == {"assign": "pm"}
    page.locator("summary", has_text="Affida ad altri").click()
    options = page.locator("#hand-over-to option").all_inner_texts()
    assert "Paola" in options and not {"Bruno", "Marta", "Carla"} & set(options)  # PMs alone
    page.locator("#hand-over-to").select_option(label="Paola")
    page.locator(".task-hand-over button").click()
    expect(page.locator(".task-holder")).to_have_text("È in carico a lei.")
    assert ticket.tasks == {"assign": "paola"}


def test_filters_stand_in_the_address_and_survive_reload_and_back(
    desk: Desk, opened: Callable[..., Ticket], narrowed: Callable[[Ticket], str]
) -> None:
    ticket = opened("elena", "Filtrata")
    page = desk.visit("paola", "/inbox")
    page.locator("summary", has_text="Filtri").click()
    page.locator("input[name=text]").last.fill(ticket.number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/inbox?text={ticket.number}**")
    expect(page.locator(".inbox-row")).to_have_count(1)
    page.locator("select[name=due]").select_option("late")
    page.wait_for_url("**due=late**")
    expect(page.locator(".inbox-row")).to_have_count(0)
    expect(page.get_by_text("Nulla corrisponde a questi filtri")).to_be_visible()
    page.go_back()
    expect(page.locator(".inbox-row")).to_have_count(1)
    row(page, ticket).locator("a").click()
    page.wait_for_url(f"**/inbox/*?text={ticket.number}**")
    page.reload()
    expect(page.locator("#task-title")).to_have_text("Verifica e classifica la richiesta")
    expect(page.locator(".inbox-link[aria-current]")).to_contain_text(ticket.number)
    page.go_back()
    expect(page.locator("#task")).to_contain_text("Scelga che cosa fare")


def test_new_work_appears_by_itself_and_leaves_focus_and_typing_alone(
    desk: Desk, opened: Callable[..., Ticket]
) -> None:
    first = opened("dario", "Zanzibar uno")
    page = desk.visit("paola", "/inbox?text=Zanzibar")
    page.clock.install()
    page.reload()
    row(page, first).locator("a").click()
    page.wait_for_selector("[data-ready]")
    field = page.get_by_label("No, mancano informazioni")
    field.check()
    page.get_by_label("Che cosa deve dirci il cliente?").fill("Sto scrivendo")
    row(page, first).locator("a").focus()
    second = opened("dario", "Zanzibar due")
    with page.expect_response(re.compile("/inbox/list")):
        page.clock.fast_forward(16_000)
    expect(row(page, second)).to_be_visible()
    expect(page.locator("[data-inbox-news]")).to_have_text("C'è qualcosa di nuovo da fare.")
    expect(page.get_by_label("Che cosa deve dirci il cliente?")).to_have_value("Sto scrivendo")
    assert page.evaluate("document.activeElement.closest('.inbox-row').innerText").count(first.number)
    expect(page.locator(".inbox-link[aria-current]")).to_contain_text(first.number)


def test_a_list_that_looks_the_same_is_not_sent_again(desk: Desk, opened: Callable[..., Ticket]) -> None:
    ticket = opened("dario", "Immutata")
    page = desk.visit("paola", f"/inbox?text={ticket.number}")
    look(page)
    with page.expect_response(re.compile("/inbox/list")) as answer:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answer.value.status == 304


def test_the_reminder_follows_what_one_claims_and_what_becomes_late(
    desk: Desk, opened: Callable[..., Ticket], company: Company, newcomer: Callable[..., Newcomer]
) -> None:
    sole = newcomer("Sole", role="agent", departments=["site"])
    page = desk.visit("", "/inbox")
    sign_in(page, sole.email)
    reminder = page.locator("[data-reminder]")
    expect(reminder).to_contain_text("0")
    ticket = opened("carla", "Promemoria")
    ticket.done("paola", "check_request", complete="yes", category="bug_site")
    ticket.done("paola", "assign", assignee=sole.id)
    look(page)
    expect(reminder).to_contain_text("1 in carico a me")
    is_due(company, ticket.task("take_charge"), company.clock() - timedelta(minutes=1))
    look(page)
    expect(reminder).to_contain_text("1 in ritardo")


def test_finishing_one_opens_the_next_and_the_last_leads_to_the_empty_list(
    desk: Desk, opened: Callable[..., Ticket]
) -> None:
    tickets = [opened("carla", f"Quokka {number}") for number in (1, 2)]
    page = desk.visit("paola", "/inbox?text=Quokka&element=check_request")
    row(page, tickets[0]).locator("a").click()
    for ticket in tickets:
        page.wait_for_selector("[data-ready]")
        expect(page.locator(".ticket-subject")).to_contain_text(ticket.number)
        page.get_by_label("Sì, la classifico").check()
        page.get_by_label("Categoria").select_option(label="Bug CRM")
        page.get_by_role("button", name="Completa").click()
        expect(page.locator("#messages")).to_contain_text("Fatto.")
    page.wait_for_url("**/inbox?**")
    expect(page.get_by_text("Nulla corrisponde a questi filtri")).to_be_visible()
    assert [ticket.read()["category"] for ticket in tickets] == ["bug_crm", "bug_crm"]


def test_two_agents_on_one_user_task_the_second_is_told_and_loses_nothing(
    desk: Desk, opened: Callable[..., Ticket]
) -> None:
    ticket = opened("carla", "Contesa")
    ticket.done("paola", "check_request", complete="yes", category="bug_crm")
    ticket.done("paola", "assign", assignee=desk.company["bruno"].id)
    task = ticket.task("take_charge")
    desk.company["bruno"].sends(f"/user-tasks/{task}/release")
    bruno, vera = desk.visit("bruno", f"/inbox/{task}"), desk.visit("vera", f"/inbox/{task}")
    for page in (bruno, vera):
        page.wait_for_selector("[data-ready]")
        page.get_by_label("No, rinvio la richiesta al PM").check()
    vera.get_by_label("Perché torna al PM?").fill("Secondo me è del sito.")
    bruno.get_by_label("Perché torna al PM?").fill("La categoria è sbagliata.")
    bruno.get_by_role("button", name="Completa").click()
    expect(bruno.locator("#messages")).to_contain_text("Fatto.")
    vera.get_by_role("button", name="Completa").click()
    told = vera.locator(".form-summary")
    expect(told).to_contain_text("L'ha completata Bruno")
    expect(told).to_contain_text("La categoria è sbagliata.")
    expect(vera.get_by_label("Perché torna al PM?")).to_have_value("Secondo me è del sito.")
    assert violations(vera) == []
    vera.reload()
    expect(vera.locator(".task-closed")).to_contain_text("L'ha completata Bruno")
    expect(vera.locator(".task-closed")).to_contain_text("La categoria è sbagliata.")


def test_what_somebody_else_has_claimed_meanwhile_is_told_too(desk: Desk, opened: Callable[..., Ticket]) -> None:
    ticket = opened("carla", "Presa da altri")
    ticket.done("paola", "check_request", complete="yes", category="bug_crm")
    ticket.done("paola", "assign", assignee=desk.company["bruno"].id)
    task = ticket.task("take_charge")
    desk.company["bruno"].sends(f"/user-tasks/{task}/release")
    page = desk.visit("vera", f"/inbox/{task}")
    page.wait_for_selector("[data-ready]")
    desk.company["bruno"].sends(f"/user-tasks/{task}/claim")
    page.get_by_label("Sì, prendo in carico la richiesta").check()
    page.get_by_role("button", name="Completa").click()
    expect(page.locator(".form-summary")).to_contain_text("Ora è in carico a Bruno.")
    page.get_by_role("button", name="Prendi in carico").click()
    expect(page.locator("#messages")).to_contain_text("Ora è in carico a Bruno.")
    expect(page.locator(".task-holder")).to_contain_text("Bruno")
    expect(page.locator("[data-form]")).to_have_count(0)


def test_clicking_twice_completes_once_and_both_get_the_same_answer(desk: Desk, opened: Callable[..., Ticket]) -> None:
    ticket = opened("carla", "Doppio clic")
    task = ticket.task("check_request")
    page = desk.visit("paola", f"/inbox/{task}")
    page.wait_for_selector("[data-ready]")
    answers = page.evaluate(
        """async task => {
            const csrf = document.querySelector("meta[name=csrf]").content;
            const json = {"Content-Type": "application/json", Accept: "application/json"};
            const headers = {...json, "Idempotency-Key": "twice-1", "X-CSRF-Token": csrf};
            const body = JSON.stringify({data: {complete: "yes", category: "bug_crm"}});
            const send = () => fetch(`/user-tasks/${task}/complete`, {method: "POST", headers, body});
            const answers = await Promise.all([send(), send()]);
            return Promise.all(answers.map(async answer => [answer.status, await answer.text()]));
        }""",
        task,
    )
    assert [status for status, _ in answers] == [200, 200]
    assert answers[0][1] == answers[1][1]
    assert [line.split()[-1] for line in ticket.commands() if "user_tasks.complete" in line] == ["check_request"]
    assert ticket.tasks == {"assign": "pm"}


def test_on_a_phone_the_list_and_the_user_task_come_one_after_the_other(
    desk: Desk, opened: Callable[..., Ticket], narrowed: Callable[[Ticket], str]
) -> None:
    ticket = opened("carla", LONG, "Testo lungo " * 60)
    page = desk.visit("paola", narrowed(ticket), width=390, height=844)
    expect(page.locator(".inbox-row")).to_be_visible()
    expect(page.locator("#task")).to_be_hidden()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    row(page, ticket).locator("a").click()
    page.wait_for_selector("[data-ready]")
    expect(page.locator(".inbox-row").first).to_be_hidden()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    page.get_by_label("Sì, la classifico").check()
    page.get_by_label("Categoria").select_option(label="Bug sito")
    page.get_by_role("link", name="Inbox").or_(page.locator(".inbox-back")).last.click()
    expect(page.locator(".inbox-row")).to_be_visible()


@pytest.mark.parametrize(("language", "dark"), [("it", False), ("en", True)])
def test_axe_finds_nothing(
    desk: Desk, opened: Callable[..., Ticket], narrowed: Callable[[Ticket], str], language: str, dark: bool
) -> None:
    ticket = opened("carla", "Accessibile")
    ticket.note("paola", "Una nota **interna**.", public=False)
    page = desk.visit("paola", narrowed(ticket), language=language, dark=dark)
    assert violations(page) == []
    row(page, ticket).locator("a").click()
    page.wait_for_selector("[data-ready]")
    page.locator(".task-hand-over summary").click()
    assert violations(page) == []
    page.goto("/inbox?text=nothing-like-this")
    assert violations(page) == []


def test_an_inbox_without_anything_says_what_will_be_here(desk: Desk, newcomer: Callable[..., Newcomer]) -> None:
    page = desk.visit("", "/inbox?box=mine")
    sign_in(page, newcomer(role="agent", departments=["quotes"]).email)
    expect(page.get_by_text("Non ha nulla in carico")).to_be_visible()


def test_a_deadline_that_moves_is_seen_without_loading_anew(
    desk: Desk, opened: Callable[..., Ticket], narrowed: Callable[[Ticket], str], company: Company
) -> None:
    ticket = opened("carla", "Il tempo passa")
    page = desk.visit("paola", narrowed(ticket))
    before = row(page, ticket).locator(".time-left").inner_text()
    is_due(company, ticket.task("check_request"), company.clock() + timedelta(hours=2))
    look(page)
    expect(row(page, ticket).locator(".time-left")).not_to_have_text(before)
