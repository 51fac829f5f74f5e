import json
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.domain import effects
from engine.domain.casework import Case, deadline_from, due_of, facts_of, open_user_task, settle
from engine.domain.effects import At, ClockStarted, ClockStopped, Goal, TicketChanged, TimerCancelled, TimerSet, Working
from engine.domain.errors import Invalid, StepFailed
from engine.domain.packages import Choice, Field, MailSettings, Package, Status
from engine.domain.policies import Policy, PolicyRow
from engine.domain.time.calendars import Calendar
from engine.domain.time.durations import parse_instant

ROME = ZoneInfo("Europe/Rome")
OFFICE = Calendar("office", "Europe/Rome", dict.fromkeys(range(5), ((time(8, 30), time(17, 30)),)), "IT")
PACKAGE = Package(
    id="shop", language="en", title={"en": "Shop"}, process="shop", time_zone="Europe/Rome", calendar="office",
    number="S-{sequence}", mail=MailSettings("shop@example.com"), calendars={"office": OFFICE},
    statuses={key: Status(key, "open", "#888888", {"en": key}) for key in ("open", "asking", "closed")},
    categories={"bug": Choice("bug", {"en": "Bug"})},
    fields={"agreed": Field("agreed", "date", {"en": "Agreed"})},
    lanes={"Front desk": ("pm", "agent@department", "requester", "assignee")},
)  # fmt: skip
POLICY = Policy(
    2,
    "F",
    (
        PolicyRow("repair", {"category": '"bug"'}, "PT3H", "office", pauses=("asking",), warning="PT1H"),
        PolicyRow("done", {}, "P20D", "office", "opening", ("asking",), not_before="agreed"),
    ),
    {"office": OFFICE},
)
WHERE: dict[str, Any] = {"id": "i.1.x.1", "token": 1, "element": "repairing"}


def at(text: str) -> datetime:
    return parse_instant(text, ROME)


def case(**fields: Any) -> Case:
    opened = at("2026-03-27T09:00")
    values = {"id": 7, "status": "open", "category": "bug", "department": "", "assignee": None, "requester": 5,
              "opened_at": opened, "status_since": opened, "status_seconds": {}, **fields}  # fmt: skip
    return Case(PACKAGE, POLICY, values)


def timer(due: effects.Due, token: int = 1) -> TimerSet:
    return TimerSet(id=f"i.{token}.t.1", token=token, element="waiting", due=due)


def changed(**fields: Any) -> TicketChanged:
    return TicketChanged(**WHERE, fields=fields)


STARTED = ClockStarted(**WHERE, goal="repair")


def test_a_clock_starts_and_timers_follow_it() -> None:
    it = case()
    settlement = settle(
        it, [timer(Goal("repair")), timer(Goal("repair", "warning"), 2), STARTED], at("2026-03-27T16:00")
    )
    assert settlement.dues == {1: at("2026-03-30T10:00"), 2: at("2026-03-30T09:00")}
    assert settlement.clocks == (it.clocks["repair"],)
    assert settlement.clocks[0].policy_version == 2
    assert settlement.rearm
    assert not settlement.ticket


def test_a_clock_that_runs_goes_on() -> None:
    it = case()
    settle(it, [STARTED], at("2026-03-27T16:00"))
    first = it.clocks["repair"]
    assert settle(it, [STARTED], at("2026-03-27T17:00")).clocks == ()
    assert it.clocks["repair"] is first


def test_a_stopped_clock_that_starts_again_is_a_new_run() -> None:
    it = case()
    settle(it, [STARTED], at("2026-03-27T16:00"))
    (stopped,) = settle(it, [ClockStopped(**WHERE, goal="repair")], at("2026-03-27T17:00")).clocks
    assert (stopped.met, stopped.judged_deadline) == (True, at("2026-03-30T10:00"))
    (again,) = settle(it, [STARTED], at("2026-03-30T16:00")).clocks
    assert (again.started_at, again.stopped_at) == (at("2026-03-30T16:00"), None)


