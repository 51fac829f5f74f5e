"""A customer's list: their company's tickets and nobody else's, what waits for them first, found by words."""

from __future__ import annotations

from engine.commands import actions
from tests.support.statements import counting


def subjects(page) -> list[str]:
    return [found.text_content().strip() for found in page.find("//a[@data-row-link]")]


def test_what_waits_for_the_customer_comes_first(portal):
    portal.open("carla", "Da verificare")
    asked = portal.open("dario", "Da completare")
    portal.done("paola", asked, "check_request", complete="no", question="Quale versione del CRM usa?")
    portal.open("carla", "Più recente")
    page = portal.visitor("carla").page("/tickets")
    assert subjects(page) == ["Da completare", "Più recente", "Da verificare"]
    assert page.marked("is-yours")[0].startswith("MR-2026-00002")
    assert "Our turn, by" in page.text


def test_it_shows_the_companys_tickets_and_no_others(portal):
    portal.open("carla", "Di Carla")
    portal.open("dario", "Di Dario")
    portal.open("elena", "Di Elena")
    assert sorted(subjects(portal.visitor("carla").page("/tickets"))) == ["Di Carla", "Di Dario"]
    assert subjects(portal.visitor("elena").page("/tickets")) == ["Di Elena"]
    assert subjects(portal.visitor("carla").page("/tickets?whose=mine")) == ["Di Carla"]


def test_open_ones_finished_ones_and_all(portal):
    portal.open("carla", "Aperto")
    closed = portal.open("carla", "Ritirato")
    actions.act(portal.engine, closed, "withdraw", {}, portal["carla"])
    visitor = portal.visitor("carla")
    assert subjects(visitor.page("/tickets")) == ["Aperto"]
    assert subjects(visitor.page("/tickets?state=closed")) == ["Ritirato"]
    assert sorted(subjects(visitor.page("/tickets?state=all"))) == ["Aperto", "Ritirato"]


def test_words_are_found_in_all_of_them(portal):
    portal.open("carla", "Fattura sbagliata", "L'importo è doppio")
    closed = portal.open("carla", "Fattura mancante")
    actions.act(portal.engine, closed, "withdraw", {}, portal["carla"])
    portal.open("elena", "Fattura di Elena")
    visitor = portal.visitor("carla")
    assert sorted(subjects(visitor.page("/tickets?text=fattura"))) == ["Fattura mancante", "Fattura sbagliata"]
    assert subjects(visitor.page("/tickets?text=importo+doppio")) == ["Fattura sbagliata"]
    assert "Nothing was found" in visitor.page("/tickets?text=elena").text


def test_an_empty_list_says_what_will_be_there(portal):
    page = portal.visitor("carla").page("/tickets")
    assert "No ticket is open" in page.text
    assert "Nothing is finished yet" in portal.visitor("carla").page("/tickets?state=closed").text


def test_a_long_list_comes_in_pages(portal):
    for number in range(30):
        portal.clock.advance(minutes=1)
        portal.open("carla", f"Ticket {number}")
    visitor = portal.visitor("carla")
    first = visitor.page("/tickets")
    (more,) = [link.get("href") for link in first.find("//a[@rel='next']")]
    second = visitor.page(more)
    assert subjects(first)[0] == "Ticket 29"
    assert subjects(first) + subjects(second) == [f"Ticket {number}" for number in range(29, -1, -1)]


def test_nonsense_in_the_address_is_no_error_of_ours(portal):
    visitor = portal.visitor("carla")
    assert visitor.get("/tickets?state=nonsense&whose=nobody").status_code == 200
    assert visitor.get("/tickets?cursor=nonsense").status_code == 422
    assert visitor.get("/tickets?text=%22%27*()%5B").status_code == 200


def test_the_list_needs_few_statements_however_long(portal):
    for number in range(12):
        ticket = portal.open("carla", f"Ticket {number}")
        if number % 3 == 0:
            portal.done("paola", ticket, "check_request", complete="no", question="Quale versione del CRM usa?")
    visitor = portal.visitor("carla")
    for path in ("/tickets", "/tickets?text=ticket", "/tickets?state=all&whose=mine"):
        visitor.page(path)
        with counting(portal.database) as counted:
            visitor.page(path)
        assert len(counted) <= 15, "\n".join(counted.statements)
