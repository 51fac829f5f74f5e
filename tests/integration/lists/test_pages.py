"""The pages of lists: what the address says is what is shown, few statements, and files that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from engine.commands import notes
from engine.commands import tickets as commands
from engine.commands.people import accounts, sessions
from engine.domain.actors import SYSTEM, Actor
from engine.queries.tickets import export
from engine.storage.tables import JournalEntry, Note, Ticket
from tests.integration.conftest import Desk
from tests.support.clients import client_of
from tests.support.desk import CLERK, COBBLER, OWNER
from tests.support.statements import counting

PAGE = {"Accept": "text/html"}
HERE = {**PAGE, "Sec-Fetch-Site": "same-origin"}
PASSWORD = "correct horse battery"
#: of one page, with all that stands around it
STATEMENTS = 15


class Reader:
    """Somebody with a browser."""

    def __init__(self, desk: Desk, actor: Actor) -> None:
        accounts.set_password(desk.engine, SYSTEM, actor.id, PASSWORD)
        begun = sessions.begin(desk.engine, actor.email, PASSWORD)
        self.client: FlaskClient = client_of(desk.engine)
        self.client.set_cookie("iter_session", begun.secret)
        self.client.set_cookie("iter_language", "en")
        self.csrf = sessions.signed_in(desk.engine, begun.secret).csrf

    def get(self, place: str, status: int = 200) -> str:
        answer = self.client.get(place, headers=PAGE)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, place: str, **fields: Any) -> Any:
        return self.client.post(place, data={"csrf": self.csrf, **fields}, headers=HERE)


@pytest.fixture
def clerk(filled: Desk) -> Reader:
    """Sees all sixty tickets."""
    return Reader(filled, CLERK)


def rows(page: str) -> list[int]:
    """The tickets of a page, in its order."""
    return [int(part.split('"')[0]) for part in page.split('data-row-link href="/tickets/')[1:]]


PLACES = [
    "/tickets", "/tickets?state=all&sort=company", "/tickets?state=all&assignee=1&company=1&opened_by=me&status=closed",
    "/tickets?text=heel", "/tickets?box=mine&state=all&sort=-deadline", "/tickets/filters", "/views",
    "/tickets/bulk?do=assign&ticket=1&ticket=2", "/tickets/bulk?do=note&ticket=3",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_page_of_lists_takes_many_statements(filled: Desk, clerk: Reader, place: str) -> None:
    clerk.post("/views", name="Heels", query="text=heel")
    clerk.get(place)
    with counting(filled.database) as counted:
        clerk.get(place)
    assert len(counted) <= STATEMENTS, counted.statements


def test_the_list_begins_with_open_tickets_and_a_search_with_all(filled: Desk, clerk: Reader) -> None:
    tickets = filled.rows(Ticket)
    running = {row.id for row in tickets if row.closed_at is None}
    assert set(rows(clerk.get("/tickets"))) == running
    everything = rows(clerk.get("/tickets?state=all"))
    assert len(everything) == 50
    heels = {row.id for row in tickets if "heel" in row.subject.lower()}
    notes.add(filled.engine, min(heels), CLERK, "a new heel")
    assert rows(clerk.get("/tickets?text=new+heel")) == [min(heels)]


def test_filters_in_the_address_are_chips_that_lead_out_of_them(filled: Desk, clerk: Reader) -> None:
    page = clerk.get("/tickets?state=all&status=with_customer&assignee=me&company=1")
    wanted = {
        row.id
        for row in filled.rows(Ticket)
        if (row.status, row.assignee_id, row.company_id) == ("with_customer", CLERK.id, 1)
    }
    assert set(rows(page)) == wanted
    assert 'href="/tickets?state=all&amp;status=with_customer&amp;company=1"' in page
    for words in ("With the customer", "me", "Company 1"):
        assert f'title="{words}"' in page


@pytest.mark.parametrize(
    "place",
    ["/tickets?sort=colour", "/tickets?status=%00", "/tickets?cursor=nonsense",
     "/tickets?assignee=-1&company=9999999999",
     "/tickets?deadline=never&state=none&box=x", "/tickets?text=%22%29%20OR%20*", "/tickets?sort=deadline&cursor=WzFd"],
)  # fmt: skip
def test_an_address_that_means_nothing_shows_the_list_all_the_same(clerk: Reader, place: str) -> None:
    assert "<h1>Tickets</h1>" in clerk.get(place)


def test_pages_follow_one_another_by_their_links(filled: Desk, clerk: Reader) -> None:
    first = clerk.get("/tickets?state=all&sort=number")
    link = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert rows(first) + rows(clerk.get(link)) == [row.id for row in filled.rows(Ticket)]


def test_customers_get_the_portal_and_none_of_the_staff_s_pages(filled: Desk) -> None:
    customer = Reader(filled, OWNER)
    assert "tickets-table" not in customer.get("/tickets")
    for place in ("/tickets.csv", "/tickets/filters", "/views", "/tickets/bulk?do=assign"):
        customer.get(place, status=404)
    assert customer.post("/tickets/bulk/note", ticket=1, text="x").status_code == 404


def table(text: str, separator: str = ",") -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=separator))


def test_the_csv_holds_all_that_fit_in_the_list_s_order(filled: Desk, clerk: Reader) -> None:
    answer = clerk.client.get("/tickets.csv?state=all&sort=-number&status=closed")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="tickets-2026-03-27')
    found = table(answer.get_data(as_text=True))
    closed = [row for row in filled.rows(Ticket) if row.status == "closed"]
    assert [line["Number"] for line in found] == [row.number for row in reversed(closed)]
    assert {line["Status"] for line in found} == {"Closed"}
    assert all(len(line["Opened"]) == len("2026-03-27 09:00") for line in found)


def test_who_takes_the_csv_slowly_holds_no_snapshot(filled: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "BATCH", 7)
    taken = export.batches(filled.engine, CLERK, sort="-number")
    first = next(taken)
    with filled.database.begin() as tx:
        tx.execute(update(Ticket).where(Ticket.id < 10).values(subject="meanwhile"))
    rest = [ticket for batch in taken for ticket in batch]
    assert [ticket.id for ticket in first + rest] == list(range(60, 0, -1))
    assert {ticket.subject for ticket in rest if ticket.id < 10} == {"meanwhile"}


def test_the_csv_speaks_the_reader_s_language_and_time(filled: Desk, clerk: Reader) -> None:
    clerk.client.set_cookie("iter_language", "it")
    found = table(clerk.client.get("/tickets.csv?state=all").get_data(as_text=True), ";")
    assert len(found) == 60
    opened = {row.number: row.opened_at for row in filled.rows(Ticket)}
    line = next(line for line in found if line["Numero"] == "D-2026-0001")
    assert line["Aperto"] == "2026-03-27 09:00"
    assert opened["D-2026-0001"].hour == 8


@pytest.mark.parametrize("subject", ["=1+1", "+1", "-1", "@sum", "\t=1", "＝1+1", '=HYPERLINK("http://x")'])
def test_no_cell_of_the_csv_is_a_formula(filled: Desk, clerk: Reader, subject: str) -> None:
    with filled.database.begin() as tx:
        tx.execute(update(Ticket).where(Ticket.id % 2 == 1).values(subject=f'{subject} é;,"'))
    for line in table(clerk.client.get("/tickets.csv?state=all&sort=-number").get_data(as_text=True)):
        assert not any(cell.startswith(("=", "+", "-", "@", "＝", "\t", "\r")) for cell in line.values())


def test_the_csv_holds_what_its_reader_sees_and_nothing_else(filled: Desk) -> None:
    found = table(Reader(filled, COBBLER).client.get("/tickets.csv?state=all").get_data(as_text=True))
    assert {line["Number"] for line in found} == {
        row.number for row in filled.rows(Ticket) if row.department == "leather"
    }


def test_a_saved_view_is_the_list_that_one_begins_with(clerk: Reader) -> None:
    answer = clerk.post("/views", name="Heels", query="text=heel&sort=deadline&cursor=x&nonsense=1", standard="1")
    assert answer.headers["Location"] == "/tickets?text=heel&sort=deadline"
    assert clerk.client.get("/tickets", headers=PAGE).headers["Location"] == "/tickets?text=heel&sort=deadline"
    assert "Heels" in clerk.get("/views")
    assert clerk.client.get("/tickets?box=all", headers=PAGE).status_code == 200
    assert clerk.post("/views/1/begin-with", off="1").status_code == 303
    assert clerk.client.get("/tickets", headers=PAGE).status_code == 200
    assert clerk.post("/views/1/remove").status_code == 303
    assert clerk.post("/views/1/remove").status_code == 404


def test_a_view_of_the_plain_list_leads_to_it_and_not_round_in_circles(clerk: Reader) -> None:
    clerk.post("/views", name="All", query="", standard="1")
    place = clerk.client.get("/tickets", headers=PAGE).headers["Location"]
    assert place == "/tickets?box=all"
    assert clerk.client.get(place, headers=PAGE).status_code == 200


def test_a_view_without_a_name_is_refused(clerk: Reader) -> None:
    answer = clerk.post("/views", name=" ", query="text=heel")
    assert (answer.status_code, "A text is required." in answer.text) == (422, True)


def test_many_tickets_get_a_note_and_what_could_not_be_done_is_told(filled: Desk, clerk: Reader) -> None:
    commands.edit(filled.engine, CLERK, 1, {"assignee": CLERK.id})
    page = clerk.get("/tickets/bulk?do=note&ticket=1&ticket=2&ticket=999&back=/tickets%3Fbox%3Dmine")
    assert page.count('type="hidden" name="ticket"') == 2
    answer = clerk.post("/tickets/bulk/note", ticket=[1, 999], text="All of you", public="0", back="/tickets?box=mine")
    assert (answer.status_code, "There is no such ticket." in answer.text) == (200, True)
    assert [(row.ticket_id, row.public) for row in filled.rows(Note)] == [(1, False)]
    answer = clerk.post("/tickets/bulk/note", ticket=[1], text="Again", public="0", back="/tickets?box=mine")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tickets?box=mine")


def test_a_note_for_many_tickets_is_written_once_to_each_however_often_it_is_sent(filled: Desk, clerk: Reader) -> None:
    found = re.search(r'name="once" value="([^"]+)"', clerk.get("/tickets/bulk?do=note&ticket=1"))
    assert found
    given = {"text": "All of you", "public": "0", "once": found[1]}
    for some in ([1, 999], [1, 2, 999]):  # the first was cut off after half of them
        assert "There is no such ticket." in clerk.post("/tickets/bulk/note", ticket=some, **given).text
    assert [row.ticket_id for row in filled.rows(Note)] == [1, 2]
    other = clerk.post("/tickets/bulk/note", ticket=[1, 2], **{**given, "text": "You all"})
    assert (other.status_code, "Send it again to write one more note" in other.text) == (422, True)
    assert len(filled.rows(Note)) == 2


def test_many_tickets_are_given_to_somebody_once_however_often_that_is_sent(filled: Desk, clerk: Reader) -> None:
    for account in (COBBLER, COBBLER, CLERK):
        assert clerk.post("/tickets/bulk/assign", ticket=[1], account=account.id, once="a" * 32).status_code == 303
    given = [row.data for row in filled.rows(JournalEntry, JournalEntry.command == "tickets.edit")]
    assert len(given) == 2
    assert filled.rows(Ticket, Ticket.id == 1)[0].assignee_id == CLERK.id


def test_many_tickets_are_assigned(filled: Desk, clerk: Reader) -> None:
    answer = clerk.post("/tickets/bulk/assign", ticket=[1], account=COBBLER.id, back="//evil.example")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tickets")
    assert filled.rows(Ticket, Ticket.id == 1)[0].assignee_id == COBBLER.id
    answer = clerk.post("/tickets/bulk/assign", ticket=[1], account="")
    assert (answer.status_code, "Choose somebody." in answer.text) == (422, True)
    answer = clerk.post("/tickets/bulk/note", ticket=list(range(1, 300)), text="x")
    assert answer.status_code == 422


def test_nothing_is_done_without_the_session_s_token(filled: Desk, clerk: Reader) -> None:
    for place in ("/tickets/bulk/note", "/tickets/bulk/assign", "/views"):
        answer = clerk.client.post(place, data={"ticket": 1, "text": "x", "name": "x"}, headers=HERE)
        assert answer.status_code == 403
    assert filled.rows(Note) == []
