"""A process owner changes what the package says, and its mails, in plain editors that show how it will look."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, scrolls_sideways, violations
from tests.support.processes import ROOT

OpenFile = Callable[..., Page]
LIVE = (ROOT / "workflows" / "mrdoc" / "package.toml").read_text()
EVIL = "<img src=x onerror=alert(1)>"


def kept(page: Page, path: str, is_there: Callable[[str], Any]) -> str:
    """The file as the draft has it, once it is as expected."""
    for _ in range(150):
        content = page.request.get(f"/processes/mrdoc/draft/saved/{path}").text()
        if is_there(content):
            return content
        page.wait_for_timeout(100)
    raise AssertionError(content)


def test_rows_are_added_moved_changed_and_removed_and_all_else_stays(open_file: OpenFile) -> None:
    page = open_file("package.toml")
    statuses = page.get_by_role("region", name="Stati", exact=True)
    statuses.get_by_role("button", name="Un altro stato").press("Enter")
    page.keyboard.type(f"Sospeso {EVIL}")
    new = statuses.locator("[data-row]").last
    expect(new.get_by_label("Chiave")).to_have_value("sospeso_img_src_x_onerror_alert_1")
    new.get_by_label("Chiave").fill("paused")
    new.get_by_label("Tipo").select_option("in attesa di noi")
    new.get_by_role("button", name="Sposta in su").press("Enter")
    look = statuses.locator("[data-look-place]")
    expect(look.locator("li").nth(4)).to_have_text(f"Sospeso {EVIL}")
    expect(page.locator("[data-settings] img")).to_have_count(0)
    statuses.locator("[data-row]").first.get_by_label("Nome (en)").fill("OURS")
    page.get_by_role("region", name="Reparti", exact=True).get_by_role("button", name="Togli").last.click()
    text = kept(
        page, "package.toml", lambda text: "Preventivi" not in text.split("[[roles]]")[0].split("departments")[-1]
    )
    said = tomllib.loads(text)
    assert [one["key"] for one in said["statuses"]][4:] == ["paused", "cancelled"]
    assert said["statuses"][4]["label"] == {"it": f"Sospeso {EVIL}"}
    assert said["statuses"][0]["label"]["en"] == "OURS"
    assert [one["key"] for one in said["departments"]] == ["crm", "site"]
    assert [line for line in LIVE.splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]
    assert set(LIVE.splitlines()) - set(text.splitlines()) == {
        'key = "quotes"', 'label = { it = "Preventivi", en = "Quotes" }',
        'label = { it = "IN ATTESA RISPOSTA MR DOC", en = "WAITING FOR MR DOC" }',
    }  # fmt: skip


def test_what_is_wrong_stands_at_its_row_and_leads_there(open_file: OpenFile) -> None:
    page = open_file("package.toml")
    fields = page.get_by_role("region", name="Campi dei ticket", exact=True)
    row = fields.locator("[data-row]").nth(2)
    row.get_by_label("Tipo").select_option("uno di un elenco")
    expect(row.locator("[data-wrong]").first).to_be_visible()
    page.locator("[data-problems] summary").click()
    page.locator("[data-problems-list]").get_by_role("button", name="fields[2].choices").click()
    expect(row.get_by_role("button", name="Un'altra risposta")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Molti")
    expect(fields.locator("[data-look-place]")).to_contain_text("Molti")
    text = kept(page, "package.toml", lambda text: "molti" in text)
    assert tomllib.loads(text)["fields"][2]["choices"] == [{"key": "molti", "label": {"it": "Molti"}}]
    expect(row.locator(":scope > [data-wrong]")).to_be_hidden()


@pytest.mark.parametrize(("width", "dark"), [(WIDE, False), (NARROW, True)])
def test_a_mail_is_seen_as_it_will_look(open_file: OpenFile, width: int, dark: bool) -> None:
    page = open_file("mail/quote.txt", width=width, dark=dark)
    look = page.frame_locator("[data-mail-look]")
    page.get_by_label("Oggetto").fill("Ecco {{ ticket.number }}")
    page.locator("[data-mail-text]").press("Control+Home")
    page.get_by_text("Nomi che vi si possono usare").click()
    page.get_by_role("button", name="recipient.name").click()
    expect(look.get_by_role("heading")).to_contain_text("Ecco MR-")
    expect(look.locator("pre")).to_contain_text("Ada EsempioGentile Ada Esempio")
    text = kept(
        page,
        "mail/quote.txt",
        lambda text: text.startswith("Subject: Ecco {{ ticket.number }}\n\n{{ recipient.name }}"),
    )
    live = (ROOT / "workflows" / "mrdoc" / "mail" / "quote.txt").read_text()
    assert text.partition("\n")[2] == live.partition("\n")[2].replace("Gentile", "{{ recipient.name }}Gentile", 1)
    assert violations(page) == []
    page.locator("[data-mail-text]").fill("{{ ticket.nowhere }}")
    expect(look.locator("li")).to_contain_text("nowhere")
    page.goto("/processes/mrdoc/draft/files/package.toml")
    page.wait_for_selector("[data-ready]")
    assert violations(page) == []
    assert not scrolls_sideways(page)
