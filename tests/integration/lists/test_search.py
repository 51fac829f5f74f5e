"""Tickets are found by the words of their texts and notes, and only by who may read these."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from engine.commands import notes
from engine.commands import tickets as commands
from engine.domain.actors import SYSTEM, Actor
from engine.queries import tickets
from engine.queries.tickets import listing
from engine.storage.tables import Involvement, Note, SearchDocument
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, NOW, OWNER, STRANGER
from tests.support.statements import counting


def opened(desk: Desk, subject: str, text: str = "", actor: Actor = OWNER) -> int:
    return commands.open(desk.engine, actor, "desk", subject, text).ticket_id


def found(desk: Desk, query: str, actor: Actor = CLERK, **filters: Any) -> list[int]:
    return [item.id for item in tickets.listed(desk.engine, actor, text=query, sort="number", **filters).items]


def test_words_may_be_begun_folded_and_in_any_order(desk: Desk) -> None:
    bill = opened(desk, "Fatturazione errata", "Perché la città è sbagliata?")
    other = opened(desk, "Tacco rotto", "Il tacco della scarpa sinistra.")
    assert found(desk, "fattur") == [bill]
    assert found(desk, "FATTURAZIONE") == [bill]
    assert found(desk, "perche citta") == [bill]
    assert found(desk, "città perché") == [bill]
    assert found(desk, "tacco sinistra") == [other]
    assert found(desk, "tacco destra") == []
    assert found(desk, "atturazione") == []


def test_all_words_count_also_where_some_are_the_subject_s_and_others_a_note_s(desk: Desk) -> None:
    ticket = opened(desk, "Stampa fatture", "Non va.")
    opened(desk, "Stampa ordini", "Non va.")
    notes.add(desk.engine, ticket, OWNER, "È il bonifico di marzo.")
    assert found(desk, "fatture bonifico") == [ticket]
    assert found(desk, "ordini bonifico") == []


def test_quotes_ask_for_words_in_a_row(desk: Desk) -> None:
    row = opened(desk, "x", "La nota di credito manca.")
    opened(desk, "x", "Credito: nota a parte, di nuovo.")
    assert found(desk, '"nota di credito"') == [row]
    assert len(found(desk, "nota di credito")) == 2


def test_a_number_is_found_whole_in_part_and_without_its_zeros(desk: Desk) -> None:
    first, second = opened(desk, "Eins"), opened(desk, "Zwei")
    assert found(desk, "D-2026-0002") == [second]
    assert found(desk, "0001") == [first]
    assert found(desk, "2") == [second]
    assert found(desk, "d-2026") == [first, second]


def test_notes_that_the_process_writes_are_found(desk: Desk) -> None:
    ticket = opened(desk, "Sohle")
    desk.complete(ticket, pairs=1)
    with desk.database.read() as tx:
        written, documents = (
            tx.execute(select(func.count()).select_from(t)).scalar_one() for t in (Note, SearchDocument)
        )
    assert documents == written + 1


def test_internal_notes_are_found_by_staff_alone(desk: Desk) -> None:
    ticket = opened(desk, "Tacco")
    notes.add(desk.engine, ticket, CLERK, "Der Kunde ist schwierig", public=False)
    notes.add(desk.engine, ticket, CLERK, "Vielen Dank", public=True)
    assert found(desk, "schwierig") == [ticket]
    assert found(desk, "schwierig", OWNER) == []
    assert found(desk, "dank", OWNER) == [ticket]


def test_nobody_finds_what_they_do_not_see(desk: Desk) -> None:
    ticket = opened(desk, "Tacco")
    assert found(desk, "tacco", STRANGER) == []
    assert found(desk, "tacco", COBBLER) == []
    assert found(desk, "tacco", OWNER) == found(desk, "tacco", SYSTEM) == [ticket]


def test_a_customer_finds_a_foreign_ticket_that_involves_them_without_its_internal_notes(desk: Desk) -> None:
    ticket = opened(desk, "Tacco")
    notes.add(desk.engine, ticket, CLERK, "vertraulich", public=False)
    row = {"ticket_id": ticket, "account_id": STRANGER.id, "reason": "watcher", "since": NOW}
    with desk.database.begin() as tx:
        tx.execute(insert(Involvement), [row])
    assert found(desk, "tacco", STRANGER) == [ticket]
    assert found(desk, "vertraulich", STRANGER) == []


def test_what_is_changed_is_found_under_the_new_words_alone(desk: Desk) -> None:
    ticket = opened(desk, "Tacco", "alt")
    notes.add(desk.engine, ticket, OWNER, "schnell")
    commands.edit(desk.engine, CLERK, ticket, {"subject": "Sohle", "text": "neu"})
    assert found(desk, "tacco") == found(desk, "alt") == []
    assert found(desk, "sohle neu") == found(desk, "sohle schnell") == [ticket]


def test_filters_narrow_what_is_found(desk: Desk) -> None:
    one, two = opened(desk, "Tacco"), opened(desk, "Tacco")
    commands.edit(desk.engine, CLERK, two, {"department": "leather"})
    assert found(desk, "tacco", department="leather") == [two]
    assert found(desk, "tacco", COBBLER) == [two]
    assert found(desk, "tacco", closed=True) == []
    assert found(desk, "tacco") == [one, two]


HOSTILE = [
    '"', '""', '"a', "a OR b", "NOT tacco", "tacco*", "tacco)", "(", "*", "^tacco", "words:tacco", "{words} : x",
    "NEAR(a b)", "a AND", "-tacco", "=public", '"=c1"', "a & b | !c", "a:*", "a <-> b", "'", "\\", "'; DROP TABLE x",
    "%", "_", "a" * 5_000, "b " * 2_000, "😀", "\u0301", "ﷺ", "\x01", "İstanbul", "ß", "١٢٣", "漢字", "नमस्ते",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_nothing_that_is_typed_is_an_operator_or_an_error(desk: Desk, query: str) -> None:
    opened(desk, "Tacco")
    for actor in (CLERK, OWNER):
        tickets.listed(desk.engine, actor, text=query)
        tickets.counted(desk.engine, actor, text=query)


def test_marks_of_whom_a_text_is_for_cannot_be_asked_for(desk: Desk) -> None:
    opened(desk, "Tacco")
    assert found(desk, "=c1") == found(desk, "=public") == found(desk, '"=public"') == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60))
def test_any_text_is_found_by_its_own_words_and_any_query_is_answered(desk: Desk, text: str) -> None:
    ticket = opened(desk, "Egal", text)
    newest = tickets.listed(desk.engine, CLERK, text=f"egal {text}"[:200], sort="-number", limit=1).items
    assert [item.id for item in newest] == [ticket]


def test_finding_takes_three_statements_and_a_note_costs_the_same_however_many_there_are(desk: Desk) -> None:
    ticket = opened(desk, "Tacco")

    def cost() -> int:
        with counting(desk.database) as counted:
            notes.add(desk.engine, ticket, OWNER, "noch etwas")
        return len(counted)

    cost()
    first = cost()
    for _ in range(20):
        notes.add(desk.engine, ticket, OWNER, "und noch etwas")
    assert cost() == first
    with counting(desk.database) as counted:
        assert found(desk, "etwas") == [ticket]
    assert len(counted) <= 3


def test_so_many_texts_that_only_the_newest_count(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_TEXTS", 3)
    ids = [opened(desk, "Tacco") for _ in range(5)]
    assert found(desk, "tacco") == ids[-3:]
    count = tickets.counted(desk.engine, CLERK, text="tacco")
    assert (count.number, count.more) == (3, True)
