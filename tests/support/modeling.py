"""A process owner's hands in the modeler: what is chosen, written, kept."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

#: the section that a field stands in, and what is folded inside of it
OPEN_ITS_SECTION = """field => {
  for (const part of ["group", "collapsible-entry"])
    field.closest(`.bio-properties-panel-${part}`)?.querySelector(`.bio-properties-panel-${part}-header`).click();
}"""
#: where one clicks at an element: in the middle, of a flow's line on its way
POINT = """visual => {
  const line = visual.querySelector(":scope > path");
  if (!line || visual.closest(".djs-shape")) return null;
  const at = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
  return [at.x, at.y];
}"""


def ready(page: Page) -> None:
    expect(page.locator("[data-modeler][data-ready]")).to_be_visible()


def choose(page: Page, element: str) -> None:
    """Selects a shape; another click would select nothing."""
    shape = page.locator(f"g.djs-element[data-element-id='{element}']").first
    if "selected" not in (shape.get_attribute("class") or ""):
        visual = shape.locator("> .djs-visual")
        if point := visual.evaluate(POINT):
            page.mouse.click(*point)
        else:
            visual.click(force=True)


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
        place.blur()  # else it counts a moment later


def save(page: Page) -> None:
    """By the keys, as whoever doesn't wait until it is kept by itself."""
    page.keyboard.press("Control+s")
    kept(page)


def kept(page: Page) -> None:
    expect(page.locator("[data-draft-state='kept']")).to_be_visible()
