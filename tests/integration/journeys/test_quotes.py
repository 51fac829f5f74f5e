"""M4: the quote loop: five days from assignment, the customer's decision, revision, acceptance, refusal, silence."""

from __future__ import annotations

WAITING_US = "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA MR DOC"
WAITING_CUSTOMER = "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA CLIENTE"
OPEN = "RICHIESTA ASSISTENZA · APERTO"
DEVELOPMENT = "RICHIESTA NUOVO SVILUPPO · APERTO"
QUOTE = {"competent": "yes", "quote_text": "Una nuova pagina per gli ordini", "quote_amount": 1200, "quote_days": 6}


def to_estimate(company, ticket, professional="quirino"):
    """The PM has classified it, and assigned it to somebody who makes quotes."""
    ticket.done("paola", "check_request", complete="yes", category="quote")
    ticket.done("paola", "assign", assignee=company[professional].id)
    ticket.mails()


def test_m4_a_quote_is_revised_accepted_and_becomes_a_development_over_christmas(company, opened):
    company.at("2026-12-24 16:30")
    ticket = opened("carla", "Una pagina per gli ordini")
    ticket.done("paola", "check_request", complete="yes", category="quote")
    assert (ticket.state, ticket.deadlines) == (OPEN, {"check": "met"})
    company.at("2026-12-24 17:29")
    ticket.done("paola", "assign", assignee=company["quirino"].id)
    # 25 and 26 December, 1 January and two weekends don't count
    assert ticket.deadlines == {"check": "met", "quote": "2027-01-04 17:29"}
    assert ticket.tasks == {"estimate": "quirino"}
    assert ticket.mails() == ["carla: Abbiamo ricevuto la sua richiesta", "quirino: Le è stato assegnato un ticket"]
    company.at("2026-12-31 17:28")
    assert ticket.mails() == []
    company.at("2026-12-31 17:29")
    assert ticket.mails() == ["paola: Preventivo in scadenza", "quirino: Preventivo in scadenza"]

    company.at("2027-01-04 11:29")
    refused = ticket.done("quirino", "estimate", status=422, **{**QUOTE, "quote_days": 0})
    assert list(refused["errors"]) == ["quote_days"]
    ticket.done("quirino", "estimate", **QUOTE)
    assert (ticket.state, ticket.deadlines["quote"]) == (WAITING_CUSTOMER, "met")
    mails = ticket.received()
    assert sorted(mail.recipients[0].partition("@")[0] for mail in mails) == ["carla", "paola", "quirino"]
    assert all(mail.subject.endswith("Il preventivo è pronto") and "€ 1200," in mail.body("html") for mail in mails)
    assert ticket.may_do("decide") == {"carla", "anna"}
    decide = f"/user-tasks/{ticket.task('decide')}/complete"
    accepted = {"data": {"decision": "accept"}}
    company["dario"].sends(decide, accepted, 403)
    company["franco"].sends(decide, accepted, 404)

    ticket.done("carla", "decide", decision="revise", changes="Senza il listino")
    assert (ticket.state, ticket.tasks) == (WAITING_US, {"estimate": "quirino"})
    # a revision begins with the quote that it revises
    begun = company["quirino"].asks(f"/user-tasks/{ticket.task('estimate')}")["values"]
    assert begun == {name: value for name, value in QUOTE.items() if name != "competent"}
    # a new promise of five days; the Epiphany doesn't count
    assert ticket.deadlines["quote"] == "2027-01-12 11:29"
    mails = ticket.received()
    assert sorted(mail.recipients[0] for mail in mails) == ["paola@staff.example", "quirino@staff.example"]
    assert all("Senza il listino" in mail.body() and "12/01/2027 alle 11:29" in mail.body() for mail in mails)
    company.at("2027-01-11 11:29")
    assert ticket.mails() == ["paola: Preventivo in scadenza", "quirino: Preventivo in scadenza"]
    company.at("2027-01-12 11:29")
    assert ticket.mails() == ["marta: Preventivo in ritardo", "paola: Preventivo in ritardo"]
    company.at("2027-01-13 09:00")
    ticket.done("quirino", "estimate", **{**QUOTE, "quote_amount": 900, "agreed_date": "2027-03-31"})
    assert (ticket.state, ticket.deadlines["quote"]) == (WAITING_CUSTOMER, "missed")
    assert len(ticket.mails()) == 3

    ticket.done("anna", "decide", decision="accept")
    assert (ticket.state, ticket.tasks) == (WAITING_US, {"check_development": "pm"})
    assert ticket.deadlines["check"] == "2027-01-14 09:00"
    assert ticket.mails() == ["paola: Preventivo accettato"]
    ticket.done("paola", "check_development", complete="no", question="Con quali campi va fatta?")
    assert ticket.state == WAITING_CUSTOMER
    ticket.note("carla", "Codice, quantità, consegna", "staff")
    assert ticket.state == WAITING_US
    wrong = ticket.done("paola", "check_development", status=422, complete="yes", category="bug_site")
    assert list(wrong["errors"]) == ["category"]
    ticket.done("paola", "check_development", complete="yes", category="development_site")
    assert ticket.state == OPEN
    ticket.done("paola", "assign", assignee=company["silvia"].id)
    assert (ticket.state, ticket.tasks) == (DEVELOPMENT, {"take_charge": "silvia"})
    assert ticket.deadlines["resolution"] == "2027-03-31 17:30"
    assert (ticket.read()["fields"]["quote_amount"], ticket.read()["fields"]["quote_days"]) == (900, 6)
    assert ticket.commands() == [
        "2026-12-24 16:30 carla tickets.open",
        "2026-12-24 16:30 paola user_tasks.complete check_request",
        "2026-12-24 17:29 paola user_tasks.complete assign",
        "2026-12-31 17:29 system timers.fire quote_warning",
        "2027-01-04 11:29 quirino user_tasks.complete estimate",
        "2027-01-04 11:29 carla user_tasks.complete decide",
        "2027-01-11 11:29 system timers.fire quote_warning",
        "2027-01-12 11:29 system timers.fire quote_overdue",
        "2027-01-13 09:00 quirino user_tasks.complete estimate",
        "2027-01-13 09:00 anna user_tasks.complete decide",
        "2027-01-13 09:00 paola user_tasks.complete check_development",
        "2027-01-13 09:00 carla notes.add",
        "2027-01-13 09:00 paola user_tasks.complete check_development",
        "2027-01-13 09:00 paola user_tasks.complete assign",
    ]


