// Two states of one diagram: what was added, changed, moved or removed is marked on whichever of them is drawn.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const MARGIN = 0.93;

export class Difference {
  /** @param {{before: string, after: string, changes: {id: string, kind: string, words: string[]}[]}} given */
  constructor(place, given) {
    this.place = place;
    this.given = given;
    this.canvas = place.querySelector("[data-difference-canvas]");
  }

  async begin() {
    for (const button of this.place.querySelectorAll("[data-drawn]")) button.addEventListener("click", () => this.show(button.dataset.drawn));
    await this.show("after");
    this.place.dataset.ready = "yes";
  }

  async show(which) {
    for (const button of this.place.querySelectorAll("[data-drawn]")) button.setAttribute("aria-pressed", String(button.dataset.drawn === which));
    this.viewer?.destroy();
    const viewer = (this.viewer = new NavigatedViewer({
      container: this.canvas,
      bpmnRenderer: { defaultFillColor: "var(--drawn-ground)", defaultStrokeColor: "var(--drawn-ink)", defaultLabelColor: "var(--drawn-ink)" },
      textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } },
    }));
    try {
      await viewer.importXML(this.given[which]);
    } catch {
      this.place.hidden = true; // it stands below in words
      return;
    }
    const canvas = viewer.get("canvas");
    for (const { id, kind } of this.given.changes) if (viewer.get("elementRegistry").get(id)) canvas.addMarker(id, `is-${kind}`);
    canvas.zoom("fit-viewport", "auto");
    canvas.zoom(Math.min(1, canvas.zoom() * MARGIN), "auto");
  }
}