def test_nothing_promised_is_no_clock() -> None:
    it = case(category="")
    settlement = settle(
        it, [STARTED, timer(Goal("repair")), ClockStopped(**WHERE, goal="repair")], at("2026-03-27T16:00")
    )
    assert (settlement.clocks, settlement.dues, settlement.rearm) == ((), {1: None}, False)


def test_a_status_pauses_clocks_and_disarms_their_timers() -> None:
    it = case()
    settle(it, [STARTED], at("2026-03-27T16:00"))
    asked = settle(it, [changed(status="asking"), timer(Goal("repair"))], at("2026-03-27T17:00"))
    assert asked.dues == {1: None}
    assert asked.rearm
    assert asked.ticket == {
        "status": "asking",
        "status_since": at("2026-03-27T17:00"),
        "status_seconds": {"open": {"24x7": 8 * 3600, "office": 8 * 3600}},
    }
    answered = settle(it, [changed(status="open")], at("2026-03-30T09:00"))
    assert answered.rearm
    assert due_of(Goal("repair"), it, at("2026-03-30T09:00")) == at("2026-03-30T11:00")
    # the hour that summer time skips isn't there for 24x7 either
    assert it.ticket["status_seconds"]["asking"] == {"24x7": 63 * 3600, "office": 3600}


def test_times_in_a_status_add_up_in_constant_space() -> None:
    it = case()
    for day in range(2, 28):
        settle(it, [changed(status="asking")], at(f"2026-04-{day:02}T10:00"))
        settle(it, [changed(status="open")], at(f"2026-04-{day:02}T10:30"))
    seconds = it.ticket["status_seconds"]
    assert set(seconds) == {"open", "asking"}
    working_days = sum(OFFICE.is_working(date(2026, 4, day)) for day in range(2, 28))
    assert seconds["asking"] == {"24x7": 26 * 1800, "office": working_days * 1800}


def test_a_clock_from_opening_counts_earlier_pauses() -> None:
    it = case()
    settle(it, [changed(status="asking")], at("2026-03-30T09:00"))
    settle(it, [changed(status="open")], at("2026-03-31T10:00"))
    settle(it, [ClockStarted(**WHERE, goal="done")], at("2026-04-01T12:00"))
    # twenty days from 27 March 9:00 (6 April off) is 27 April 9:00; ten hours more
    assert due_of(Goal("done"), it, at("2026-04-01T12:00")) == at("2026-04-28T10:00")


def test_the_same_status_again_changes_nothing() -> None:
    settlement = settle(case(), [changed(status="open", category="bug")], at("2026-03-30T09:00"))
    assert (settlement.ticket, settlement.clocks, settlement.rearm) == ({}, (), False)


def test_an_agreed_day_moves_the_deadline_and_its_timers() -> None:
    it = case()
    settle(it, [ClockStarted(**WHERE, goal="done"), STARTED], at("2026-03-27T09:00"))
    settlement = settle(it, [changed(agreed="2026-05-15")], at("2026-03-30T09:00"))
    assert settlement.clocks == (it.clocks["done"],)
    assert settlement.rearm
    assert due_of(Goal("done"), it, at("2026-03-30T09:00")) == at("2026-05-15T17:30")


def test_a_clock_keeps_the_calendars_of_its_policy() -> None:
    it = case()
    settle(it, [STARTED], at("2026-03-27T16:00"))
    closed = replace(OFFICE, closures=frozenset({date(2026, 3, 30)}))
    later = replace(POLICY, version=3, calendars={"office": closed})
    it = Case(PACKAGE, later, it.ticket, it.clocks, {2: POLICY})
    assert due_of(Goal("repair"), it, at("2026-03-27T16:00")) == at("2026-03-30T10:00")
    assert due_of(Working("PT3H"), it, at("2026-03-27T16:00")) == at("2026-03-31T10:00")


