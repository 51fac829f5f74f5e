"""A process owner's hands in the modeler: what is chosen, written, kept."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

OPEN_ITS_SECTION = """field => field.closest(".bio-properties-panel-group")
  .querySelector(".bio-properties-panel-group-header").click()"""


def ready(page: Page) -> None:
    expect(page.locator("[data-modeler][data-ready]")).to_be_visible()


def choose(page: Page, element: str) -> None:
    """Selects a shape; another click would select nothing."""
    shape = page.locator(f"g.djs-element[data-element-id='{element}']").first
    if "selected" not in (shape.get_attribute("class") or ""):
        shape.locator("> .djs-visual").click(force=True)


def field(page: Page, entry: str) -> Locator:
    """A field of the panel, its section opened."""
    found = page.locator(f"[data-entry-id='{entry}'] :is(input, textarea, select)").first
    if not found.is_visible():
        found.evaluate(OPEN_ITS_SECTION)
    return found


def write(page: Page, entry: str, value: str) -> None:
    """Writes or picks a value."""
    place = field(page, entry)
    if place.evaluate("one => one.tagName") == "SELECT":
        place.select_option(value)
    else:
        place.fill(value)


def kept(page: Page) -> None:
    expect(page.locator("[data-draft-state='kept']")).to_be_visible()
