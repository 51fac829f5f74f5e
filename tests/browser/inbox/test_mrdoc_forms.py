"""Every form of MRDoc in a browser, in both languages: it is shown, refuses what is missing, sends what is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.commands.packages.folders import read_folder
from engine.domain.time.calendars import Calendar
from engine.spiff.versions import PackageVersion, read_version
from tests.support.browser import scrolls_sideways, violations
from tests.support.form_trial import Trial
from tests.support.processes import ROOT

FOLDER = ROOT / "workflows" / "mrdoc"
NAMES = sorted(path.stem for path in (FOLDER / "forms").glob("*.form"))
LONG = "Il menu non si apre più dopo l'ultimo aggiornamento."
PEOPLE = {"accounts": [{"label": "Bruno", "value": 8}, {"label": "Vera", "value": 9}]}

#: form → ways to fill it in, each with what is typed or chosen, and what is sent where that differs
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "agree_date": [{"agreed_date": "30/03/2026", "reason": LONG}],
    "assign": [{"assignee": "Bruno", "instructions": LONG}],
    "cancel": [{"reason": LONG}],
    "check": [{"complete": "no", "question": LONG}, {"complete": "yes", "category": "bug_crm"}],
    "check_development": [{"complete": "no", "question": LONG}, {"complete": "yes", "category": "development_crm"}],
    "decision": [
        {"decision": "accept"}, {"decision": "revise", "changes": LONG}, {"decision": "refuse", "refusal_reason": LONG},
    ],
    "delay": [{"cause": LONG}],
    "estimate": [
        {"competent": "no", "reason": LONG},
        {"competent": "yes", "quote_text": LONG, "quote_amount": "1200", "quote_days": "4"},
    ],
    "quote_silence": [{"silence": "wait"}],
    "reassign": [{"assignee": "Vera", "reason": LONG}],
    "reopen": [{"reason": LONG}],
    "silence": [{"silence": "proceed"}],
    "take_charge": [{"competent": "yes"}, {"competent": "no", "reason": LONG}],
    "withdraw": [{"reason": LONG}, {}],
    "work": [{"outcome": "done", "solution": LONG}, {"outcome": "wrong_category", "reason": LONG}],
}  # fmt: skip
SENT = {"30/03/2026": "2026-03-30", "Bruno": 8, "Vera": 9, "1200": 1200, "4": 4}
OTHER_WAYS = [(name, answers) for name, ways in ANSWERS.items() for answers in ways[1:]]
PHONE = {"width": 390, "height": 800, "dark": True}
#: what is refused of a form of which nothing is required
TOO_MUCH = {"withdraw": {"reason": "x" * 2001}}


@pytest.fixture(scope="module")
def mrdoc() -> PackageVersion:
    """The package as it stands in the folder."""
    return read_version(read_folder(Path(FOLDER)))


@pytest.fixture
def shown(trial: Callable[..., Trial], mrdoc: PackageVersion) -> Callable[..., Trial]:
    """Shows one of its forms by name, in a language."""

    def show(name: str, language: str, **window: Any) -> Trial:
        schema = mrdoc.form_schema(name, language)
        calendar: Calendar = mrdoc.package.calendars[mrdoc.package.calendar]
        return trial(mrdoc.forms[name], schema, PEOPLE, language=language, calendar=calendar, **window)

    return show


def test_each_form_is_tried() -> None:
    assert sorted(ANSWERS) == NAMES


@pytest.mark.parametrize(("language", "window"), [("it", PHONE), ("en", {})], ids=["it-phone", "en-wide"])
@pytest.mark.parametrize("name", NAMES)
def test_a_form_refuses_leads_to_what_is_wrong_and_then_sends(
    shown: Callable[..., Trial], name: str, language: str, window: dict[str, Any]
) -> None:
    form = shown(name, language, **window)
    assert form.page.locator(".fjs-powered-by").is_visible()  # as its licence asks
    form.fill(**TOO_MUCH.get(name, {}))
    form.send()
    assert form.summary, "nothing was refused"
    assert not form.accepted
    assert "form-summary" in form.page.evaluate("document.activeElement.className")
    form.page.locator(".form-error a").first.click()
    assert form.page.evaluate("document.activeElement.matches('input, select, textarea')")
    assert violations(form.page) == []
    assert not scrolls_sideways(form.page)
    _fill_in_and_send(form, ANSWERS[name][0])


@pytest.mark.parametrize(("name", "answers"), OTHER_WAYS)
def test_a_form_sends_what_was_filled_in_the_other_way(
    shown: Callable[..., Trial], name: str, answers: dict[str, Any]
) -> None:
    _fill_in_and_send(shown(name, "it"), answers)


def _fill_in_and_send(form: Trial, answers: dict[str, Any]) -> None:
    form.fill(**answers)
    form.send()
    assert (form.summary, form.refused) == ([], [])
    sent = {key: SENT.get(value, value) for key, value in answers.items()}
    assert form.accepted == [{field.key: sent.get(field.key) for field in form.form.fields}]