def test_when_other_timers_are_due() -> None:
    now = at("2026-03-28T12:00")
    assert due_of(At(now), case(), now) == now
    assert due_of(Working("P1D"), case(), now) == at("2026-03-31T08:30")
    assert due_of(Working("PT1H", "24x7"), case(), now) == at("2026-03-28T13:00")
    assert due_of(Goal("nothing"), case(), now) is None


def test_a_timer_that_ends_in_the_step_that_set_it_is_not_armed() -> None:
    cancelled = TimerCancelled(id="i.1.c.1", token=1, element="waiting")
    assert settle(case(), [timer(Working("never")), cancelled], at("2026-03-28T12:00")).dues == {1: None}


def test_the_step_that_customers_see_is_a_field() -> None:
    settlement = settle(case(), [effects.ElementEntered(**WHERE, step="check")], at("2026-03-28T12:00"))
    assert settlement.ticket == {"step": "check", "steps_passed": ["check"]}


def test_steps_are_remembered_in_order_and_each_once() -> None:
    it = case(steps_passed=["received"])
    entered = [effects.ElementEntered(**WHERE, step=step) for step in ("check", "quote", "check")]
    settlement = settle(it, entered, at("2026-03-28T12:00"))
    assert settlement.ticket == {"step": "check", "steps_passed": ["received", "check", "quote"]}


def test_a_ticket_that_is_opened_again_begins_its_steps_anew() -> None:
    it = case(status="over", step="finished", steps_passed=["received", "quote", "finished"])
    over = Status("over", "closed", "#888888", {"en": "over"})
    it.package = replace(PACKAGE, statuses={**PACKAGE.statuses, "over": over})
    settlement = settle(
        it, [effects.ElementEntered(**WHERE, step="received"), changed(status="open")], at("2026-03-28T12:00")
    )
    assert settlement.ticket["steps_passed"] == ["received"]


@pytest.mark.parametrize(
    "effect",
    [
        changed(status="lost"),
        changed(colour="red"),
        changed(agreed="soon"),
        timer(Working("P1M")),
        timer(Working("PT1H", "moon")),
    ],
)
def test_what_cannot_be_settled_names_its_element(effect: effects.Effect) -> None:
    with pytest.raises(StepFailed) as caught:
        settle(case(), [effect], at("2026-03-28T12:00"))
    assert (caught.value.element, caught.value.token) == (effect.element, 1)


def test_groups_of_a_user_task() -> None:
    opened = effects.UserTaskOpened(**WHERE, name="Look", lane="Front desk")
    assert open_user_task(opened, case()) == ("pm", "account:5")
    assert open_user_task(opened, case(department="crm", assignee=9)) == ("pm", "agent@crm", "account:5", "account:9")
    assert open_user_task(replace(opened, groups=("pm", "boss", "pm")), case()) == ("pm", "boss")
    assert open_user_task(replace(opened, lane="Cellar"), case()) == ()


def test_facts_are_json_and_complete() -> None:
    facts = json.loads(json.dumps(facts_of(case(agreed=None))))
    assert facts["ticket"]["opened_at"] == "2026-03-27T08:00:00+00:00"
    assert facts["ticket"]["agreed"] is facts["ticket"]["number"] is None
    assert "status_seconds" not in facts["ticket"]


def test_a_deadline_is_told_in_the_zone_of_the_package() -> None:
    start = datetime.fromisoformat("2026-03-27T15:00+00:00")
    assert deadline_from(PACKAGE, start, "PT3H").isoformat() == "2026-03-30T10:00:00+02:00"
    assert deadline_from(PACKAGE, start, "PT3H", "24x7").isoformat() == "2026-03-27T19:00:00+01:00"
    for wrong in (("PT3H", "moon"), ("P1M", None)):
        with pytest.raises(Invalid):
            deadline_from(PACKAGE, start, *wrong)
