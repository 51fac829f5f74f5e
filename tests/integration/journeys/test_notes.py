"""M8 and M9: notes between us and the customer, what they mean for the state and the clocks, closing and reopening."""

from __future__ import annotations

from tests.support.journey_tickets import Ticket

WAITING_US = "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA MR DOC"
WAITING_CUSTOMER = "RICHIESTA ASSISTENZA · IN ATTESA RISPOSTA CLIENTE"
OPEN = "RICHIESTA ASSISTENZA · APERTO"
CLOSED = "RICHIESTA ASSISTENZA · CHIUSO"
CANCELLED = "RICHIESTA ASSISTENZA · ANNULLATO"


def at_work(company, opened, category="training_crm", name="bruno") -> Ticket:
    """A ticket of Monday 2 March 2026 at 10:00 on which somebody works."""
    company.at("2026-03-02 10:00")
    ticket = opened("carla", "Il report delle vendite")
    ticket.done("paola", "check_request", complete="yes", category=category)
    ticket.done("paola", "assign", assignee=company[name].id)
    ticket.done(name, "take_charge", competent="yes")
    ticket.mails()
    return ticket


def who_heard(ticket):
    """The names of those who got a mail since the last look."""
    return sorted(mail.recipients[0].partition("@")[0] for mail in ticket.received())


def test_m8_the_pm_hears_of_a_note_although_nobody_of_us_has_done_anything_yet(company, opened):
    company.at("2026-03-02 10:00")
    ticket = opened("carla", "Il report delle vendite")
    ticket.mails()
    ticket.note("carla", "Ho dimenticato: riguarda il 2025")
    assert "paola" in who_heard(ticket)


def test_m8_notes_bring_the_ticket_to_who_must_answer_and_stop_the_clock_meanwhile(company, opened):
    ticket = at_work(company, opened)
    assert (ticket.state, ticket.deadlines["resolution"]) == (OPEN, "2026-03-04 10:00")
    ticket.note("bruno", "Quale report le serve? <b>Vendite</b> & altro", "customer")
    assert (ticket.state, ticket.deadlines["resolution"]) == (WAITING_CUSTOMER, "paused")
    assert ticket.tasks == {"do_work": "bruno"}
    mails = {mail.recipients[0].partition("@")[0]: mail for mail in ticket.received()}
    assert set(mails) >= {"carla", "paola"}
    mail = mails["carla"]
    assert mail.subject.endswith("Nuova nota") and WAITING_CUSTOMER in mail.body()
    assert "Bruno ha scritto" in mail.body() and "<b>Vendite</b> & altro" in mail.body()
    assert "&lt;b&gt;Vendite&lt;/b&gt; &amp; altro" in mail.body("html")

    # whoever is silent isn't late: the deadline passes while it is the customer's turn
    company.at("2026-03-03 12:00")
    assert ticket.mails() == []
    ticket.note("dario", "Quello delle vendite", "staff")
    assert (ticket.state, ticket.deadlines["resolution"]) == (WAITING_US, "2026-03-05 12:00")
    assert set(who_heard(ticket)) >= {"bruno", "carla", "paola"}
    ticket.note("bruno", "Grazie, lo preparo")
    assert ticket.state == OPEN
    assert "dario" in who_heard(ticket)
    ticket.note("carla", "Si può avere anche per regione?")
    assert ticket.state == WAITING_US
    ticket.note("bruno", "Per regione o per provincia?", "customer")
    assert ticket.state == WAITING_CUSTOMER
    who_heard(ticket)

    ticket.note("bruno", "Solo per noi, da controllare", public=False)
    assert (ticket.state, ticket.deadlines["resolution"]) == (WAITING_CUSTOMER, "paused")
    assert set(who_heard(ticket)) <= {"bruno", "paola"}
    for reader in ("carla", "dario", "anna"):
        assert "bruno: Solo per noi, da controllare" not in ticket.notes(reader)
    assert "bruno: Solo per noi, da controllare" in ticket.notes("vera")
    ticket.note("carla", "Segreto", public=False, status=403)
    ticket.note("elena", "Non è mio", status=404)
    company["carla"].asks(f"{ticket.path}/journal", 403)

    ticket.note("carla", "Per regione")
    assert ticket.state == WAITING_US
    ticket.note("bruno", "Ecco il report")
    assert (ticket.state, ticket.deadlines["resolution"]) == (OPEN, "2026-03-05 12:00")
    who_heard(ticket)
    company.at("2026-03-04 16:59")
    assert ticket.mails() == []
    # the warning has moved with the deadline: four working hours before it
    company.at("2026-03-04 17:00")
    assert ticket.mails() == ["bruno: Lavorazione in scadenza", "paola: Lavorazione in scadenza"]
    assert [line for line in ticket.commands() if "notes.add" in line] == [
        "2026-03-02 10:00 bruno notes.add",
        "2026-03-03 12:00 dario notes.add",
        "2026-03-03 12:00 bruno notes.add",
        "2026-03-03 12:00 carla notes.add",
        "2026-03-03 12:00 bruno notes.add",
        "2026-03-03 12:00 bruno notes.add",
        "2026-03-03 12:00 carla notes.add",
        "2026-03-03 12:00 bruno notes.add",
    ]


def test_m8_an_internal_note_by_the_pm_is_no_question_to_the_customer(company, opened):
    company.at("2026-03-02 10:00")
    ticket = opened("carla", "Una richiesta")
    ticket.note("paola", "Ricorda il contratto", public=False)
    assert (ticket.state, ticket.tasks) == (WAITING_US, {"check_request": "pm"})
    ticket.note("paola", "Con chi parlo?", "customer", public=False, status=422)


