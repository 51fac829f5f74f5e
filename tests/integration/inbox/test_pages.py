"""The inbox's addresses: who gets what, what scripts are answered, and how many statements a page takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.commands import user_tasks
from engine.queries.people import drafts
from engine.storage.tables import Draft
from tests.integration.conftest import Desk
from tests.support.desk import CLERK, COBBLER, OWNER, STRANGER
from tests.support.statements import counting

MOST_STATEMENTS = 15


@pytest.fixture
def task(desk: Desk) -> int:
    """An open user task for clerks."""
    return int(desk.task(desk.open()).id)


def test_customers_have_no_inbox_and_strangers_no_foreign_user_task(desk: Desk, visitor: Callable, task: int) -> None:
    assert visitor(OWNER).page("/inbox").status_code == 404
    foreign = visitor(COBBLER).page(f"/inbox/{task}")
    missing = visitor(COBBLER).page("/inbox/4711")
    assert foreign.status_code == missing.status_code == 404
    for act in ("claim", "release", "hand-over"):
        assert visitor(STRANGER).press(f"/user-tasks/{task}/{act}", to=4).status_code == 404
    assert visitor(STRANGER).sends(f"/user-tasks/{task}/complete", {"data": {"pairs": 1}}).status_code == 404
    assert desk.task(1).assignee_id is None


@pytest.mark.parametrize("path", ["/inbox", "/inbox/{task}", "/inbox/list?chosen={task}", "/inbox?text=heel&due=late"])
def test_a_page_takes_few_statements_however_much_there_is(desk: Desk, visitor: Callable, task: int, path: str) -> None:
    clerk = visitor(CLERK)
    address = path.format(task=task)

    def cost() -> int:
        with counting(desk.database) as counted:
            assert clerk.page(address).status_code == 200
        assert len(counted) <= MOST_STATEMENTS, counted.statements
        return len(counted)

    cost()
    before = cost()
    for _ in range(5):
        desk.open()
    assert cost() == before


def test_a_list_that_would_look_the_same_is_not_sent_again(desk: Desk, visitor: Callable, task: int) -> None:
    clerk = visitor(CLERK)
    first = clerk.page("/inbox/list")
    etag = first.headers["ETag"]
    assert clerk.page("/inbox/list", **{"If-None-Match": etag}).status_code == 304
    desk.clock.advance(minutes=1)  # time left is told by the minute
    assert clerk.page("/inbox/list", **{"If-None-Match": etag}).status_code == 200
    later = clerk.page("/inbox/list").headers["ETag"]
    user_tasks.claim(desk.engine, task, CLERK)
    assert clerk.page("/inbox/list", **{"If-None-Match": later}).status_code == 200


def test_claiming_by_button_leads_back_to_the_user_task_and_by_script_tells_where(
    desk: Desk, visitor: Callable, task: int
) -> None:
    clerk = visitor(CLERK)
    answer = clerk.press(f"/user-tasks/{task}/claim?box=claimable&text=heel")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/inbox/{task}?box=claimable&text=heel")
    assert desk.task(1).assignee_id == CLERK.id
    answer = clerk.press(f"/user-tasks/{task}/release", next="/tickets/1")
    assert answer.headers["Location"] == "/tickets/1"
    answer = clerk.press(f"/user-tasks/{task}/claim", next="//evil.example")
    assert answer.headers["Location"] == f"/inbox/{task}"
    assert clerk.sends(f"/user-tasks/{task}/release").json == {"next": f"/inbox/{task}"}


def test_completing_gives_the_next_and_forgets_the_draft(desk: Desk, visitor: Callable, task: int) -> None:
    clerk = visitor(CLERK)
    other = desk.task(desk.open()).id
    assert clerk.sends(f"/drafts/user-task:{task}", {"pairs": 2}).status_code == 200
    answer = clerk.sends(f"/user-tasks/{task}/complete?element=look", {"data": {"pairs": 2}})
    assert (answer.status_code, answer.json) == (200, {"next": f"/inbox/{other}?element=look"})
    assert "iter_said" in answer.headers["Set-Cookie"]
    assert desk.rows(Draft) == []
    answer = clerk.sends(f"/user-tasks/{other}/complete?element=look", {"data": {"pairs": 2}})
    assert answer.json == {"next": "/inbox?element=look"}


def test_what_is_refused_is_told_by_field_and_the_draft_stays(desk: Desk, visitor: Callable, task: int) -> None:
    clerk = visitor(CLERK)
    clerk.sends(f"/drafts/user-task:{task}", {"pairs": -2})
    answer = clerk.sends(f"/user-tasks/{task}/complete", {"data": {"pairs": -2}})
    assert (answer.status_code, answer.json["errors"]) == (422, {"pairs": ["Not less than 0."]})
    assert drafts.of(desk.engine, CLERK, f"user-task:{task}")
    for body in ([], {"data": []}, {}, {"data": None}):
        assert clerk.sends(f"/user-tasks/{task}/complete", body).status_code in (400, 422)


def test_sent_twice_under_one_key_it_is_done_once_and_answered_alike(desk: Desk, visitor: Callable, task: int) -> None:
    clerk = visitor(CLERK)
    key = {"Idempotency-Key": "k1"}
    answers = [clerk.sends(f"/user-tasks/{task}/complete", {"data": {"pairs": 2}}, **key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert desk.task(1).element == "mend"


def test_who_comes_too_late_is_told_who_was_quicker_with_what(desk: Desk, visitor: Callable, task: int) -> None:
    clerk = visitor(CLERK)
    at = desk.clock.advance(minutes=3)
    desk.complete(1, pairs=2)
    answer = clerk.sends(f"/user-tasks/{task}/complete", {"data": {"pairs": 3}})
    assert answer.status_code == 409
    assert answer.json["told"].startswith("You have completed this already: ")
    assert answer.json["values"] == [["Pairs", "2"]]
    page = clerk.page(f"/inbox/{task}")
    assert "You have completed this already" in page.text
    assert at.isoformat() in page.text or "9:03" in page.text


def test_what_another_has_claimed_is_told_by_name(desk: Desk, visitor: Callable, task: int) -> None:
    from sqlalchemy import update

    from engine.storage.tables import UserTask

    with desk.database.begin() as tx:
        tx.execute(update(UserTask).values(assignee_id=COBBLER.id, offered=False))
    clerk = visitor(CLERK)
    for act in ("complete", "claim"):
        answer = clerk.sends(f"/user-tasks/{task}/{act}", {"data": {"pairs": 3}})
        assert (answer.status_code, answer.json["told"]) == (409, "Colin has it now.")
    page = clerk.page(f"/inbox/{task}")
    assert "Colin" in page.text
    assert "data-form-send" not in page.text


def test_a_step_that_fails_says_so_and_the_user_task_stays_open(desk: Desk, visitor: Callable, task: int) -> None:
    answer = visitor(CLERK).sends(f"/user-tasks/{task}/complete", {"data": {"pairs": 0}}, **{"Idempotency-Key": "k"})
    assert answer.status_code == 409
    assert "Nothing was lost" in answer.json["detail"]
    assert desk.task(1).id == task


def test_who_is_signed_in_is_told_to_themselves_alone(visitor: Callable) -> None:
    clerk = visitor(CLERK)
    answer = clerk.client.get("/session.json", headers={"Accept": "application/json"})
    assert answer.json == {"account": CLERK.id, "name": "Clara", "csrf": clerk.csrf}
    clerk.client.delete_cookie("iter_session")
    assert clerk.client.get("/session.json", headers={"Accept": "application/json"}).status_code == 401


def test_an_address_that_means_nothing_shows_the_plain_inbox(visitor: Callable, task: int) -> None:
    clerk = visitor(CLERK)
    for query in ("?box=secret", "?cursor=nonsense", "?due=never", "?package=other", "?element=%00"):
        assert clerk.page(f"/inbox{query}").status_code == 200
