"""What any form can hold, in a browser: every component, hostile texts, languages, the keyboard, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.domain.forms import Form, read_form
from tests.support.browser import scrolls_sideways, violations
from tests.support.form_trial import Trial

HOSTILE = "<img src=x onerror=\"document.title='hurt'\">{{1+1}}"
OPTIONS = [{"label": "One", "value": 5}, {"label": f"Two {HOSTILE}", "value": "two"}, {"label": "Yes", "value": True}]
PARTS: list[dict[str, Any]] = [
    {"type": "text", "id": "t",
     "text": f"# Title\n**bold** {HOSTILE} [link](javascript:alert(1)) [good](https://example.com)"},
    {"type": "textfield", "id": "name", "key": "name", "label": f"Name {HOSTILE}", "description": f"Why {HOSTILE}"},
    {"type": "textfield", "id": "mail", "key": "mail", "label": "Mail", "validate": {"validationType": "email"}},
    {"type": "number", "id": "amount", "key": "amount", "label": "Amount", "decimalDigits": 2,
     "appearance": {"suffixAdorner": "€"}, "validate": {"min": 1, "max": 5000}},
    {"type": "datetime", "id": "day", "key": "day", "dateLabel": "Day", "subtype": "date",
     "properties": {"workingDay": "true"}},
    {"type": "separator", "id": "s"},
    {"type": "checkbox", "id": "sure", "key": "sure", "label": "Sure?", "validate": {"required": True}},
    {"type": "group", "id": "g", "label": "More", "showOutline": True, "conditional": {"hide": "=sure != true"},
     "components": [
         {"type": "radio", "id": "one", "key": "one", "label": "One of", "values": OPTIONS},
         {"type": "checklist", "id": "some", "key": "some", "label": "Some of", "values": OPTIONS},
         {"type": "taglist", "id": "tags", "key": "tags", "label": "Tags", "values": OPTIONS},
         {"type": "select", "id": "pick", "key": "pick", "label": "Pick", "values": OPTIONS},
     ]},
    {"type": "spacer", "id": "p", "height": 20},
    {"type": "textfield", "id": "seen", "key": "ticket.subject", "label": "Subject", "readonly": True},
    {"type": "textarea", "id": "story", "key": "story", "label": "Story", "validate": {"maxLength": 20}},
]  # fmt: skip


@pytest.fixture(scope="module")
def every_part() -> tuple[Form, dict[str, Any]]:
    """A form with every component that the server takes."""
    schema = {"type": "default", "id": "parts", "schemaVersion": 16, "components": PARTS}
    form, problems = read_form("forms/parts.form", json.dumps(schema).encode())
    assert form is not None, problems
    return form, schema


@pytest.fixture
def parts(trial: Callable[..., Trial], every_part: tuple[Form, dict[str, Any]]) -> Callable[..., Trial]:
    """Shows it: `parts(language="en")`."""
    values = {"ticket": {"subject": f"Theirs {HOSTILE}"}, "name": "Ada"}
    return lambda **options: trial(*every_part, values, **options)


def test_every_component_carries_its_value_in_its_own_type(parts: Callable[..., Trial]) -> None:
    form = parts(language="it")
    form.fill(mail="ada@example.com", amount="1.234,50", day="30/03/2026", sure=True, story="Due\nrighe")
    form.fill(one=True, some=[5, True], tags=[5], pick="One")
    form.send()
    assert (form.summary, form.refused) == ([], [])
    assert form.accepted == [
        {
            "name": "Ada", "mail": "ada@example.com", "amount": 1234.5, "day": "2026-03-30", "sure": True, "one": True,
            "some": [5, True], "tags": [5], "pick": 5, "story": "Due\nrighe",
        }
    ]  # fmt: skip


def test_what_a_condition_hides_is_neither_asked_nor_sent_and_comes_back_as_it_was(parts: Callable[..., Trial]) -> None:
    form = parts(language="en")
    assert form.field("one").count() == 0
    form.fill(sure=True, one=5, some=[5])
    form.fill(sure=False)
    assert form.field("one").count() == 0
    form.fill(sure=True)
    assert form.field("one").get_by_label("One", exact=True).is_checked()
    form.send()
    assert form.accepted[0]["some"] == [5]


def test_texts_of_a_form_are_texts(parts: Callable[..., Trial]) -> None:
    form = parts(language="en")
    form.fill(sure=True)
    page = form.page
    assert page.title() != "hurt"
    assert page.locator("[data-form-place] img, [data-form-place] script").count() == 0
    assert page.locator(".fjs-form-field-text strong").inner_text() == "bold"
    hrefs = page.locator(".fjs-form-field-text a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert hrefs in ([None, "https://example.com"], ["https://example.com"])
    shown = page.locator("[data-form-place]").inner_text()
    assert shown.count(HOSTILE) == 7, shown  # the text, a label, a description, and an option in four lists
    assert form.field("ticket.subject").input_value() == f"Theirs {HOSTILE}"


def test_what_was_understood_of_a_number_is_seen_and_what_is_none_stays_as_it_was_typed(
    parts: Callable[..., Trial],
) -> None:
    form = parts(language="it")
    form.fill(amount="1.234,50")
    assert form.field("amount").input_value() == "1234,5"
    form.fill(amount="12a", sure=True)
    assert form.field("amount").input_value() == "12a"
    form.send()
    assert form.summary == ["Amount: Scriva un numero."]


def test_a_day_that_there_is_not_is_refused(parts: Callable[..., Trial]) -> None:
    form = parts(language="it")
    form.fill(day="31/02/2026", sure=True)
    assert form.field("day").input_value() == "31/02/2026"
    form.send()
    assert form.summary == ["Day: Scriva una data."]


def test_a_day_is_chosen_from_a_calendar_by_keyboard_and_said_in_words(parts: Callable[..., Trial]) -> None:
    form = parts(language="it")
    form.fill(day="27/03/2026", sure=True)
    page = form.page
    button = page.get_by_role("button", name="Day")
    button.focus()
    page.keyboard.press("Enter")
    calendar = page.get_by_role("dialog", name="Day")
    page.wait_for_function("() => document.activeElement.tagName.startsWith('CALENDAR')")
    assert violations(page) == []
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    calendar.wait_for(state="detached")
    assert form.field("day").input_value() == "28/03/2026"
    assert page.get_by_text("sabato 28 marzo 2026").is_visible()
    button.click()
    page.keyboard.press("Escape")
    calendar.wait_for(state="detached")
    form.send()
    assert form.accepted[0]["day"] == "2026-03-28"


def test_enter_sends_nothing_and_ctrl_enter_does(parts: Callable[..., Trial]) -> None:
    form = parts(language="en")
    form.fill(sure=True)
    for key in ("name", "amount", "day", "sure"):
        form.field(key).focus()
        form.page.keyboard.press("Enter")
    form.field("story").focus()
    form.page.keyboard.type("two")
    form.page.keyboard.press("Enter")
    form.page.keyboard.type("lines")
    assert (form.accepted, form.refused, form.summary) == ([], [], [])
    form.page.keyboard.press("Control+Enter")
    form.page.wait_for_function("() => window.trialAnswered > 0")
    assert form.accepted[0]["story"] == "two\nlines"


def test_what_the_server_refuses_stands_at_the_field_until_it_is_changed(parts: Callable[..., Trial]) -> None:
    form = parts(language="it")
    form.form = Form(form.form.path, tuple(f for f in form.form.fields if f.key != "mail"), form.form.schema)
    form.fill(mail="ada@example.com", sure=True)
    form.send()
    assert form.summary == ["Mail: Il modulo non ha questo campo."]
    field = form.field("mail")
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby") or ""
    assert "Il modulo non ha questo campo." in form.page.locator(f"#{described.split()[-1]}").inner_text()
    field.fill("other@example.com")
    assert field.get_attribute("aria-invalid") is None
    assert form.summary == []


def test_a_field_is_judged_when_it_is_left_and_not_at_its_first_letter(parts: Callable[..., Trial]) -> None:
    form = parts(language="en")
    field = form.field("mail")
    field.focus()
    form.page.keyboard.type("a")
    assert field.get_attribute("aria-invalid") is None
    field.blur()
    assert field.get_attribute("aria-invalid") == "true"
    field.focus()
    form.page.keyboard.press("End")
    form.page.keyboard.type("da@example.com")
    assert field.get_attribute("aria-invalid") is None
    form.field("story").focus()
    form.field("name").focus()
    assert form.page.locator(".field-error").count() == 0  # what is merely empty is told when it is sent


@pytest.mark.parametrize("window", [{}, {"width": 390, "dark": True}], ids=["wide", "phone"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(parts: Callable[..., Trial], window: dict[str, Any]) -> None:
    form = parts(language="it", **window)
    form.fill(sure=True, mail="x", amount="0")
    form.page.locator("[data-form-send]").click()
    assert len(form.summary) == 2
    assert violations(form.page) == []
    assert not scrolls_sideways(form.page)


def test_the_form_is_mirrored_where_one_reads_from_the_right(parts: Callable[..., Trial]) -> None:
    form = parts(language="en")
    form.page.evaluate("document.documentElement.dir = 'rtl'")
    form.fill(sure=True)
    label, box = form.field("sure").locator("xpath=..").bounding_box(), form.field("sure").bounding_box()
    assert label is not None and box is not None
    assert box["x"] > label["x"]
    assert violations(form.page) == []
