"""Operating over the API: the same commands and queries, told as JSON."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.commands.people import tokens
from engine.commands.stepping import StepKept
from engine.domain.actors import SYSTEM
from engine.storage.tables import Incident, Instance
from tests.integration.conftest import Desk
from tests.support.clients import client_of
from tests.support.desk import CLERK, COBBLER


class Caller:
    """Somebody with a token."""

    def __init__(self, desk: Desk, account_id: int) -> None:
        self._client: FlaskClient = client_of(desk.engine)
        secret = tokens.create(desk.engine, SYSTEM, account_id=account_id).secret
        self._headers = {"Authorization": f"Bearer {secret}"}

    def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self._client.open(f"/api/v1{path}", method=method, json=body, headers=self._headers)
        assert answer.status_code == status, answer.text
        return answer.json


@pytest.fixture
def clerk(divide: Desk) -> Caller:
    """Operates the desk."""
    return Caller(divide, CLERK.id)


def stuck(desk: Desk) -> tuple[Any, Any]:
    """The incident and the instance of a ticket whose script divides by zero."""
    with pytest.raises(StepKept):
        desk.complete(desk.open(), pairs=0)
    return desk.rows(Incident)[0], desk.rows(Instance)[0]


def test_an_incident_is_read_with_its_remedy_and_mended(divide: Desk, clerk: Caller) -> None:
    incident, _ = stuck(divide)
    found = clerk("GET", f"/incidents/{incident.id}")
    assert (found["cause"], found["label"], found["tries"], found["may_stay"]) == ("diagram", "Share out", 1, True)
    assert (found["event"], len(found["remedy"])) == ("user_task_completed", 3)
    given = {"variables": {"pairs": 3}, "instance_variables": {"stock": 30}}
    assert clerk("POST", f"/incidents/{incident.id}/retry", given)["state"] == "resolved"
    assert clerk("GET", "/incidents?cause=diagram")["items"] == []


def test_an_incident_is_left_with_a_reason(divide: Desk, clerk: Caller) -> None:
    incident, _ = stuck(divide)
    left = clerk("POST", f"/incidents/{incident.id}/resolve", {"reason": "The clerk answers again"})
    assert (left["state"], left["reason"]) == ("resolved", "The clerk answers again")


def test_an_instance_is_read_inside_and_its_variables_are_changed(divide: Desk, clerk: Caller) -> None:
    _, instance = stuck(divide)
    assert [row["id"] for row in clerk("GET", "/instances?state=troubled")["items"]] == [instance.id]
    inside = clerk("GET", f"/instances/{instance.id}")
    (token,) = inside["tokens"]
    assert (token["element"], token["waits"]) == ("say", "user_task")
    change = {"token": token["token"], "variables": {"stock": 9}, "reason": "Fewer came"}
    changed = clerk("PATCH", f"/instances/{instance.id}/variables", {**change, "revision": inside["revision"]})
    assert [(v["name"], v["text"]) for v in changed["scopes"][0]["variables"]] == [("stock", "9")]
    clerk("PATCH", f"/instances/{instance.id}/variables", {**change, "revision": inside["revision"]}, 409)


def test_counts_timers_and_messages_are_listed(divide: Desk, clerk: Caller) -> None:
    divide.complete(divide.open(), pairs=3)
    clerk("POST", "/messages", {"package": "desk", "name": "nobody", "key": "k"})
    found = clerk("GET", "/operations")
    assert (found["running"], found["timers"], found["messages_waiting"], found["worker_looks"]) == (1, 1, 1, False)
    assert [timer["label"] for timer in clerk("GET", "/timers")["items"]] == ["Late"]
    assert [message["name"] for message in clerk("GET", "/messages")["items"]] == ["nobody"]


def test_who_operates_nothing_reads_and_changes_nothing(divide: Desk) -> None:
    incident, instance = stuck(divide)
    other = Caller(divide, COBBLER.id)
    assert other("GET", "/operations")["incidents"] == 0
    assert other("GET", "/instances")["items"] == other("GET", "/timers")["items"] == []
    other("GET", f"/incidents/{incident.id}", status=404)
    other("GET", f"/instances/{instance.id}", status=404)
    other("POST", f"/incidents/{incident.id}/resolve", {"reason": "mine"}, 404)