def test_m4_a_refused_quote_closes_the_ticket_with_thanks(company, opened):
    company.at("2026-03-02 10:00")
    ticket = opened("carla", "Un'area riservata")
    to_estimate(company, ticket)
    ticket.done("quirino", "estimate", **QUOTE)
    ticket.mails()
    ticket.done("carla", "decide", decision="refuse", refusal_reason="Troppo caro")
    assert (ticket.state, ticket.tasks) == ("RICHIESTA ASSISTENZA · CHIUSO", {})
    assert ticket.deadlines == {"check": "met", "quote": "met"}
    mails = ticket.received()
    assert sorted(mail.recipients[0].partition("@")[0] for mail in mails) == ["carla", "paola", "quirino"]
    assert all("Preventivo rifiutato" in mail.subject and "Troppo caro" in mail.body() for mail in mails)
    assert ticket.actions("carla") == {"reopen"}


def test_m4_while_the_customer_decides_notes_turn_the_state_and_silence_is_reminded(company, opened):
    company.at("2026-03-02 10:00")
    ticket = opened("carla", "Un nuovo modulo")
    to_estimate(company, ticket)
    ticket.act("paola", "reassign", assignee=company["ottavia"].id, reason="Quirino è in ferie")
    assert (ticket.tasks, ticket.deadlines["quote"]) == ({"estimate": "ottavia"}, "2026-03-09 10:00")
    ticket.done("ottavia", "estimate", **QUOTE)
    ticket.note("anna", "È compresa la formazione?")
    assert (ticket.state, ticket.tasks) == (WAITING_US, {"decide": _deciders(company)})
    ticket.note("ottavia", "Sì, due ore")
    assert ticket.state == WAITING_CUSTOMER
    ticket.mails()
    for day in ("2026-03-05 10:00", "2026-03-10 10:00", "2026-03-13 10:00"):
        company.at(day)
        assert ticket.mails() == ["carla: Il preventivo attende una sua decisione"]
    company.at("2026-03-18 10:00")
    assert ticket.mails() == []
    assert ticket.may_do("decide_on_silence") == {"paola"}
    ticket.done("paola", "decide_on_silence", silence="close")
    assert (ticket.state, ticket.tasks) == ("RICHIESTA ASSISTENZA · CHIUSO", {})
    closed = "Il ticket è chiuso per mancata risposta"
    assert ticket.mails() == [f"{name}: {closed}" for name in ("anna", "carla", "ottavia", "paola", "quirino")]


def _deciders(company):
    """The groups of the requester, and of the approvers of their company."""
    rossi = company["anna"].asks("/accounts/me")["company"]
    return f"account:{company['carla'].id} approver@{rossi}"
