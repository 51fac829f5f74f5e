"""A form by itself in a page of ours, filled in as a person does, and answered by the server's own rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, Route

from engine.domain.forms import Form
from engine.domain.time.calendars import Calendar
from engine.queries.forms import components
from web.texts import say


@dataclass
class Trial:
    """A form in a page, and what it has sent: each time the clean data, or what was wrong."""

    page: Page
    form: Form
    schema: Mapping[str, Any]
    language: str
    calendar: Calendar | None
    accepted: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, list[str]]] = field(default_factory=list)

    def component(self, key: str) -> dict[str, Any]:
        """A field as the schema has it."""
        return next(part for part in components(self.schema) if part.get("key") == key)

    def label(self, key: str) -> str:
        """What a field is called on the page."""
        part = self.component(key)
        return str(part.get("label") or part.get("dateLabel"))

    def field(self, key: str) -> Any:
        """The control, or the group of controls, of a field."""
        return self.page.locator(f"[id$='-{self.component(key)['id']}']")

    def fill(self, **answers: Any) -> None:
        """Fills fields in as a person does: what is seen is typed, ticked or chosen."""
        for key, value in answers.items():
            part, control = self.component(key), self.field(key)
            labels = {option["value"]: option["label"] for option in part.get("values", [])}
            match part["type"]:
                case "radio":
                    control.get_by_label(labels[value], exact=True).check()
                case "checklist" | "taglist":
                    for one in value:
                        control.get_by_label(labels[one], exact=True).check()
                case "select":
                    control.select_option(label=labels.get(value) or str(value))
                case "checkbox":
                    control.set_checked(value)
                case _:
                    control.fill(str(value))
                    control.blur()

    def send(self) -> None:
        """Presses the button, and waits until something came of it."""
        before = len(self.accepted) + len(self.refused)
        self.page.locator("[data-form-send]").click()
        self.page.wait_for_function(
            "before => document.querySelector('.form-summary') || window.trialAnswered > before", arg=before
        )

    @property
    def summary(self) -> list[str]:
        """The lines above the form that say what is wrong."""
        return list(self.page.locator(".form-error").all_inner_texts())

    def answer(self, route: Route) -> None:
        """What the server says: the same rules as everywhere."""
        data = json.loads(route.request.post_data or "")["data"]
        clean, errors = self.form.check(data, calendar=self.calendar)
        if errors:
            told = {key: [say(text, self.language) for text in texts] for key, texts in errors.items()}
            self.refused.append(told)
            route.fulfill(status=422, json={"detail": "", "errors": told})
        else:
            self.accepted.append(clean)
            route.fulfill(json={"next": "#done"})
        self.page.evaluate("n => { window.trialAnswered = n }", len(self.accepted) + len(self.refused))