def test_m8_a_silent_customer_is_reminded_three_times_then_the_pm_decides(company, opened):
    company.at("2026-03-02 10:00")
    ticket = opened("carla", "Una pagina")
    ticket.done("paola", "check_request", complete="no", question="Quale pagina del sito?")
    ticket.mails()
    for day in ("2026-03-05 10:00", "2026-03-10 10:00", "2026-03-13 10:00"):
        company.at(day)
        assert ticket.mails() == ["carla: Attendiamo una sua risposta"]
    company.at("2026-03-18 09:59")
    assert (ticket.mails(), ticket.tasks) == ([], {})
    company.at("2026-03-18 10:00")
    assert ticket.tasks == {"decide_silence": "pm"}
    ticket.done("paola", "decide_silence", silence="wait")
    assert (ticket.state, ticket.tasks) == (WAITING_CUSTOMER, {})
    company.at("2026-04-03 10:00")
    assert (ticket.mails(), ticket.tasks) == ([], {"decide_silence": "pm"})
    ticket.done("paola", "decide_silence", silence="proceed")
    # the Easter Monday doesn't count
    assert (ticket.state, ticket.deadlines) == (WAITING_US, {"check": "2026-04-07 10:00"})
    ticket.done("paola", "check_request", complete="no", question="Quale pagina del sito?")
    company.at("2026-04-30 17:00")
    ticket.mails()
    ticket.done("paola", "decide_silence", silence="close")
    assert (ticket.state, ticket.tasks) == (CLOSED, {})
    assert ticket.mails() == [f"{name}: Il ticket è chiuso per mancata risposta" for name in ("carla", "paola")]


def test_m9_at_the_end_it_is_closed_everybody_hears_it_and_the_customer_may_reopen_it(company, opened):
    ticket = at_work(company, opened, "bug_crm")
    assert list(ticket.done("bruno", "do_work", status=422, outcome="done")["errors"]) == ["solution"]
    ticket.note("dario", "Anche da me", "staff")
    ticket.mails()
    company.at("2026-03-03 09:00")
    ticket.done("bruno", "do_work", outcome="done", solution="Corretto il calcolo dell'IVA")
    assert (ticket.state, ticket.tasks) == (CLOSED, {})
    assert ticket.deadlines == {"check": "met", "resolution": "met"}
    closed = ticket.read("carla")
    assert (closed["turn"], closed["closed_at"], closed["step"]) == ("nobody", "2026-03-03T08:00:00Z", "closed")
    mails = ticket.received()
    assert sorted(mail.recipients[0].partition("@")[0] for mail in mails) == ["bruno", "carla", "dario", "paola"]
    for mail in mails:
        assert mail.subject == f"[{ticket.number}] Il ticket è chiuso"
        assert "Corretto il calcolo dell'IVA" in mail.body()
    ended = [entry for entry in ticket.journal() if entry["kind"] == "instance_ended"]
    assert [(entry["actor_name"], entry["at"]) for entry in ended] == [("Bruno", "2026-03-03T08:00:00Z")]
    ticket.note("carla", "Grazie!", status=409)
    assert [ticket.actions(name) for name in ("carla", "dario", "paola", "bruno")] == [{"reopen"}] * 3 + [set()]

    company.at("2026-03-09 10:00")
    assert ticket.mails() == []
    ticket.act("carla", "reopen", reason="Succede di nuovo")
    assert (ticket.state, ticket.tasks) == (WAITING_US, {"check_request": "pm"})
    assert ticket.mails() == [f"{name}: Il ticket è stato riaperto" for name in ("bruno", "carla", "dario", "paola")]
    assert ticket.read()["closed_at"] is None
    assert len(company["paola"].asks(f"{ticket.path}/instances")["items"]) == 2
    ticket.done("paola", "check_request", complete="yes", category="bug_crm")
    # three days from opening, of which a day and ninety minutes less were gone when it was closed
    assert (ticket.state, ticket.deadlines["resolution"]) == (OPEN, "2026-03-11 11:00")


def test_the_customer_withdraws_a_request_wherever_it_is(company, opened):
    ticket = at_work(company, opened, "bug_crm")
    assert ticket.act("elena", "withdraw", status=404)
    assert ticket.act("bruno", "withdraw", status=403)
    ticket.act("carla", "withdraw", reason="Abbiamo risolto da soli")
    assert (ticket.state, ticket.tasks) == (CANCELLED, {})
    assert ticket.deadlines == {"check": "met", "resolution": "stopped"}
    assert ticket.mails() == [f"{name}: La richiesta è stata ritirata" for name in ("bruno", "carla", "paola")]
    company.at("2026-03-20 10:00")
    assert ticket.mails() == []
    assert ticket.actions("carla") == {"reopen"}


def test_the_pm_cancels_a_ticket_and_says_why(company, opened):
    company.at("2026-03-02 10:00")
    ticket = opened("carla", "Una richiesta doppia")
    ticket.mails()
    assert list(ticket.act("paola", "cancel", status=422)["errors"]) == ["reason"]
    ticket.act("carla", "cancel", status=403, reason="Non si può")
    ticket.act("paola", "cancel", reason="Doppione di un altro ticket")
    assert (ticket.state, ticket.deadlines) == (CANCELLED, {"check": "stopped"})
    (mail, *others) = ticket.received()
    assert "Doppione di un altro ticket" in mail.body() and "Doppione di un altro ticket" in mail.body("html")
    assert {m.recipients[0].partition("@")[0] for m in (mail, *others)} <= {"carla", "paola"}
    company.at("2026-03-20 10:00")
    assert ticket.mails() == []
