"""Notes and events in one stream: what is told, in which words, a page at a time."""

from __future__ import annotations

import pytest

from engine.commands import tickets, user_tasks
from engine.commands.outbox import mails
from engine.domain.errors import Forbidden, Invalid, NotFound
from engine.queries.tickets import timeline
from engine.queries.tickets.timeline import Entry, Event, Stream
from engine.storage.tables import Job
from tests.support.office import Office, at
from tests.support.statements import counting


def of(office: Office, ticket_id: int, **options: object) -> Stream:
    return timeline.of_ticket(office.engine, office["paola"], ticket_id, "it", **options)  # type: ignore[arg-type]


def events(stream: Stream) -> dict[str, Event]:
    """The newest event of each command."""
    return {entry.event.command: entry.event for entry in stream.entries if entry.event}


def told(event: Event) -> list[tuple[str, str, object]]:
    return [(fact.kind, fact.label, fact.value) for fact in event.facts]


def short(entry: Entry) -> str:
    said = entry.note.text if entry.note else ""
    return f"{entry.event.command if entry.event else ''} {said}".strip()


def test_a_classification_is_told_in_the_words_of_its_form_and_diagram(office: Office) -> None:
    stream = of(office, office.classified())
    assert [short(entry) for entry in stream.entries] == ["tickets.open", "user_tasks.complete"]
    opened, checked = (entry.event for entry in stream.entries if entry.event)
    assert ("field", "Status", "IN ATTESA RISPOSTA MR DOC") in told(opened)
    assert ("opened", "Verifica e classifica la richiesta", "") in told(opened)
    assert (checked.actor_name, checked.label) == ("Paola", "Verifica e classifica la richiesta")
    facts = told(checked)
    assert facts[0] == ("answer", "La richiesta è completa?", "Sì, la classifico")
    assert ("field", "Category", "Bug CRM") in facts
    assert "Categoria" not in [label for _, label, _ in facts], "an answer that became a field is told once"
    assert ("field", "Department", "CRM") in facts
    assert ("field", "Status", "APERTO") in facts
    assert ("opened", "Assegna a un professionista", "") in facts
    assert ("clock_met", "Verifica", at("2026-03-30 09:00")) in facts
    assert [fact for fact in facts if fact[:2] == ("clock_due", "Conclusione")]


def test_people_are_told_by_name(office: Office) -> None:
    ticket_id = office.classified()
    user_tasks.hand_over(office.engine, office.task(ticket_id, "assign"), office["paola"].id, office["marta"])
    office.done("paola", ticket_id, "assign", assignee=office["bruno"].id)
    found = events(of(office, ticket_id))
    assert (found["user_tasks.hand_over"].actor_name, found["user_tasks.hand_over"].other) == ("Marta", "Paola")
    assigned = told(found["user_tasks.complete"])
    assert ("field", "Assignee", "Bruno") in assigned


def test_a_note_and_what_came_of_it_are_one_entry(office: Office) -> None:
    ticket_id = office.working()
    office.note("bruno", ticket_id, "Quale *versione*?", "customer")
    last = of(office, ticket_id).entries[-1]
    assert last.note is not None and last.event is not None
    assert (last.note.text, last.note.expects, last.event.command) == ("Quale *versione*?", "customer", "notes.add")
    assert ("field", "Status", "IN ATTESA RISPOSTA CLIENTE") in told(last.event)


def test_a_note_that_a_form_wrote_stands_with_its_completion(office: Office) -> None:
    ticket_id = office.quoted()
    last = of(office, ticket_id).entries[-1]
    assert last.note is not None and last.event is not None
    assert (last.note.text, last.event.command) == ("Un nuovo **modulo** di ricerca.", "user_tasks.complete")
    assert "Un nuovo **modulo** di ricerca." not in [fact.value for fact in last.event.facts if fact.kind == "answer"]


def test_an_edit_by_hand_tells_fields_and_clocks(office: Office) -> None:
    ticket_id = office.classified()
    tickets.edit(office.engine, office["paola"], ticket_id, {"category": "training_crm", "agreed_date": "2026-05-04"})
    facts = told(events(of(office, ticket_id))["tickets.edit"])
    assert ("field", "Category", "Formazione/informazione CRM") in facts
    assert ("field", "Data concordata", at("2026-05-04").date()) in facts


def test_a_timer_that_fired_is_iters_own_doing(office: Office) -> None:
    ticket_id = office.open()
    office.clock.set(at("2026-03-30 09:00"))
    office.fire()
    fired = events(of(office, ticket_id))["timers.fire"]
    assert (fired.actor, fired.actor_name, fired.label) == (0, "", "Scaduto")


def test_the_whole_time_line_names_elements_and_timers(office: Office) -> None:
    ticket_id = office.open()
    kinds = {
        fact.kind for entry in of(office, ticket_id, whole=True).entries if entry.event for fact in entry.event.facts
    }
    assert {"entered", "waits"} <= kinds
    kinds = {fact.kind for entry in of(office, ticket_id).entries if entry.event for fact in entry.event.facts}
    assert not {"entered", "waits"} & kinds


def test_pages_follow_one_another_without_a_gap_or_anything_twice(office: Office) -> None:
    ticket_id = office.working()
    for turn in range(12):
        office.clock.advance(minutes=1)
        office.note("bruno", ticket_id, f"Nota {turn}", public=turn % 3 > 0)
        if turn % 2:
            tickets.edit(office.engine, office["paola"], ticket_id, {"subject": f"Oggetto {turn}"})
    whole = [entry.key for entry in of(office, ticket_id, limit=200).entries]
    assert len(whole) == len(set(whole)) > 20
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = of(office, ticket_id, limit=5, cursor=cursor or None)
        seen = [entry.key for entry in page.entries] + seen
        cursor = page.earlier
    assert seen == whole


def test_its_cost_does_not_grow_with_history(office: Office) -> None:
    ticket_id = office.working()
    with counting(office.database) as before:
        of(office, ticket_id)
    for turn in range(40):
        office.note("bruno", ticket_id, f"Nota {turn}")
    with counting(office.database) as after:
        assert of(office, ticket_id).earlier
    assert len(after) <= len(before) <= 5


def test_it_is_for_staff_of_the_package(office: Office) -> None:
    ticket_id = office.open()
    with pytest.raises(Forbidden):
        timeline.of_ticket(office.engine, office["carla"], ticket_id)
    with pytest.raises(NotFound):
        timeline.of_ticket(office.engine, office["elena"], ticket_id)
    with pytest.raises(Invalid):
        timeline.of_ticket(office.engine, office["paola"], ticket_id, cursor="x")


def test_mails_are_told_with_their_readers(office: Office) -> None:
    ticket_id = office.open()
    (job,) = office.rows(Job)
    mails.prepare(office.engine, job.id)
    (fact,) = events(of(office, ticket_id))["mails.prepare"].facts
    assert (fact.kind, fact.label, fact.value) == ("mail", "[MR-2026-00001] Abbiamo ricevuto la sua richiesta", "Carla")
