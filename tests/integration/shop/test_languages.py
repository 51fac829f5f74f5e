"""Everybody reads in their own language: forms, names, mails, and what went wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.commands import tickets
from engine.commands.packages import deployments
from engine.commands.people import accounts
from engine.domain.actors import SYSTEM
from engine.domain.said import Said
from engine.queries import actions
from engine.queries import user_tasks as reads
from engine.queries.operations import incidents, outbox
from engine.queries.reading import reading
from engine.spiff.versions import content_hash
from tests.integration.shop.test_forms import ACTION, DIAGRAM
from tests.support.shop import Shop
from tests.support.shop import shop as shop_files
from tests.support.smtp import SmtpServer
from web.texts import say

FORM = {
    "type": "default",
    "components": [
        {
            "type": "radio", "key": "colour", "label": "Colour", "values": [{"label": "Red", "value": "red"}],
            "validate": {"required": True},
        },
    ],
}  # fmt: skip
ITALIAN = b"""
msgid "Colour"
msgstr "Colore"

msgid "Red"
msgstr "Rosso"

msgctxt "order.bpmn"
msgid "Check"
msgstr "Verifica"
"""
MAILS = {
    "mail/it/received.txt": b"Subject: [{{ ticket.number }}] ricevuto\n\n{{ ticket.status_label }}",
    "mail/it/received.html": b"<p>Gentile {{ recipient.name }}</p>",
}


def translated(shop: Shop, **more: bytes) -> dict[str, bytes]:
    """The shop's files with Italian beside its English."""
    files = shop_files(**more)
    files["package.toml"] = files["package.toml"].replace(b'"In the works"', b'"In the works", it = "In lavorazione"')
    return {**files, **MAILS, "translations/it.po": ITALIAN}


@pytest.fixture
def task(shop: Shop) -> int:
    """The id of a user task with a form."""
    files = translated(shop, **{"order.bpmn": DIAGRAM, "forms/check.form": json.dumps(FORM).encode()})
    files["package.toml"] += ACTION
    deployments.deploy(shop.engine, files, SYSTEM, "folder")
    tickets.open(shop.engine, shop["anna"], "shop", "Squeaks", "", {})
    return reads.listed(shop.engine, shop["boss"]).items[0].id


def read_in(shop: Shop, language: str, task: int) -> tuple[str, dict[str, Any]]:
    """The name of a user task and the first field of its form."""
    with reading(shop.engine, shop["boss"], language):
        found = reads.one(shop.engine, shop["boss"], task)
        listed = reads.listed(shop.engine, shop["boss"]).items[0]
    assert found.name == listed.name and found.form
    return found.name, found.form["components"][0]


@pytest.mark.parametrize(
    ("language", "name", "label", "option"),
    [
        ("it", "Verifica", "Colore", "Rosso"),
        ("en", "Check", "Colour", "Red"),
        ("fa", "Check", "Colour", "Red"),
        ("", "Check", "Colour", "Red"),
    ],
)
def test_a_user_task_and_its_form_are_read_in_ones_language(
    shop: Shop, task: int, language: str, name: str, label: str, option: str
) -> None:
    told, field = read_in(shop, language, task)
    assert (told, field["label"], field["values"]) == (name, label, [{"label": option, "value": "red"}])


def test_an_actions_form_is_read_in_ones_language_too(shop: Shop, task: int) -> None:
    ticket = reads.one(shop.engine, shop["boss"], task).ticket
    with reading(shop.engine, shop["boss"], "it"):
        (again,) = actions.offered(shop.engine, shop["boss"], ticket)
    assert again.form and again.form["components"][0]["label"] == "Colore"


def test_a_mail_is_written_in_its_recipients_language(shop: Shop, smtp: SmtpServer) -> None:
    deployments.deploy(shop.engine, translated(shop), SYSTEM, "folder")
    accounts.set_preferences(shop.engine, shop["anna"], language="it")
    shop.order(who="anna")
    shop.order(who="bruno")
    shop.tick()
    told = {mail.recipients[0]: (mail.subject, mail.body().strip(), mail.body("html").strip()) for mail in smtp.mails}
    assert told["anna@example.org"] == ("[S-001] ricevuto", "In lavorazione", "<p>Gentile Anna</p>")
    assert told["bruno@example.org"][0] == "[S-002] received"


def test_a_mail_that_nobody_translated_is_whole_in_the_packages_language(shop: Shop, smtp: SmtpServer) -> None:
    """No Italian label stands in an English mail."""
    files = {path: content for path, content in translated(shop).items() if not path.startswith("mail/it/")}
    files["mail/received.txt"] = b"Subject: received\n\n{{ ticket.status_label }}"
    deployments.deploy(shop.engine, files, SYSTEM, "folder")
    accounts.set_preferences(shop.engine, shop["anna"], language="it")
    shop.order()
    shop.tick()
    assert [mail.body().strip() for mail in smtp.mails] == ["In the works"]


def test_what_went_wrong_is_told_in_the_language_of_whoever_reads_it(shop: Shop) -> None:
    deployments.deploy(shop.engine, shop_files("ftp://127.0.0.1/"), SYSTEM, "folder")
    shop.order()
    shop.tick()
    problem = "A webhook needs a parameter `url` that begins with http:// or https://."
    told: list[str] = [incident.problem for incident in incidents.listed(shop.engine, shop["boss"]).items]
    told += [job.last_error for job in outbox.jobs(shop.engine, shop["boss"]).items if job.type == "webhook"]
    assert len(told) == 2 and all(problem in text and isinstance(text, Said) for text in told)
    italian = "Un webhook ha bisogno di un parametro `url` che cominci con http:// o https://."
    assert all(italian in say(text, "it") for text in told)


def test_a_translation_is_a_file_of_its_package(shop: Shop) -> None:
    """Another translation is another version."""
    files = translated(shop)
    changed = {**files, "translations/it.po": ITALIAN.replace(b"Rosso", b"Vermiglio")}
    assert content_hash(files) != content_hash(changed)
    deployments.deploy(shop.engine, files, SYSTEM, "folder")
    assert deployments.deploy(shop.engine, changed, SYSTEM, "folder").version > 1
