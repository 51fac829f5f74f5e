import json
from dataclasses import replace
from datetime import time

import pytest

from engine.domain.errors import Invalid
from engine.domain.packages import Choice, Field, MailSettings, Package, Status
from engine.domain.policies import Policy, PolicyRow
from engine.domain.time.calendars import Calendar

OFFICE = Calendar("office", "Europe/Rome", {day: ((time(8, 30), time(17, 30)),) for day in range(5)}, "IT")
PACKAGE = Package(
    id="shop", language="en", title={"en": "Shop"}, process="shop", time_zone="Europe/Rome", calendar="office",
    number="S-{sequence}", mail=MailSettings("shop@example.com"), calendars={"office": OFFICE},
    statuses={"asking": Status("asking", "waiting_customer", "#888888", {"en": "Asking"})},
    categories={"bug": Choice("bug", {"en": "Bug"})},
    fields={
        "agreed": Field("agreed", "date", {"en": "Agreed"}),
        "floor": Field("floor", "number", {"en": "Floor"}),
    },
)  # fmt: skip
URGENT = PolicyRow("repair", {"category": '"bug"', "floor": "> 3"}, "PT3H", "office", id="rule_1")
USUAL = PolicyRow(
    "repair", {"category": '"bug"', "floor": "-"}, "P5D", "office", "opening", ("asking",), "P1D", "agreed"
)
ANY = PolicyRow("answer", {}, "PT48H", "24x7")
POLICY = Policy(3, "F", (URGENT, USUAL, ANY), {"office": OFFICE})


def test_the_first_row_that_matches_counts() -> None:
    assert POLICY.row_for("repair", {"category": "bug", "floor": 4}) is URGENT
    assert POLICY.row_for("repair", {"category": "bug", "floor": 3}) is USUAL
    assert POLICY.row_for("repair", {"category": "bug"}) is USUAL
    assert POLICY.row_for("answer", {}) is ANY


def test_nothing_is_promised_where_no_row_matches() -> None:
    assert POLICY.row_for("repair", {"category": "wish"}) is None
    assert POLICY.row_for("unknown", {"category": "bug"}) is None


def test_unique_allows_one_match() -> None:
    unique = replace(POLICY, hit_policy="U")
    assert unique.row_for("repair", {"category": "bug", "floor": 3}) is USUAL
    with pytest.raises(Invalid, match="several"):
        unique.row_for("repair", {"category": "bug", "floor": 4})


def test_json_round_trip() -> None:
    stored = json.loads(json.dumps(POLICY.to_json()))
    assert Policy.from_json(stored) == POLICY
    assert stored["rows"][1] == {
        "goal": "repair", "when": {"category": '"bug"', "floor": "-"}, "target": "P5D", "calendar": "office",
        "from": "opening", "pauses": ["asking"], "warning": "P1D", "not_before": "agreed", "id": "",
    }  # fmt: skip
    assert Policy.from_json({}) == Policy()


@pytest.mark.parametrize(
    "stored",
    [None, [], {"rows": {}}, {"rows": [None]}, {"rows": [{"goal": 1}]}, {"rows": [{"from": "end"}]}, {"version": "1"},
     {"version": True}, {"hit_policy": "C"}, {"colour": 1}, {"rows": [{"pauses": "asking"}]}, {"rows": [{"colour": 1}]},
     {"rows": [{"when": {"category": 5}}]}, {"calendars": {"office": 1}}, {"calendars": []}],
)  # fmt: skip
def test_json_of_a_wrong_shape_is_refused(stored: object) -> None:
    with pytest.raises(Invalid):
        Policy.from_json(stored)


def test_a_sound_policy_has_no_problems() -> None:
    assert POLICY.check(PACKAGE) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"goal": ""}, "no goal"),
        ({"calendar": "moon"}, "calendar `moon`"),
        ({"target": "P1M"}, "target isn't working time"),
        ({"target": ""}, "target isn't working time"),
        ({"warning": "1 hour"}, "warning isn't working time"),
        ({"warning": "P5D"}, "warning comes no later"),
        ({"pauses": ("asking", "lunch")}, "status `lunch`"),
        ({"not_before": "floor"}, "`floor` isn't a date field"),
        ({"not_before": "opened_at"}, "`opened_at` isn't a date field"),
        ({"when": {"colour": '"red"'}}, "`colour` isn't a field"),
        ({"when": {"category": '"bug'}}, "condition of `category`"),
    ],
)
def test_problems_of_a_row(change: dict[str, object], said: str) -> None:
    policy = replace(POLICY, rows=(replace(USUAL, **change), ANY))  # type: ignore[arg-type]
    (problem,) = policy.check(PACKAGE, "sla.dmn")
    assert said in problem.problem
    assert (problem.file, problem.label, problem.severity) == ("sla.dmn", "row 1", "error")
    assert problem.remedy


def test_all_problems_are_told_in_one_pass() -> None:
    broken = replace(USUAL, calendar="moon", target="soon", pauses=("lunch",), id="rule_7")
    problems = replace(POLICY, rows=(broken, ANY, replace(URGENT, target="P0D"))).check(PACKAGE)
    assert [problem.label for problem in problems] == ["row 1", "row 1", "row 1", "row 3"]
    assert problems[0].element == "rule_7"


def test_a_row_that_is_never_reached_is_told() -> None:
    (problem,) = replace(POLICY, rows=(USUAL, URGENT)).check(PACKAGE)
    assert "never reached" in problem.problem
    assert (problem.label, problem.element, problem.severity) == ("row 2", "rule_1", "warning")


@pytest.mark.parametrize("rows", [(USUAL, URGENT), (URGENT, USUAL), (ANY, ANY)])
def test_a_goal_that_is_doubled_under_unique_is_an_error(rows: tuple[PolicyRow, ...]) -> None:
    (problem,) = replace(POLICY, hit_policy="U", rows=rows).check(PACKAGE)
    assert "UNIQUE" in problem.problem
    assert problem.severity == "error"


def test_unique_rows_told_apart_are_fine() -> None:
    rows = (URGENT, replace(USUAL, when={"category": '"bug"', "floor": "<= 3"}), ANY)
    assert replace(POLICY, hit_policy="U", rows=rows).check(PACKAGE) == []
