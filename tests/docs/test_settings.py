"""The settings page names every setting with its default, and no other."""

from __future__ import annotations

import re
from dataclasses import fields

from tests.support.documents import DOCUMENTS, ROOT, reference
from web.settings import Settings, variable

KNOWN = {variable(setting) for setting in fields(Settings)}


def test_every_setting_is_documented() -> None:
    documented = set(re.findall(r"^\| `(ITER_\w+)`", reference("settings"), re.MULTILINE))
    assert documented == KNOWN


def test_defaults_are_as_documented() -> None:
    rows = dict(re.findall(r"^\| `(ITER_\w+)` \| ([^|]*)\|", reference("settings"), re.MULTILINE))
    wrong = {}
    for setting in fields(Settings):
        default = "" if setting.default is None else str(setting.default)
        if isinstance(setting.default, bool):
            default = "yes" if setting.default else "no"
        if default not in rows[variable(setting)]:
            wrong[variable(setting)] = default
    assert wrong == {}


def test_no_document_names_a_setting_that_does_not_exist() -> None:
    named = {
        name: str(page.relative_to(ROOT))
        for page in DOCUMENTS
        for name in re.findall(r"\bITER_[A-Z_]+\b", page.read_text())
    }
    assert {name: page for name, page in named.items() if name not in KNOWN | {"ITER_"}} == {}


def test_the_example_of_a_server_uses_settings_that_exist() -> None:
    named = set(re.findall(r"^(ITER_\w+)=", (ROOT / "deploy" / "iter.env").read_text(), re.MULTILINE))
    assert named <= KNOWN
