"""Stand-ins: nothing of what somebody wrote is left, and what the way depends on is."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.actors import Actor, Membership
from engine.spiff.retelling.disguise import Disguise
from engine.spiff.versions import PackageVersion, read_version
from tests.support.desk import CLERK, desk_files

PARTS: list[dict[str, Any]] = [
    {"type": "textfield", "key": "said"},
    {"type": "textfield", "key": "long", "validate": {"minLength": 40}},
    {"type": "textfield", "key": "short", "validate": {"maxLength": 4}},
    {"type": "textfield", "key": "plate", "validate": {"pattern": "^[A-Z]{2}[0-9]{3}$"}},
    {"type": "textfield", "key": "mail", "validate": {"validationType": "email"}},
    {"type": "textfield", "key": "phone", "validate": {"validationType": "phone"}},
    {"type": "number", "key": "pairs"},
    {"type": "radio", "key": "kind", "values": [{"label": "Boot", "value": "boot"}]},
]
ANSWERS = {
    "said": "Zanzibar", "long": "Zanzibar is an island, and I lived there.", "short": "Zan", "plate": "ZN123",
    "mail": "zan@zibar.example", "phone": "+255 24 22", "pairs": 3, "kind": "boot",
}  # fmt: skip


@cache
def version() -> PackageVersion:
    form = {"type": "default", "id": "look", "schemaVersion": 16, "components": [{**p, "label": "x"} for p in PARTS]}
    script = (b"<bpmn:script>rest = 12 / pairs", b'<bpmn:script>rest = 1 if said == "urgent" else 2')
    files = desk_files()
    return read_version(
        {
            **files,
            "forms/look.form": json.dumps(form).encode(),
            "repair.bpmn": files["repair.bpmn"].replace(*script),
        },
        trusted=True,
    )


def disguise(*people: Actor) -> Disguise:
    return Disguise(version(), {person.id: person for person in people}, {"D-2026-0007": "D-2026-0001"})


def test_invented_answers_keep_to_the_form_and_say_nothing() -> None:
    told = disguise().answers("look", ANSWERS)
    assert version().forms["look"].check(told)[1] == {}
    assert (told["pairs"], told["kind"]) == (3, "boot")
    assert not any("zan" in str(value).lower() or "ZN" in str(value) for value in told.values())


def test_what_was_left_empty_isnt_told() -> None:
    assert disguise().answers("look", {"said": None, "pairs": 1}) == {"pairs": 1}


def test_texts_that_the_package_knows_stay() -> None:
    hidden = disguise()
    assert hidden.answers("look", {"said": "urgent"}) == {"said": "urgent"}
    assert hidden.values({"pairs": ["shoes", "2026-03-27", "PT3H", "Zanzibar"], "Zanzibar": True}) == {
        "pairs": ["shoes", "2026-03-27", "PT3H", "Text 1"],
        "Text 1": True,
    }


def test_a_text_in_a_field_that_takes_none_today_is_hidden_too() -> None:
    told = disguise()._field("size", "Zoe Zanzibar zoe@zan.example")
    assert told == "Text 1" and disguise()._field("size", 43) == 43


def test_the_ticket_is_called_as_in_the_scenario() -> None:
    assert disguise().values({"pairs": "D-2026-0007"}) == {"pairs": "D-2026-0001"}


def test_people_are_given_with_what_they_are() -> None:
    both = Actor(9, "Zoe Zanzibar", "zoe@example.com", "staff", None, (
        Membership("desk", "clerk"), Membership("desk", "cobbler", ("leather",)), Membership("other", "boss"),
    ))  # fmt: skip
    buyer = Actor(12, "Zack", "zack@example.com", "customer", 77, (Membership("desk", "owner"),))
    gone = Actor(13, "Zelda", "zelda@example.com", "customer", 78)
    hidden = disguise(both, CLERK, buyer, gone)
    assert [hidden.person(key) for key in (9, CLERK.id, 12, 9, 13, 404, None)] == [
        "Person 1", "Person 2", "Person 3", "Person 1", "Person 4", None, None,
    ]  # fmt: skip
    assert hidden.given() == {
        "Person 1": {"role": ["clerk", "cobbler"], "departments": ["leather"]},
        "Person 2": {"role": "clerk"},
        "Person 3": {"role": "owner", "company": 1},
        "Person 4": {"role": "owner", "company": 2},
    }


def test_staff_that_is_nothing_here_any_more_does_nothing_by_name() -> None:
    assert disguise(Actor(9, "Zoe", "zoe@example.com")).doer(9) is None


@given(st.dictionaries(st.text(min_size=1), st.recursive(st.text(), lambda inner: st.lists(inner, max_size=3))))
def test_the_same_stands_for_the_same(data: dict[str, Any]) -> None:
    hidden = disguise()
    assert hidden.values(data) == hidden.values(data)
