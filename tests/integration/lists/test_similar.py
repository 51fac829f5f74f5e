"""Tickets about the same are found while one writes: likely duplicates, and how it was mended before."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands import notes
from engine.commands import tickets as commands
from engine.domain.actors import Actor
from engine.queries.reading import reading
from engine.queries.tickets.search import similar
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, OWNER, STRANGER
from tests.support.statements import counting


@pytest.fixture
def known(desk: Desk) -> dict[str, int]:
    """Four tickets of a company, one of another."""
    texts = {
        "invoice": ("Errore nella stampa delle fatture", "La stampa si blocca alla seconda pagina."),
        "invoices": ("Le fatture non si stampano", "Stampare una fattura dà errore."),
        "login": ("Password dimenticata", "Non riesco ad accedere."),
        "map": ("Mappa dei contatti", "La mappa è vuota."),
    }
    ids = {key: commands.open(desk.engine, OWNER, "desk", *text).ticket_id for key, text in texts.items()}
    foreign = commands.open(desk.engine, STRANGER, "desk", "Errore nella stampa delle fatture", "Qui no.")
    return {**ids, "foreign": foreign.ticket_id}


def ids(desk: Desk, text: str, actor: Actor = OWNER, **more: Any) -> list[int]:
    with reading(desk.engine, actor) as reader:
        return [one.id for one in similar(reader, text, **more)]


def test_the_likest_come_first_and_what_is_about_something_else_not_at_all(desk: Desk, known: dict[str, int]) -> None:
    found = ids(desk, "Buongiorno, errore di stampa della fattura", company=1)
    assert found == [known["invoices"], known["invoice"]] or found == [known["invoice"], known["invoices"]]
    assert ids(desk, "Ho dimenticato la password", company=1) == [known["login"]]
    assert ids(desk, "Vorrei un preventivo per un catalogo", company=1) == []


@pytest.mark.parametrize("text", ["", "   ", "di il la", "!!", "e" * 3000])
def test_a_text_that_says_nothing_is_like_nothing(desk: Desk, known: dict[str, int], text: str) -> None:
    assert ids(desk, text, company=1) == []


def test_customers_are_shown_none_of_others(desk: Desk, known: dict[str, int]) -> None:
    for company in (None, 1):
        assert known["foreign"] not in ids(desk, "errore stampa fatture", company=company)
    assert known["foreign"] in ids(desk, "errore stampa fatture", CLERK)
    assert ids(desk, "errore stampa fatture", CLERK, company=2) == [known["foreign"]]


def test_closed_ones_and_the_ticket_itself_can_be_left_out(desk: Desk, known: dict[str, int]) -> None:
    desk.complete(known["login"], pairs=1)
    desk.complete(known["login"])
    assert ids(desk, "password dimenticata") == [known["login"]]
    assert ids(desk, "password dimenticata", open_only=True) == []
    assert ids(desk, "mappa contatti", but=known["map"]) == []


def test_internal_notes_lead_customers_nowhere(desk: Desk, known: dict[str, int]) -> None:
    notes.add(desk.engine, known["map"], CLERK, "mappa: chiave segreta scaduta", public=False)
    assert ids(desk, "chiave segreta scaduta") == []


def test_it_takes_one_statement(desk: Desk, known: dict[str, int]) -> None:
    with reading(desk.engine, OWNER) as reader, counting(desk.database) as counted:
        similar(reader, "errore di stampa della fattura", company=1)
    assert len(counted) == 1
