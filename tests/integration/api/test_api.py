"""The API on a real database: a ticket's life, who sees what, retries, and who operates."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.people import tokens
from engine.domain.actors import SYSTEM
from tests.integration.api.conftest import API, PASSWORD, World


def opened(world: World) -> int:
    answer = world.rider("POST", "/tickets", {"package": "workshop", "subject": "Brake", "text": "It squeaks"})
    assert answer.status_code == 201, answer.text
    return int(answer.json["id"])


def test_a_tickets_life(world):
    ticket = opened(world)
    assert world.rider("GET", f"/tickets/{ticket}").json["number"] == "R-0001"
    task = world.mechanic("GET", "/user-tasks?box=claimable").json["items"][0]
    assert task["ticket"] == ticket
    shown = world.mechanic("GET", f"/user-tasks/{task['id']}").json
    assert shown["form"]["components"]
    wrong = world.mechanic("POST", f"/user-tasks/{task['id']}/complete", {"data": {"nonsense": 1}})
    assert wrong.status_code == 422
    assert "nonsense" in wrong.json["errors"]
    assert world.mechanic("POST", f"/user-tasks/{task['id']}/claim").json["assignee"] == world.mechanic.account
    assert world.mechanic("POST", f"/user-tasks/{task['id']}/release").json["assignee"] is None
    done = world.mechanic("POST", f"/user-tasks/{task['id']}/complete", {"data": _data(shown["form"])})
    assert (done.status_code, done.json["ended"]) == (200, True), done.text
    again = world.mechanic("POST", f"/user-tasks/{task['id']}/complete", {"data": _data(shown["form"])})
    assert again.status_code == 409
    after = world.rider("GET", f"/tickets/{ticket}").json
    assert (after["status"], after["status_kind"], after["turn"]) == ("ready", "closed", "nobody")
    kinds = {entry["kind"] for entry in world.mechanic("GET", f"/tickets/{ticket}/journal?limit=200").json["items"]}
    assert {"command", "element_entered", "user_task_opened", "ticket_changed"} <= kinds


def _data(form: dict[str, Any]) -> dict[str, Any]:
    """Something acceptable for each field that is asked for."""
    values = {"textfield": "new pads", "textarea": "new pads", "number": 1, "checkbox": True}
    return {part["key"]: values[part["type"]] for part in form["components"] if part["type"] in values}


def test_notes_are_for_whom_they_are_meant(world):
    ticket = opened(world)
    assert world.mechanic("POST", f"/tickets/{ticket}/notes", {"text": "Soon.", "expects": "nobody"}).status_code == 201
    internal = world.mechanic("POST", f"/tickets/{ticket}/notes", {"text": "Old bike.", "public": False})
    assert internal.status_code == 201, internal.text
    assert [note["text"] for note in world.rider("GET", f"/tickets/{ticket}/notes").json["items"]] == ["Soon."]
    assert len(world.mechanic("GET", f"/tickets/{ticket}/notes").json["items"]) == 2


def test_a_ticket_is_watched_and_its_people_are_told_to_staff(world):
    ticket = opened(world)
    (first, *_) = world.mechanic("GET", f"/tickets/{ticket}/people").json["items"]
    assert (first["reason"], first["kind"]) == ("requester", "customer")
    assert world.rider("GET", f"/tickets/{ticket}/people").status_code == 404
    me = world.mechanic("GET", f"/tickets/{ticket}/people").json["items"]
    mechanic = world.mechanic.account
    assert world.mechanic("PUT", f"/tickets/{ticket}/people/{mechanic}").status_code == 204
    watching = world.mechanic("GET", f"/tickets/{ticket}/people").json["items"]
    assert [one["reason"] for one in watching if one["account"] == mechanic] == ["watcher"]
    assert world.mechanic("DELETE", f"/tickets/{ticket}/people/{mechanic}").status_code == 204
    assert world.mechanic("GET", f"/tickets/{ticket}/people").json["items"] == me


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(world):
    ticket = opened(world)
    before = world.admin("GET", f"/tickets/{ticket}").json["subject"]
    change = {"subject": "Mine", "seen": {"subject": before}}
    assert world.admin("PATCH", f"/tickets/{ticket}", change).status_code == 200
    again = world.admin("PATCH", f"/tickets/{ticket}", {"subject": "Theirs", "seen": {"subject": before}})
    assert again.status_code == 409
    assert world.admin("GET", f"/tickets/{ticket}").json["subject"] == "Mine"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/tickets/{}", None),
        ("PATCH", "/tickets/{}", {"subject": "x"}),
        ("GET", "/tickets/{}/journal", None),
        ("GET", "/tickets/{}/notes", None),
        ("POST", "/tickets/{}/notes", {"text": "x"}),
        ("GET", "/tickets/{}/actions", None),
        ("POST", "/tickets/{}/actions/withdraw", {}),
        ("GET", "/tickets/{}/instances", None),
    ],
)
def test_a_foreign_ticket_and_a_missing_one_get_the_same_body(world, method, path, body):
    foreign, missing = path.format(opened(world)), path.format(999_999)
    answers = [world.stranger(method, one, body) for one in (foreign, missing)]
    assert [answer.status_code for answer in answers] == [404, 404]
    first, second = ({**answer.json, "instance": ""} for answer in answers)
    assert first == second


def test_lists_show_only_what_is_visible_and_come_in_pages(world):
    ids = [opened(world) for _ in range(3)]
    assert world.stranger("GET", "/tickets").json["items"] == []
    assert world.stranger("GET", "/user-tasks").json["items"] == []
    first = world.rider("GET", "/tickets?limit=2&sort=opened_at").json
    second = world.rider("GET", f"/tickets?limit=2&sort=opened_at&cursor={first['next']}").json
    assert [ticket["id"] for page in (first, second) for ticket in page["items"]] == ids
    assert second["next"] is None
    assert world.rider("GET", "/tickets?text=R-0002").json["items"][0]["id"] == ids[1]
    assert world.rider("GET", "/tickets?status=ready").json["items"] == []
    assert world.rider("GET", "/tickets?cursor=nonsense").status_code == 422


def test_a_key_makes_a_retry_safe(world):
    body = {"package": "workshop", "subject": "Chain"}
    headers = {"Idempotency-Key": "one"}
    first = world.rider("POST", "/tickets", body, headers=headers)
    again = world.rider("POST", "/tickets", body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert first.headers["Location"] == again.headers["Location"] == f"{API}/tickets/{first.json['id']}"
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(world.rider("GET", "/tickets").json["items"]) == 1
    other = world.rider("POST", "/tickets", {**body, "subject": "Bell"}, headers=headers)
    assert other.status_code == 422
    assert world.stranger("POST", "/tickets", body, headers=headers).status_code == 201
    bad = world.rider("POST", "/tickets", body, headers={"Idempotency-Key": "x" * 201})
    assert bad.status_code == 422


def test_an_answer_without_a_body_is_repeated_as_such(world):
    spare = tokens.create(world.engine, SYSTEM, account_id=world.rider.account)
    path = f"/tokens/{spare.id}"
    answers = [world.rider("DELETE", path, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert [(answer.status_code, answer.data) for answer in answers] == [(204, b"")] * 2
    assert answers[1].headers["Idempotency-Replayed"] == "true"


def test_a_refused_request_keeps_no_key(world):
    headers = {"Idempotency-Key": "one"}
    assert world.rider("POST", "/tickets", {"package": "nothing", "subject": "x"}, headers=headers).status_code == 404
    good = world.rider("POST", "/tickets", {"package": "workshop", "subject": "x"}, headers=headers)
    assert good.status_code == 201


@pytest.mark.parametrize("subject", ["a\nb", "a\r\nBcc: x@example.com", "a\x1b[2J", "a\u2028b", "a\x85b"])
def test_a_subject_is_one_line(world, subject):
    refused = world.rider("POST", "/tickets", {"package": "workshop", "subject": subject})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["subject"])


def test_messages_are_buffered_where_nobody_waits(world):
    message = {"package": "workshop", "name": "parts", "key": "1", "data": {"n": 1}}
    assert world.admin("POST", "/messages", message).json == {"outcome": "buffered"}
    assert world.rider("POST", "/messages", message).status_code == 403
    assert "key" in world.admin("POST", "/messages", {"package": "workshop", "name": "parts"}).json["errors"]


def test_an_instance_is_cancelled_by_who_operates(world):
    ticket = opened(world)
    instance = world.mechanic("GET", f"/tickets/{ticket}/instances").json["items"][0]
    body = {"reason": "double"}
    assert world.stranger("POST", f"/instances/{instance['id']}/cancel", body).status_code == 404
    assert world.mechanic("POST", f"/instances/{instance['id']}/cancel", body).status_code == 403
    done = world.admin("POST", f"/instances/{instance['id']}/cancel", body)
    assert (done.status_code, done.json["outcome"]) == (200, "cancelled")


def test_operators_see_incidents_jobs_and_mails(world):
    opened(world)
    for path in ("/incidents", "/jobs", "/mails"):
        assert world.admin("GET", path).status_code == 200
        assert world.stranger("GET", path).json["items"] == []
    assert world.admin("GET", "/incidents/1").status_code == 404
    assert world.admin("POST", "/incidents/1/retry", {}).status_code == 404


def test_people_are_managed_by_who_may(world):
    company = world.admin("POST", "/companies", {"name": "Third"}).json
    new = {"email": "new@example.com", "name": "New", "kind": "customer", "company": company["id"]}
    made = world.admin("POST", "/accounts", new)
    assert made.status_code == 201, made.text
    assert world.admin("POST", "/accounts", new).status_code == 409
    account = made.json["id"]
    roles = {"roles": {"rider": []}}
    changed = world.admin("PUT", f"/accounts/{account}/memberships/workshop", roles)
    assert [member["role"] for member in changed.json["memberships"]] == ["rider"]
    assert world.admin("POST", f"/accounts/{account}/disable").json["active"] is False
    assert world.admin("POST", f"/accounts/{account}/enable").json["active"] is True
    assert world.admin("PUT", f"/accounts/{account}/password", {"password": PASSWORD}).status_code == 204
    assert world.admin("GET", "/accounts?text=New").json["items"][0]["id"] == account
    assert world.admin("PATCH", f"/companies/{company['id']}", {"active": False}).json["active"] is False
    assert world.mechanic("GET", "/accounts").status_code == 403
    assert world.mechanic("GET", "/accounts/me").json["email"] == "mechanic@example.com"
