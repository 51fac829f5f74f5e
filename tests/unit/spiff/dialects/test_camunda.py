"""What the Camunda Modeler writes for Camunda 7 deploys as it is, and runs to its end."""

from __future__ import annotations

import pytest

from tests.unit.spiff.dialects.running import elements, files, run


def test_forms_lanes_conditions_and_scripts() -> None:
    asked = {"complete": "Activity_Describe", "data": {"amount": 90}}
    started = {"start": "purchase-approval", "variables": {"requester": "4", "limit": 100}}
    drawn = files("camunda", "approval.bpmn")
    unsure = {"complete": "Activity_Approve", "data": {"answer": "perhaps"}}
    found = run(drawn, started, asked, unsure, asked, {"complete": "Activity_Approve", "data": {"answer": "yes"}})
    assert found["status"] == "completed"
    assert (found["variables"]["order"], found["variables"]["checked_share"]) == ("O-90", 0.9)
    assert "share" not in found["variables"]
    assert elements(found).count("Activity_Describe") == 2
    refused = run(drawn, started, asked, {"complete": "Activity_Approve", "data": {"answer": "no"}})
    assert elements(refused)[-1] == "Event_Refused"


@pytest.mark.parametrize(
    ("events", "reminders", "end"),
    [
        ([{"advance": "PT3H"}, {"complete": "Activity_Write"}, {"message": "offer accepted"}, {"advance": "P300D"}],
         2, "Event_Won"),
        ([{"complete": "Activity_Write"}, {"message": "offer withdrawn"}], 0, "Event_Lost"),
        ([{"complete": "Activity_Write"}, {"advance": "P7D"}], 0, "Event_Lost"),
        ([{"advance": "P1D"}], 2, "Event_GivenUp"),
    ],
)  # fmt: skip
def test_timers_and_messages(events: list[dict[str, object]], reminders: int, end: str) -> None:
    started = {"start": "offer-follow-up", "variables": {"reminders": 0, "patience": "P7D"}}
    found = run(files("camunda", "waiting.bpmn"), started, *events)
    assert (found["status"], found["variables"]["reminders"], elements(found)[-1]) == ("completed", reminders, end)


def test_decisions_jobs_and_errors() -> None:
    drawn = files("camunda", "jobs.bpmn", "risk.dmn")
    started = {"start": "payment", "variables": {"amount": 80}}
    paid = run(drawn, started, {"job": "Activity_Charge", "result": {"id": 7}})
    assert paid["status"] == "completed"
    assert paid["thrown"] == [{"message": "paid", "key": "", "data": {}}]
    assert paid["variables"] == {
        "amount": 80, "risk": "low", "fees": [2, 5], "rated": {"level": "low"}, "listed": [{"level": "low"}],
        "charged": {"id": 7}, "receipt": 8, "state": "paid",
    }  # fmt: skip
    refused = run(drawn, started, {"job": "Activity_Charge", "error": "REFUSED", "fails": "no money"})
    assert (refused["variables"]["code"], refused["variables"]["reason"]) == ("REFUSED", "no money")
    assert elements(refused)[-1] == "Event_NotPaid"
    assert elements(run(drawn, started, {"job": "Activity_Charge", "fails": "down"}))[-1] == "Event_Later"


def test_calls_and_several_instances() -> None:
    variables = {"customer": "Ada", "total": 60, "names": ["Bob", "nobody"], "items": ["1", "2", "3"]}
    found = run(
        files("camunda", "calls.bpmn", "check-customer.bpmn"),
        {"start": "order", "variables": variables},
        *({"complete": "Activity_PackItem"} for _ in range(2)),
        *({"complete": "Activity_Sign"} for _ in range(2)),
    )
    assert found["status"] == "completed"
    assert elements(found, "cancelled") == ["Activity_Pack", "Activity_PackItem"]
    given = {"customer_known": True, "large": True, "known": False, "checked": "nobody"}
    assert found["variables"] == variables | given


def test_events_of_every_kind() -> None:
    found = run(
        files("camunda", "events.bpmn"),
        {"start": "incident-handling", "variables": {"machine": "M1", "cost": 4, "temperature": 60}},
        {"message": "measured", "data": {"temperature": 50}},
        {"complete": "Activity_Try"},
        {"complete": "Activity_Finish", "data": {"repaired": False}},
        {"message": "measured", "data": {"temperature": 20}},
    )
    assert found["status"] == "completed"
    assert found["thrown"] == [{"signal": "over", "data": {"what": "M1", "cost": 5}}, {"signal": "over", "data": {}}]
    told = {key: found["variables"][key] for key in ("escalated", "code", "why")}
    assert told == {"escalated": "HELP", "code": "BROKEN", "why": "It can't be repaired"}
    assert {"Activity_Phone", "Event_ToReplace", "Event_FromReplace", "Activity_Replace"} <= set(elements(found))


def test_gateways_data_objects_and_pools() -> None:
    found = run(
        files("camunda", "trip.bpmn"),
        {"start": "trip", "variables": {"far": True, "days": 3, "trip": "T9"}},
        {"complete": "Activity_Hotel"},
        {"complete": "Activity_Flight", "data": {"DataObject_Tickets": 2}},
        {"message": "trip answer", "key": "another", "data": {"ok": False}},
        {"message": "trip answer", "key": "T9", "data": {"ok": True}},
    )
    assert (found["status"], found["variables"]["ok"]) == ("completed", True)
    assert found["thrown"] == [{"message": "trip request", "key": "T9", "data": {"days": 3}}]
    home = run(files("camunda", "trip.bpmn"), {"start": "trip", "variables": {"far": False, "days": None, "trip": "T"}})
    assert "Activity_Stay" in elements(home)


def test_what_the_modeler_adds_for_itself_changes_nothing() -> None:
    """Colours, templates, labels, documentation, how the engine of Camunda is to go about it."""
    looked = {"complete": "Activity_0looked1", "data": {"pairs": 11}}
    again = {"complete": "Activity_0looked1", "data": {"pairs": 5}}
    found = run(files("camunda", "returns.bpmn"), {"start": "returns"}, looked, again)
    assert (found["status"], found["variables"]["last"]) == ("completed", "R-6-many")
