"""Forms between the browser and the commands: their words, how they are answered, and what makes them count once."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, g, jsonify
from jinja2 import Environment

from engine.commands import idempotency
from engine.domain.errors import Invalid
from engine.domain.said import said
from web.http.idempotency import once
from web.pages.assets import asset
from web.pages.frame import N_
from web.pages.visiting import SAID_COOKIE, Visit, set_cookie
from web.texts import locale_of, say, tag_of

#: what form-js says of a field → what the server says of it (`engine.domain.forms.values`)
_MESSAGES = {
    "Field is required.": said("This field is needed."),
    "Field must match pattern {value}.": said("This isn't written as expected."),
    "Field must have minimum value of {value}.": said("Not less than {low}.", low="{value}"),
    "Field must have maximum value of {value}.": said("Not more than {high}.", high="{value}"),
    "Field must have minimum length of {value}.": said("Write at least {shortest} characters.", shortest="{value}"),
    "Field must have maximum length of {value}.": said("Write at most {longest} characters.", longest="{value}"),
    "Field must be a valid email.": said("Write a mail address."),
    "Field must be a valid international phone number. (e.g. +4930664040900)": said("Write a telephone number."),
    "Value is not a number.": said("Write a number."),
    "Value is expected to be an integer.": said("At most {decimals} decimals.", decimals=0),
    "Value is expected to have at most 1 decimal digit.": said("At most {decimals} decimals.", decimals=1),
    "Value is expected to have at most {value} decimal digits.": said(
        "At most {decimals} decimals.", decimals="{value}"
    ),
    "Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.": said(
        "The nearest possible values are {low} and {high}.", low="{previousValue}", high="{nextValue}"
    ),
    "number": said("Write a number."),
    "day": said("Write a date."),
}
_FORM = {
    "form": N_("Form"),
    "choose": N_("Choose…"),
    "calendar": N_("Choose a day"),
    "previous": N_("Previous month"),
    "next_month": N_("Next month"),
    "refused": N_("This can't be accepted yet. What you typed is still here."),
    "unreachable": N_("The server can't be reached. What you typed is still here; try again in a moment."),
    "failed": N_("Something went wrong. What you typed is still here; try again."),
    "kept": N_("What you typed is still here, so that you can copy it."),
    "next": N_("Go on to the next"),
}
_MARK = re.compile(r"[0-9a-f]{32}")
_PATTERN = {"day": N_("dd"), "month": N_("mm"), "year": N_("yyyy")}
#: `{time}` is put in by the script
_DRAFTS = {
    "typing": N_("Not saved yet"),
    "saving": N_("Saving…"),
    "saved": N_("Saved {time}"),
    "unreachable": N_("Not saved: the server can't be reached. What you type stays here, and saving is tried again."),
    "large": N_("Not saved: this is too long for a draft. It stays on this page until you send it."),
    "refused": N_("Not saved: a draft can't hold this. It stays on this page until you send it."),
    "restored": N_("What you typed on {time} is here again."),
    "restored_untimed": N_("What you had typed is here again."),
    "elsewhere": N_("This was written otherwise in another window at {time}."),
    "discard": N_("Discard it"),
    "take": N_("Take that"),
    "mine": N_("Keep what is here"),
}


def install(environment: Environment) -> None:
    """The functions `form_words` and `draft_words` of templates."""
    environment.globals.update(form_words=form_words, draft_words=draft_words)


def form_words() -> dict[str, Any]:
    """What form.js says, in the reader's language."""
    language, locale = g.visit.language, locale_of(g.visit.language)
    icons = {"calendar": "calendar", "previous": "chevron-left", "next": "chevron-right", "wrong": "alert-circle"}
    return {
        **_said(_FORM, language),
        "messages": _said(_MESSAGES, language),
        "pattern": _said(_PATTERN, language),
        "drafts": draft_words(),
        "locale": tag_of(language),
        "firstDay": (locale.first_week_day + 1) % 7,
        "icons": {use: f"{asset('icons.svg')}#{name}" for use, name in icons.items()},
    }


def draft_words() -> dict[str, str]:
    """What drafts.js says, in the reader's language; `zone`: in which it tells the time."""
    return {**_said(_DRAFTS, g.visit.language), "zone": str(g.visit.zone)}


def sent_data(visit: Visit) -> dict[str, Any]:
    """What form.js sent: the values by key. Raises `Invalid`."""
    data = visit.json().get("data")
    if not isinstance(data, dict):
        raise Invalid(said("The request couldn't be read."))
    return data


def answer_once(visit: Visit, work: Callable[[], str], told: str = "") -> Response:
    """Does what a form asks for, and answers where to go next, which `work` gives. Sent twice, it is done once.

    `told`, in the reader's language, is shown on that page.
    """
    response = once(visit.engine, visit.actor, lambda: jsonify({"next": work()}))
    if told and response.status_code == 200:
        set_cookie(response, SAID_COOKIE, told.encode("unicode_escape").decode("ascii"), max_age=60)
    return response


def mark(given: str = "") -> str:
    """By which a plain form that is sent twice is known: the one that it brings; a new one where that is none."""
    return given if _MARK.fullmatch(given) else secrets.token_hex(16)


def sent_once(visit: Visit, key: str, told: Any, work: Callable[[], Any]) -> idempotency.Answer:
    """Does what a plain form asks for in one transaction; of one that came before, gives what came of it then.

    `key` holds the form's mark; `told`, and what `work` gives, are JSON values. Raises what `idempotency.run` does:
    `KeyReused` where the form came with something else before.
    """
    request_hash = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    return idempotency.run(visit.engine, key, visit.actor, request_hash, lambda: idempotency.Answer(303, work()))


def _said(texts: Mapping[str, str], language: str) -> dict[str, str]:
    return {name: say(text, language) for name, text in texts.items()}
