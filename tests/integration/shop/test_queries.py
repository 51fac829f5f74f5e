"""Who sees what, in which order, and for how many statements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from engine.commands import notes
from engine.domain.actors import SYSTEM
from engine.domain.errors import Forbidden, Invalid, NotFound
from engine.queries import actions, instances, journal, tickets, user_tasks
from engine.queries import notes as note_reads
from engine.queries.operations import incidents, outbox
from engine.queries.packages import versions as packages
from engine.storage.tables import Involvement, Ticket, UserTaskGroup
from tests.support.partner import Partner
from tests.support.shop import Counted, Shop


@pytest.fixture
def three(shop: Shop, partner: Partner) -> list[int]:
    """Tickets of Anna (bikes), Aldo (boats, same company) and Bruno (another one), each waiting at `check`."""
    ids = [shop.order(f"{who}'s", who) for who in ("anna", "aldo", "bruno")]
    for ticket, department in zip(ids, ["bikes", "boats", "bikes"], strict=True):
        with shop.engine.database.begin() as tx:
            fields = {"price": 5, "margin": 2}
            tx.execute(update(Ticket).where(Ticket.id == ticket).values(department=department, fields=fields))
    shop.tick()
    return ids


def seen(shop: Shop, who: str, **filters: Any) -> list[str]:
    return [ticket.subject for ticket in tickets.listed(shop.engine, shop[who], sort="number", **filters).items]


def test_roles_say_who_sees_which_tickets(shop: Shop, three: list[int]) -> None:
    assert seen(shop, "boss") == ["anna's", "aldo's", "bruno's"]
    assert seen(shop, "mechanic") == ["anna's", "bruno's"]
    assert seen(shop, "anna") == seen(shop, "aldo") == ["anna's", "aldo's"]
    assert seen(shop, "bruno") == ["bruno's"]
    assert seen(shop, "stranger") == []


def test_whoever_is_involved_sees_it(shop: Shop, three: list[int]) -> None:
    with shop.engine.database.begin() as tx:
        row = {"ticket_id": three[1], "account_id": shop["stranger"].id, "reason": "watcher", "since": shop.clock()}
        tx.execute(Involvement.__table__.insert().values(row))
    assert seen(shop, "stranger") == ["aldo's"]
    assert tickets.one(shop.engine, shop["stranger"], three[1]).subject == "aldo's"


READS: list[Callable[[Shop, Any, int], Any]] = [
    lambda shop, who, ticket: tickets.one(shop.engine, who, ticket),
    lambda shop, who, ticket: note_reads.of_ticket(shop.engine, who, ticket),
    lambda shop, who, ticket: journal.of_ticket(shop.engine, who, ticket),
    lambda shop, who, ticket: instances.of_ticket(shop.engine, who, ticket),
    lambda shop, who, ticket: actions.offered(shop.engine, who, ticket),
]


@pytest.mark.parametrize("read", READS, ids=["ticket", "notes", "journal", "instances", "actions"])
def test_foreign_and_missing_are_alike(shop: Shop, three: list[int], read: Callable[[Shop, Any, int], Any]) -> None:
    told = set()
    for ticket in (three[0], 999):
        with pytest.raises(NotFound) as raised:
            read(shop, shop["bruno"], ticket)
        told.add(str(raised.value))
    assert len(told) == 1
    read(shop, shop["boss"], three[0])


def test_customers_see_no_staff_fields_no_internal_notes_and_no_journal(shop: Shop, three: list[int]) -> None:
    ticket = three[0]
    notes.add(shop.engine, ticket, shop["boss"], "between us", public=False)
    notes.add(shop.engine, ticket, shop["boss"], "for all", public=True)
    assert tickets.one(shop.engine, shop["anna"], ticket).fields == {"price": 5}
    assert tickets.one(shop.engine, shop["mechanic"], ticket).fields == {"price": 5, "margin": 2}
    theirs = note_reads.of_ticket(shop.engine, shop["anna"], ticket).items
    ours = note_reads.of_ticket(shop.engine, shop["mechanic"], ticket).items
    assert [note.text for note in theirs] == ["for all"]
    assert [(note.text, note.author_name) for note in ours] == [("between us", "Boss"), ("for all", "Boss")]
    with pytest.raises(NotFound):
        note_reads.one(shop.engine, shop["anna"], ours[0].id)
    with pytest.raises(Forbidden):
        journal.of_ticket(shop.engine, shop["anna"], ticket)


def test_user_tasks_are_shown_to_who_may_take_them_and_to_staff(shop: Shop, three: list[int]) -> None:
    def boxes(who: str) -> list[int]:
        return [
            len(user_tasks.listed(shop.engine, shop[who], box=box).items)  # type: ignore[arg-type]
            for box in ("all", "claimable", "mine")
        ]

    assert boxes("boss") == [3, 3, 0]
    assert boxes("mechanic") == [2, 0, 0]
    assert boxes("anna") == [0, 0, 0]
    task = user_tasks.listed(shop.engine, shop["boss"], ticket=three[0]).items[0]
    assert (task.groups, task.ticket_subject) == (["boss"], "anna's")
    assert user_tasks.one(shop.engine, shop["boss"], task.id).form is None
    with pytest.raises(NotFound):
        user_tasks.one(shop.engine, shop["anna"], task.id)


def test_who_may_decide_acts_for_the_requester(shop: Shop, three: list[int]) -> None:
    requester = f"account:{shop['anna'].id}"
    with shop.engine.database.begin() as tx:
        tx.execute(update(UserTaskGroup).where(UserTaskGroup.group == "boss").values(group=requester))
    for who, count in [("boss", 1), ("anna", 3), ("aldo", 0), ("mechanic", 0)]:
        found = user_tasks.listed(shop.engine, shop[who], box="claimable").items
        assert len(found) == count
    assert len(user_tasks.listed(shop.engine, shop["anna"]).items) == 3


def test_operations_are_for_who_operates(shop: Shop, three: list[int]) -> None:
    assert len(outbox.jobs(shop.engine, shop["boss"]).items) == 6
    for who in ("mechanic", "anna", "stranger"):
        assert outbox.jobs(shop.engine, shop[who]).items == []
        assert outbox.mails(shop.engine, shop[who]).items == []
        assert incidents.listed(shop.engine, shop[who]).items == []


def test_packages_are_shown_to_their_people(shop: Shop) -> None:
    assert [package.id for package in packages.listed(shop.engine, shop["anna"])] == ["shop"]
    assert packages.listed(shop.engine, shop["stranger"]) == []
    assert packages.one(shop.engine, shop["anna"], "shop").files == []
    assert "order.bpmn" in packages.one(shop.engine, shop["boss"], "shop").files
    assert [version.version for version in packages.versions(shop.engine, shop["boss"], "shop")] == [1]
    assert packages.file(shop.engine, SYSTEM, "shop", 1, "mail/ready.txt").startswith(b"Subject")
    assert len(packages.files(shop.engine, shop["boss"], "shop", 1)) == 6
    for read in (packages.versions, packages.one):
        with pytest.raises(NotFound):
            read(shop.engine, shop["stranger"], "shop")
    with pytest.raises(NotFound):
        packages.versions(shop.engine, shop["anna"], "shop")


@pytest.mark.parametrize("sort", ["number", "-number", "opened_at", "-opened_at", "changed_at", "-changed_at"])
def test_pages_follow_one_another_without_gap_or_repetition(shop: Shop, sort: str) -> None:
    for number in range(7):
        shop.order(f"no. {number}")
        if number % 2:
            shop.clock.advance(minutes=1)
    found: list[str] = []
    cursor = None
    while True:
        page = tickets.listed(shop.engine, shop["boss"], limit=3, cursor=cursor, sort=sort)
        found += [ticket.subject for ticket in page.items]
        cursor = page.next
        if cursor is None:
            break
    wanted = [f"no. {number}" for number in range(7)]
    assert found == (wanted[::-1] if sort.startswith("-") else wanted)


def test_user_tasks_by_deadline(shop: Shop, three: list[int]) -> None:
    first = user_tasks.listed(shop.engine, shop["boss"], sort="deadline", limit=2)
    rest = user_tasks.listed(shop.engine, shop["boss"], sort="deadline", limit=2, cursor=first.next)
    assert [task.ticket for task in [*first.items, *rest.items]] == three


def test_filters_and_text(shop: Shop, three: list[int]) -> None:
    assert seen(shop, "boss", department="bikes") == ["anna's", "bruno's"]
    assert seen(shop, "boss", requester=shop["aldo"].id) == ["aldo's"]
    assert seen(shop, "boss", status="done") == []
    assert seen(shop, "boss", text="AL") == ["aldo's"]
    assert seen(shop, "boss", text="s-003") == ["bruno's"]
    assert seen(shop, "boss", text="_") == []
    assert seen(shop, "boss", package="other") == []


@pytest.mark.parametrize(
    "given",
    [
        {"cursor": "nonsense"},
        {"cursor": "WzFd"},
        {"cursor": "W3siYXQiOiAiMjAyNi0wMS0wMSJ9LCAxXQ"},
        {"cursor": "\udcff"},
        {"sort": "colour"},
        {"colour": "red"},
    ],
)
def test_what_is_no_list_is_refused(shop: Shop, given: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        tickets.listed(shop.engine, shop["boss"], **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "cursor",
    [
        "WyJhIiwgImIiXQ", "W3sieCI6IDF9LCAxXQ", "WzEsIDIsIDNd", "W251bGwsIDFd", "WzEuNSwgMV0",
        # instants that exist with their offset, but not in UTC
        "W3siYXQiOiAiMDAwMS0wMS0wMVQwMDowMDowMCsxNDowMCJ9LCAxXQ",
        "W3siYXQiOiAiOTk5OS0xMi0zMVQyMzo1OTo1OS0xNDowMCJ9LCAxXQ",
    ],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["number", "changed_at"])
def test_a_cursor_of_another_list_is_refused(shop: Shop, cursor: str, sort: str) -> None:
    with pytest.raises(Invalid):
        tickets.listed(shop.engine, shop["boss"], cursor=cursor, sort=sort)


def test_a_list_costs_the_same_however_long(shop: Shop, three: list[int]) -> None:
    reads: list[Callable[[], Any]] = [
        lambda: tickets.listed(shop.engine, shop["boss"]),
        lambda: user_tasks.listed(shop.engine, shop["boss"]),
        lambda: incidents.listed(shop.engine, shop["boss"]),
        lambda: outbox.jobs(shop.engine, shop["boss"]),
        lambda: outbox.mails(shop.engine, shop["boss"]),
    ]

    def costs() -> list[int]:
        found = []
        for read in reads:
            with Counted(shop.engine.database) as counted:
                read()
            found.append(len(counted.statements))
        return found

    # one says which packages the reader is in; of tickets one whether many are seen, and one which come first
    assert costs() == [4, 2, 2, 2, 2]
    for _ in range(5):
        shop.order()
    shop.tick()
    assert costs() == [4, 2, 2, 2, 2]
    with Counted(shop.engine.database) as counted:
        tickets.one(shop.engine, shop["anna"], three[0])
    assert len(counted.statements) == 3


def test_whose_turn_it_is(shop: Shop, three: list[int]) -> None:
    ticket = tickets.one(shop.engine, shop["anna"], three[0])
    assert (ticket.status, ticket.status_kind, ticket.turn) == ("working", "waiting_us", "staff")
    assert (ticket.requester_name, ticket.company_name) == ("Anna", "Red")
