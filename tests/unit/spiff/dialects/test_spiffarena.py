"""What SpiffArena writes deploys as it is, and runs to its end."""

from __future__ import annotations

from typing import Any

from tests.unit.spiff.dialects.running import elements, files, run


def test_scripts_beside_elements_and_forms() -> None:
    ask, tell = (
        {"complete": "Activity_ask", "data": {"days": 30}},
        {"complete": "Activity_comment", "data": {"text": "!"}},
    )
    drawn = files("spiffarena", "request.bpmn")
    found = run(drawn, ask, tell, {"complete": "Activity_ask", "data": {"days": -15}}, tell)
    assert found["status"] == "completed"
    assert found["variables"] == {
        "days": -15, "days_left": 5, "suggested": -3, "comment": {"text": "!"}, "filed": ["us", "end"], "by": "us",
    }  # fmt: skip


def test_a_conversation_goes_on_with_the_key_that_was_sent() -> None:
    started = {"start": "send_invoice", "variables": {"customer_id": "ada", "po_number": 7, "net": 5}}
    answers = [
        {"message": "Approval result", "data": {"customer_id": who, "po_number": number, "ok": True}}
        for who, number in (("bob", 7), ("ada", 8), ("ada", 7))
    ]
    drawn = files("spiffarena", "invoice.bpmn")
    assert run(drawn, started, *answers[:2])["status"] == "waiting"
    found = run(drawn, started, *answers)
    assert found["status"] == "completed"
    assert found["thrown"] == [
        {"message": "Request approval", "key": '{"customer_id":"ada","po_number":"7"}',
         "data": {"customer": {"id": "ada"}, "po_number": 7, "amount": 10}},
    ]  # fmt: skip
    assert found["variables"]["the_answer"] == {"customer_id": "ada", "po_number": 7, "ok": True}


def test_a_message_goes_to_the_one_whose_variables_say_so() -> None:
    shops = [{"start": "Process_shop", "as": f"shop-{n}", "variables": {"number": n}} for n in (1, 2, 3)]
    sent = {"start": "Process_warehouse", "variables": {"shipped": 2}}
    told = run(files("spiffarena", "order.bpmn"), *shops, sent)["instances"]
    assert {name: told[name]["status"] for name in told} == {
        "shop-1": "waiting", "shop-2": "completed", "shop-3": "completed", "Process_warehouse": "completed",
    }  # fmt: skip
    assert told["shop-2"]["variables"]["parcel"] == {"order_id": 2, "parcel": "P2"}
    assert elements(told["shop-3"])[-1] == "Event_stopped"


def test_a_called_process_takes_and_gives_what_it_declares_else_everything() -> None:
    drawn = files("spiffarena", "caller.bpmn", "price.bpmn", "note.bpmn")
    found = run(drawn, {"start": "Process_caller", "variables": {"quantity": 2, "unit_price": 4, "other": 1}})
    assert found["variables"] == {
        "quantity": 3, "unit_price": 4, "other": 1, "price": 12, "total": 120, "note": "3 for 120",
    }  # fmt: skip


def test_a_called_process_that_lacks_an_input_is_an_incident() -> None:
    drawn = files("spiffarena", "caller.bpmn", "price.bpmn", "note.bpmn")
    found = run(drawn, {"start": "Process_caller", "variables": {"quantity": 2}})
    assert [incident["element"] for incident in found["incidents"]] == ["Activity_price"]
    assert "'unit_price'" in found["incidents"][0]["problem"]


def weather(*events: dict[str, Any]) -> dict[str, Any]:
    drawn = files("spiffarena", "weather.bpmn", "home.bpmn", "clothes.dmn")
    started = [{"start": "Process_weather", "variables": {"city": "Rome"}}, {"start": "Process_home"}]
    return run(drawn, *started, *events)


def test_services_decisions_and_payloads() -> None:
    cold = weather({"job": "Activity_get", "result": {"body": {"degrees": 3}}})
    assert cold["status"] == "completed"
    assert (cold["variables"]["clothes"], cold["variables"]["soaked"]) == ("coat", {"degrees": 3})
    assert cold["thrown"] == [{"signal": "home", "data": {"from": "Rome"}}]
    assert cold["instances"]["Process_home"]["variables"] == {"arrived": {"from": "Rome"}}
    warm = weather({"job": "Activity_get", "result": {"body": {"degrees": 25}}})
    assert warm["variables"]["wore"] == "shirt"
    assert "Event_happy" in elements(warm)


def test_a_script_after_a_service_that_fails_reaches_its_error_event() -> None:
    for failing in ({"result": {}}, {"fails": "down"}):
        found = weather({"job": "Activity_get", **failing})
        assert (found["status"], elements(found)[-1]) == ("completed", "Event_unknown")
        assert elements(found, "cancelled") == ["Activity_get"]


def test_instances_loops_timers_and_event_subprocesses() -> None:
    drawn = files("spiffarena", "survey.bpmn")
    started = {"start": "Process_survey", "variables": {"wait_for": "PT3H"}}
    answers = [{"complete": "Activity_ask", "data": {"answer": answer}} for answer in ("a", "b")]
    found = run(drawn, started, *answers, {"advance": "PT10M"}, {"advance": "PT3H"})
    assert found["status"] == "completed"
    assert elements(found).count("Event_reminded") == 2
    assert elements(found)[-1] == "Event_unread"
    told = {name: found["variables"][name] for name in ("asked", "answers", "counted")}
    assert told == {"asked": 2, "answers": ["A", "B"], "counted": 30}
    stopped = run(drawn, started, {"message": "Message_stop", "data": {"why": "no time"}})
    assert (stopped["status"], stopped["variables"]["stopped"]) == ("completed", {"why": "no time"})
