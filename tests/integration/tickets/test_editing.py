"""Editing by hand when two do it at once, and being involved because one wants to be."""

from __future__ import annotations

import pytest

from engine.commands import tickets
from engine.commands.tickets import ChangedMeanwhile
from engine.domain.errors import Conflict, Forbidden, Invalid, NotFound
from engine.storage.tables import Involvement, JournalEntry, Ticket
from tests.support.office import Office


def edit(office: Office, ticket_id: int, who: str, values: dict, seen: dict | None = None) -> None:
    tickets.edit(office.engine, office[who], ticket_id, values, seen)


def test_who_edits_second_is_told_and_nothing_is_overwritten(office: Office) -> None:
    ticket_id = office.open(subject="Primo")
    edit(office, ticket_id, "paola", {"subject": "Secondo"}, {"subject": "Primo"})
    with pytest.raises(ChangedMeanwhile) as caught:
        edit(office, ticket_id, "marta", {"subject": "Terzo"}, {"subject": "Primo"})
    assert caught.value.values == {"subject": "Secondo"}
    assert office.rows(Ticket)[0].subject == "Secondo"
    edit(office, ticket_id, "marta", {"subject": "Terzo"}, {"subject": "Secondo"})
    assert office.rows(Ticket)[0].subject == "Terzo"


def test_other_fields_do_not_disturb_one_another(office: Office) -> None:
    ticket_id = office.open()
    edit(office, ticket_id, "paola", {"category": "bug_crm"}, {"category": ""})
    edit(office, ticket_id, "marta", {"agreed_date": "2026-05-04"}, {"agreed_date": None})
    row = office.rows(Ticket)[0]
    assert (row.category, row.fields["agreed_date"]) == ("bug_crm", "2026-05-04")


def test_wanting_the_same_twice_is_no_conflict_and_is_journaled_once(office: Office) -> None:
    ticket_id = office.open(subject="Primo")
    for who in ("paola", "marta"):
        edit(office, ticket_id, who, {"subject": "Secondo"}, {"subject": "Primo"})
    (entry,) = office.rows(JournalEntry, JournalEntry.command == "tickets.edit")
    assert entry.data == {"fields": {"subject": "Secondo"}, "before": {"subject": "Primo"}}


def test_who_did_not_look_overwrites(office: Office) -> None:
    ticket_id = office.open(subject="Primo")
    edit(office, ticket_id, "paola", {"subject": "Secondo"})
    assert office.rows(Ticket)[0].subject == "Secondo"


def reasons(office: Office, ticket_id: int) -> dict[str, str]:
    names = {person.id: name for name, person in office.people.items()}
    return {names[row.account_id]: row.reason for row in office.rows(Involvement, Involvement.ticket_id == ticket_id)}


def test_a_watcher_comes_and_goes(office: Office) -> None:
    ticket_id = office.open()
    tickets.watch(office.engine, office["marta"], ticket_id)
    assert reasons(office, ticket_id) == {"carla": "requester", "marta": "watcher"}
    tickets.unwatch(office.engine, office["marta"], ticket_id)
    assert reasons(office, ticket_id) == {"carla": "requester"}
    with pytest.raises(Conflict):
        tickets.unwatch(office.engine, office["marta"], ticket_id)


def test_who_has_to_do_with_it_stays_involved(office: Office) -> None:
    ticket_id = office.working()
    for who in ("carla", "bruno"):
        with pytest.raises(Conflict):
            tickets.unwatch(office.engine, office[who], ticket_id)


def test_staff_involve_colleagues_and_the_companys_own_people(office: Office) -> None:
    ticket_id = office.open()
    for who in ("bruno", "dario"):
        tickets.watch(office.engine, office["paola"], ticket_id, office[who].id)
    assert reasons(office, ticket_id) == {"carla": "requester", "bruno": "watcher", "dario": "watcher"}
    tickets.unwatch(office.engine, office["paola"], ticket_id, office["bruno"].id)
    assert "bruno" not in reasons(office, ticket_id)


@pytest.mark.parametrize("account", [4711, 0, -1])
def test_nobody_is_not_involved(office: Office, account: int) -> None:
    with pytest.raises(Invalid):
        tickets.watch(office.engine, office["paola"], office.open(), account)


def test_another_companys_people_are_never_involved_and_customers_involve_nobody(office: Office) -> None:
    ticket_id = office.open()
    with pytest.raises(Invalid):
        tickets.watch(office.engine, office["paola"], ticket_id, office["elena"].id)
    with pytest.raises(Forbidden):
        tickets.watch(office.engine, office["carla"], ticket_id, office["dario"].id)
    with pytest.raises(Forbidden):
        tickets.unwatch(office.engine, office["carla"], ticket_id, office["paola"].id)
    with pytest.raises(NotFound):
        tickets.watch(office.engine, office["elena"], ticket_id)
