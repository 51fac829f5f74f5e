"""A form by itself in a page of ours, checked by the server's own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g, render_template_string

from engine.commands.engine import Engine
from engine.domain.forms import Form
from engine.domain.time.calendars import Calendar
from engine.spiff.expressions import Sandbox
from tests.support.browser import Desk
from tests.support.form_trial import Trial
from tests.support.journeys import Company
from web.app import create_app
from web.pages.assets import asset
from web.pages.visiting import Visit
from web.settings import Settings

FORM = (
    '{% from "components/user_task_form.html" import user_task_form %}'
    '{{ user_task_form("/trial/send", "trial:1", form, values, main=True) }}'
)


@pytest.fixture(scope="session")
def pages(company: Company) -> Iterator[Flask]:
    """The product's pages inside the tests' own process, on the company's database."""
    sandbox = Sandbox()
    yield create_app(Settings(), Engine(company.database, company.clock, sandbox))
    sandbox.close()


@pytest.fixture
def trial(desk: Desk, pages: Flask) -> Callable[..., Trial]:
    """Shows a form: `trial(form, schema, values, language="it", width=390)`."""

    def show(
        form: Form, schema: Mapping[str, Any], values: Mapping[str, Any] | None = None, *, language: str = "it",
        calendar: Calendar | None = None, **window: Any,
    ) -> Trial:  # fmt: skip
        page = desk.visit("paola", "/shortcuts", language=language, **window)
        made = Trial(page, form, schema, language, calendar)
        page.route("**/trial/send", made.answer)
        page.evaluate(
            "html => { window.trialAnswered = 0; document.querySelector('main').innerHTML = `<h1>Trial</h1>${html}` }",
            _rendered(pages, schema, values or {}, language),
        )
        with pages.test_request_context():
            g.visit = _reader(pages, language)
            page.add_style_tag(url=asset("form.css"))
            page.add_script_tag(url=asset("form.js"), type="module")
        page.wait_for_selector("[data-ready]")
        return made

    return show


def _reader(pages: Flask, language: str) -> Visit:
    visit = Visit(pages.extensions["iter.engine"], Settings(), None)
    visit.language, visit.zone = language, ZoneInfo("Europe/Rome")  # type: ignore[misc]
    return visit


def _rendered(pages: Flask, schema: Mapping[str, Any], values: Mapping[str, Any], language: str) -> str:
    with pages.test_request_context():
        g.visit = _reader(pages, language)
        return render_template_string(FORM, form=schema, values=values)
