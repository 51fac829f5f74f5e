// One section with diagrams: shows a sheet of the instance, marks it, and lets one move about in it.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import { mark } from "./marks.js";
import { installMoves } from "./moves.js";
import { translate } from "./words.js";

/** What of the room a whole diagram takes. */
const MARGIN = 0.93;
/** At this size and larger names can be read. */
const READABLE = 0.6;

export class Drawn {
  /** @param {HTMLElement} section what components/diagram.html makes */
  constructor(section) {
    this.section = section;
    this.frame = section.querySelector("[data-diagram-frame]");
    this.canvas = section.querySelector("[data-diagram-canvas]");
    this.note = section.querySelector("[data-diagram-note]");
    this.sheets = new Map();
  }

  async begin() {
    const answer = await fetch(this.section.dataset.diagram, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new TypeError(`${answer.status}`);
    for (const sheet of (await answer.json()).sheets) this.sheets.set(sheet.key, sheet);
    this.makeTabs();
    for (const tab of this.tabs) tab.addEventListener("click", () => this.show(tab.dataset.diagramSheet));
    installMoves(this);
    await this.show(this.section.dataset.sheet);
  }

  /** Where the page couldn't say beforehand which diagrams there are. */
  makeTabs() {
    const place = this.section.querySelector("[data-diagram-made-tabs]");
    place?.replaceChildren(...[...this.sheets.values()].map((sheet) => {
      const tab = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: sheet.name });
      tab.dataset.diagramSheet = sheet.key;
      return tab;
    }));
  }

  get tabs() {
    return this.section.querySelectorAll("[data-diagram-sheet]");
  }

  /** Draws one of the sheets. */
  async show(key) {
    const sheet = this.sheets.get(key) ?? this.sheets.values().next().value;
    this.makeTabs();
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.diagramSheet === sheet.key));
    this.sheet = sheet;
    this.say(null);
    const drawing = await (await fetch(sheet.drawing)).text();
    if (this.sheet !== sheet) return; // another one was asked for meanwhile
    this.viewer?.destroy();
    this.canvas.replaceChildren();
    const viewer = (this.viewer = new NavigatedViewer({
      container: this.canvas,
      bpmnRenderer: {
        defaultFillColor: "var(--drawn-ground)",
        defaultStrokeColor: "var(--drawn-ink)",
        defaultLabelColor: "var(--drawn-ink)",
      },
      textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } },
    }));
    viewer.on("import.parse.complete", ({ elementsById }) => translate(elementsById, sheet.words));
    try {
      await viewer.importXML(drawing);
    } catch {
      return this.undrawn();
    }
    const drawn = viewer.get("canvas");
    this.label(drawn);
    mark(this, viewer, sheet);
    this.fit();
    this.here(true);
    this.section.dataset.drawn = sheet.key;
  }

  /** Says to screen readers what the drawing is, and that keys move it. */
  label(canvas) {
    const drawing = canvas.getContainer().querySelector(":scope > svg");
    drawing.setAttribute("role", "application");
    drawing.setAttribute("aria-label", this.section.getAttribute("aria-label"));
  }

  undrawn() {
    this.viewer.destroy();
    this.viewer = null;
    const told = document.createElement("p");
    told.className = "diagram-waiting text-secondary";
    told.textContent = this.section.dataset.undrawn;
    this.canvas.replaceChildren(told);
    this.section.querySelector(".diagram-words").open = true;
  }

  /** The whole diagram, never larger than it was drawn. */
  fit() {
    const canvas = this.viewer.get("canvas");
    canvas.resized();
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(Math.min(1, canvas.zoom() * MARGIN), "auto");
  }

  /** Goes where it stands; `gently`: only if the whole diagram is too small to be read. */
  here(gently = false) {
    const canvas = this.viewer.get("canvas");
    const places = [...(this.sheet.stuck ?? []), ...(this.sheet.stands ?? [])].map((place) => place.element);
    const shape = places.map((id) => this.viewer.get("elementRegistry").get(id)).find(Boolean) ?? this.first();
    if (!shape || (gently && canvas.zoom() >= READABLE)) return;
    canvas.zoom(Math.max(canvas.zoom(), READABLE + 0.15));
    const view = canvas.viewbox();
    const middle = { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
    canvas.viewbox({ x: middle.x - view.width / 2, y: middle.y - view.height / 2, width: view.width, height: view.height });
  }

  /** Where a diagram begins, for one in which nothing stands. */
  first() {
    return this.viewer.get("elementRegistry").find((element) => element.type === "bpmn:StartEvent");
  }

  /** Shows what is known of an element; null: nothing. */
  say(told) {
    this.note.hidden = !told;
    if (!told) return;
    const title = document.createElement("strong");
    title.textContent = told.label;
    const lines = told.lines.map((text) => {
      const line = document.createElement("div");
      line.textContent = text;
      return line;
    });
    this.note.replaceChildren(title, ...lines);
  }
}
